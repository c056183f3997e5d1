"""Indicators: the catalogue, its compiler, frozen snapshots and the values pages read."""

from django.apps import AppConfig


class IndicateursConfig(AppConfig):
    name = "convenir.mesure.indicateurs"
    label = "indicateurs"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        """Recompute after each applied delivery."""
        from convenir.mesure.donnees.signals import livraison_appliquee
        from convenir.mesure.indicateurs import tasks

        livraison_appliquee.connect(tasks.a_la_livraison, dispatch_uid="indicateurs.recalculer")
