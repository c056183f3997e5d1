"""Acts on the deliveries. Views, API and commands all call these."""

from convenir.mesure.donnees.actions.corrections import corriger, lever
from convenir.mesure.donnees.actions.correspondances import (
    choisir,
    de_la_livraison,
    enregistrer,
    relancer,
    relier,
    renommer,
    supprimer,
)
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
from convenir.mesure.donnees.actions.oubli import calculer_et_oublier, demander_le_calcul

__all__ = [
    "abandonner",
    "appliquer",
    "appliquer_depot",
    "calculer_et_oublier",
    "choisir",
    "controler_depot",
    "corriger",
    "de_la_livraison",
    "demander_application",
    "demander_le_calcul",
    "deposer",
    "enregistrer",
    "essayer",
    "lever",
    "nettoyer",
    "relancer",
    "relier",
    "remettre_en_vigueur",
    "renommer",
    "supprimer",
]
