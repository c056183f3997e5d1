"""Engines that run one SQL tree: DuckDB on this machine, Spark on several. `docs/moteurs.md`."""

from convenir.mesure.indicateurs.moteurs.commun import (
    MOTEURS,
    Annulation,
    CalculAnnule,
    Moteur,
    MoteurInterrompu,
    Requete,
    ValeurIllisible,
    ouvrir_moteur,
)

__all__ = [
    "MOTEURS",
    "Annulation",
    "CalculAnnule",
    "Moteur",
    "MoteurInterrompu",
    "Requete",
    "ValeurIllisible",
    "ouvrir_moteur",
]
