"""The follow-up application."""

from django.apps import AppConfig


class SuiviConfig(AppConfig):
    name = "convenir.contrat.suivi"
    label = "suivi"
    verbose_name = "Suivi des conventions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to signatures, deliveries, calculations and days; offer documents, archives and the take-over."""
        from convenir.contrat.suivi import annexe, archives, ecrits, lettres, reactions, temps  # noqa: F401
        from convenir.contrat.suivi.actions import reprises  # noqa: F401
