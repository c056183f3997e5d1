"""The tasks application."""

from django.apps import AppConfig


class TachesConfig(AppConfig):
    name = "convenir.socle.taches"
    label = "taches"
    verbose_name = "Tâches"
    default_auto_field = "django.db.models.BigAutoField"
