"""Acts on the deliveries. Views, API and commands all call these."""

from convenir.mesure.donnees.actions.corrections import corriger, lever
from convenir.mesure.donnees.actions.depots import (
    abandonner,
    appliquer_depot,
    controler_depot,
    demander_application,
    deposer,
    remettre_en_vigueur,
)
from convenir.mesure.donnees.actions.imports import appliquer, essayer
from convenir.mesure.donnees.actions.nettoyage import nettoyer

__all__ = [
    "abandonner",
    "appliquer",
    "appliquer_depot",
    "controler_depot",
    "corriger",
    "demander_application",
    "deposer",
    "essayer",
    "lever",
    "nettoyer",
    "remettre_en_vigueur",
]
