"""Reception of a delivery: containers, decoding, pseudonyms, structural checks, conserved copy."""

from __future__ import annotations

from convenir.mesure.donnees.reception.anomalies import MASQUE, Anomalie, Gravite, LivraisonRefusee
from convenir.mesure.donnees.reception.copie import LIGNE, NOM_COPIE
from convenir.mesure.donnees.reception.reception import (
    ColonneDecrite,
    FichierReceptionne,
    Progression,
    Reception,
    VueDecrite,
    receptionner,
)

__all__ = [
    "LIGNE",
    "MASQUE",
    "NOM_COPIE",
    "Anomalie",
    "ColonneDecrite",
    "FichierReceptionne",
    "Gravite",
    "LivraisonRefusee",
    "Progression",
    "Reception",
    "VueDecrite",
    "receptionner",
]
