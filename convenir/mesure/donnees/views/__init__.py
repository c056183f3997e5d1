"""Pages of the deliveries."""

from convenir.mesure.donnees.views.actes import abandonner, appliquer, oublier, remettre
from convenir.mesure.donnees.views.corrections import corriger_annexe, corriger_structure, lever
from convenir.mesure.donnees.views.correspondances import choisir, correspondance, exporter, relancer, relier
from convenir.mesure.donnees.views.correspondances_nommees import (
    correspondance_nommee,
    correspondances,
    exporter_nommee,
    supprimer_correspondance,
)
from convenir.mesure.donnees.views.depot import deposer
from convenir.mesure.donnees.views.detail import livraison, quarantaine
from convenir.mesure.donnees.views.format import format_ml, schema
from convenir.mesure.donnees.views.liste import livraisons

__all__ = [
    "abandonner",
    "appliquer",
    "choisir",
    "correspondance",
    "correspondance_nommee",
    "correspondances",
    "corriger_annexe",
    "corriger_structure",
    "deposer",
    "exporter",
    "exporter_nommee",
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
    "supprimer_correspondance",
]
