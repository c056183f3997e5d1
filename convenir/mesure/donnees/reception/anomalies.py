"""What is wrong in a delivery, said to the person who sent it; never a value that names someone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from convenir.socle.commun.erreurs import EntreeInvalide

MASQUE = "(masqué)"


class Gravite(StrEnum):
    """What an anomaly does: refuse the whole delivery, set the line aside, or only warn (décisions, § 3)."""

    REFUS = "refus"
    QUARANTAINE = "quarantaine"
    AVERTISSEMENT = "avertissement"


@dataclass(frozen=True)
class Anomalie:
    """One thing found wrong. `ligne` is a line of the file as received (1 = first), None for the whole file."""

    fichier: str
    message: str
    gravite: Gravite
    ligne: int | None = None
    colonne: str = ""
    valeur: str = ""

    def __str__(self) -> str:
        lieu = [self.fichier] if self.fichier else []
        if self.ligne is not None:
            lieu.append(f"ligne {self.ligne}")
        if self.colonne:
            lieu.append(f"colonne {self.colonne}")
        return f"{', '.join(lieu)} : {self.message}" if lieu else self.message


class LivraisonRefusee(EntreeInvalide):
    """The delivery is refused whole; `anomalies` says everything found, refusals first in the message."""

    def __init__(self, anomalies: Iterable[Anomalie]) -> None:
        self.anomalies = list(anomalies)
        super().__init__(" ".join(str(a) for a in self.anomalies if a.gravite is Gravite.REFUS))


def refus(fichier: str, message: str, *, ligne: int | None = None, colonne: str = "") -> LivraisonRefusee:
    """Build the refusal of a delivery for one reason."""
    return LivraisonRefusee([Anomalie(fichier, message, Gravite.REFUS, ligne, colonne)])
