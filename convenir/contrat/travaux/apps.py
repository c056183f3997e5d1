"""The register of works."""

from django.apps import AppConfig


class TravauxConfig(AppConfig):
    name = "convenir.contrat.travaux"
    label = "travaux"
    verbose_name = "Travaux des missions locales"
    default_auto_field = "django.db.models.BigAutoField"
