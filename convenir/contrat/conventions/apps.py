"""The conventions application."""

from django.apps import AppConfig


class ConventionsConfig(AppConfig):
    name = "convenir.contrat.conventions"
    label = "conventions"
    verbose_name = "Conventions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the guards that come from the texts, and what follows an act."""
        from convenir.contrat.conventions import gardes_des_textes, reactions, temps  # noqa: F401
        from convenir.contrat.conventions.actions import lots_en_fond, reprises_en_masse  # noqa: F401
        from convenir.contrat.conventions.documents import produits  # noqa: F401
        from convenir.contrat.conventions.queries import archives  # noqa: F401
