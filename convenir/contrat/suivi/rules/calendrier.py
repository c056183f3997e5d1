"""Calendar of the obligations of a convention for a year: what is due, from whom, before when, by which text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Qui(StrEnum):
    """Who owes it."""

    STRUCTURE = "structure"
    ETAT = "etat"


@dataclass(frozen=True)
class Obligation:
    """Something due. `date` None: the text sets none, the service does (`a_fixer`)."""

    code: str
    libelle: str
    qui: Qui
    date: date | None
    texte: str
    a_confirmer: str = ""

    @property
    def a_fixer(self) -> bool:
        """Whether no date is known."""
        return self.date is None


@dataclass(frozen=True)
class Regles:
    """Dated parameters of the year, as month and day; None where no text was found."""

    bilan: tuple[int, int] | None
    continuite: tuple[int, int] | None
    reprise: tuple[int, int] | None


def obligations(
    annee: int, debut: date, fin: date, regles: Regles, *, bilan_fixe_au: date | None = None, est_siae: bool = True
) -> list[Obligation]:
    """Return what is due in a calendar year for a convention, in the order of the dates; what has none comes last.

    Args:
        debut: first day of the convention.
        fin: day after its last.
        bilan_fixe_au: the date the service set for the bilan of the year before, if it did.
    """
    dues = []
    dernier = fin - timedelta(days=1)
    if debut.year < annee <= dernier.year + 1:
        le = bilan_fixe_au or (date(annee, *regles.bilan) if regles.bilan else None)
        dues.append(
            Obligation(
                "bilan",
                f"Bilan d'activité {annee - 1}",
                Qui.STRUCTURE,
                le,
                "R. 5132-3, R. 5132-13, R. 5132-29",
                "" if le else "aucun texte ne fixe de date ; le service la fixe",
            )
        )
    if est_siae and debut.year < annee and date(annee, 1, 1) < fin:
        if regles.continuite:
            dues.append(
                Obligation(
                    "avenant",
                    f"Avenant {annee} signé, à défaut les versements sont suspendus",
                    Qui.ETAT,
                    date(annee, *regles.continuite),
                    "R. 5132-3-1, R. 5132-29-1",
                )
            )
        if regles.reprise:
            dues.append(Obligation("reprise", f"Avenant {annee} signé, à défaut l'aide de l'année est réclamée",
                                   Qui.ETAT, date(annee, *regles.reprise), "R. 5132-3-1, R. 5132-29-1"))  # fmt: skip
    if debut.year <= annee and fin > date(annee + 1, 1, 1):
        dues.append(Obligation("demande", f"Demande de postes pour {annee + 1}", Qui.STRUCTURE, date(annee, 12, 31),
                               "au plus tard au quatrième trimestre (ASH n° 2914)"))  # fmt: skip
    if dernier.year == annee:
        dues.append(Obligation("renouvellement", "Demande de renouvellement de la convention", Qui.STRUCTURE,
                               date(annee, 12, 31), "R. 5132-3 : même procédure que la première demande"))  # fmt: skip
    return sorted(dues, key=lambda o: (o.date is None, o.date or date.max, o.code))
