"""The public archives application."""

from django.apps import AppConfig


class ArchivesConfig(AppConfig):
    name = "convenir.socle.archives"
    label = "archives"
    verbose_name = "Archives publiques"
    default_auto_field = "django.db.models.BigAutoField"
