"""Indicators: the catalogue, its compiler, frozen snapshots and the values pages read."""

from django.apps import AppConfig


class IndicateursConfig(AppConfig):
    name = "convenir.mesure.indicateurs"
    label = "indicateurs"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        """Recompute after each applied delivery and each change of the law."""
        from convenir.mesure.donnees import moteur_ml as attendu
        from convenir.mesure.donnees.signals import livraison_appliquee, livraison_ml_appliquee
        from convenir.mesure.indicateurs import moteur_ml, tasks
        from convenir.socle.reglementation.signals import droit_modifie

        attendu.declarer(moteur_ml.MOTEUR)
        livraison_appliquee.connect(tasks.a_la_livraison, dispatch_uid="indicateurs.recalculer")
        livraison_ml_appliquee.connect(tasks.a_la_livraison_ml, dispatch_uid="indicateurs.recalculer.ml")
        droit_modifie.connect(tasks.au_changement_du_droit, dispatch_uid="indicateurs.recalculer.droit")
