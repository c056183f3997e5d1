"""The files application."""

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "convenir.contrat.dossiers"
    label = "dossiers"
    verbose_name = "Dossiers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare what the moves of a convention ask of its file, and what they entail for it."""
        from convenir.contrat.dossiers import archives, gardes, lettres, propositions, signals, temps  # noqa: F401
