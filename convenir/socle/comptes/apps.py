"""The accounts application."""

from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "convenir.socle.comptes"
    label = "comptes"
    verbose_name = "Comptes et droits"
    default_auto_field = "django.db.models.BigAutoField"
