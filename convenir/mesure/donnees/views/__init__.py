"""Pages of the deliveries."""

from convenir.mesure.donnees.views.actes import abandonner, appliquer, remettre
from convenir.mesure.donnees.views.corrections import corriger_annexe, corriger_structure, lever
from convenir.mesure.donnees.views.depot import deposer
from convenir.mesure.donnees.views.detail import livraison, quarantaine
from convenir.mesure.donnees.views.liste import livraisons

__all__ = [
    "abandonner",
    "appliquer",
    "corriger_annexe",
    "corriger_structure",
    "deposer",
    "lever",
    "livraison",
    "livraisons",
    "quarantaine",
    "remettre",
]
