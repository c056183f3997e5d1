"""The objectives application."""

from django.apps import AppConfig


class ObjectifsConfig(AppConfig):
    name = "convenir.contrat.objectifs"
    label = "objectifs"
    verbose_name = "Objectifs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the guard of the conventions and the kind of document."""
        from convenir.contrat.objectifs import documents, gardes  # noqa: F401
