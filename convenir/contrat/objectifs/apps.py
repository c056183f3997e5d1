"""The objectives application."""

from django.apps import AppConfig


class ObjectifsConfig(AppConfig):
    name = "convenir.contrat.objectifs"
    label = "objectifs"
    verbose_name = "Objectifs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Declare the guards of the conventions, the kind of document, the rates and the objectives agreed."""
        from convenir.contrat.conventions.actions.avenants import fournir_les_taux
        from convenir.contrat.objectifs import annexe, documents, gardes  # noqa: F401
        from convenir.contrat.objectifs.queries import taux_de_l_annee

        fournir_les_taux(taux_de_l_annee)
