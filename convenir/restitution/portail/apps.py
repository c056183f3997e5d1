"""The portal: layout, home page by role, lists, error pages."""

from django.apps import AppConfig


class PortailConfig(AppConfig):
    name = "convenir.restitution.portail"
    label = "portail"
    verbose_name = "Portail"

    def ready(self) -> None:
        """Bring « À faire » up to date after each calculation and each delivery."""
        from convenir.mesure.donnees.signals import livraison_appliquee
        from convenir.mesure.indicateurs.signals import instantane_calcule
        from convenir.restitution.portail import taches

        instantane_calcule.connect(taches.apres_un_calcul, dispatch_uid="portail.taches.calcul")
        livraison_appliquee.connect(taches.apres_une_livraison, dispatch_uid="portail.taches.livraison")
