"""Deliveries, mappings of columns, and what was read of them."""

from convenir.mesure.donnees.models.correspondances import CorrespondanceDeSource
from convenir.mesure.donnees.models.livraisons import (
    SOURCES_ML,
    AnnexeLue,
    ConventionLue,
    Correction,
    DepartementCouvert,
    FichierRecu,
    Livraison,
    Source,
)

__all__ = [
    "SOURCES_ML",
    "AnnexeLue",
    "ConventionLue",
    "Correction",
    "CorrespondanceDeSource",
    "DepartementCouvert",
    "FichierRecu",
    "Livraison",
    "Source",
]
