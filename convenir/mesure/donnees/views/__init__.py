"""Pages of the deliveries."""

from convenir.mesure.donnees.views.actes import abandonner, appliquer, oublier, remettre
from convenir.mesure.donnees.views.corrections import corriger_annexe, corriger_structure, lever
from convenir.mesure.donnees.views.correspondances import correspondance, exporter, relancer, relier
from convenir.mesure.donnees.views.depot import deposer
from convenir.mesure.donnees.views.detail import livraison, quarantaine
from convenir.mesure.donnees.views.format import format_ml, schema
from convenir.mesure.donnees.views.liste import livraisons

__all__ = [
    "abandonner",
    "appliquer",
    "correspondance",
    "corriger_annexe",
    "corriger_structure",
    "deposer",
    "exporter",
    "format_ml",
    "lever",
    "livraison",
    "livraisons",
    "oublier",
    "quarantaine",
    "relancer",
    "relier",
    "remettre",
    "schema",
]
