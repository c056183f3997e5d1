"""How long a convention lasts, and what the texts ask for it (instruction DGEFP 2014-2, point 2; R. 5132-3)."""

from __future__ import annotations

from datetime import date

from convenir.socle.commun.periodes import Periode, ajouter_mois


def depasse(periode: Periode, annees: int) -> bool:
    """Tell whether a period is longer than a number of years."""
    return periode.fin is None or periode.fin > ajouter_mois(periode.debut, 12 * annees)


def est_d_un_an_au_plus(periode: Periode) -> bool:
    """Tell whether a period lasts one year or less."""
    return not depasse(periode, 1)


def suit_l_annee_civile(periode: Periode) -> bool:
    """Tell whether a period is made of whole calendar years."""
    return (
        periode.fin is not None
        and (periode.debut.month, periode.debut.day) == (1, 1)
        and (periode.fin.month, periode.fin.day) == (1, 1)
    )


def jour_de_l_annee(annee: int, mois_jour: str) -> date:
    """Return the day `05-31` of a year."""
    mois, jour = mois_jour.split("-")
    return date(annee, int(mois), int(jour))


def dans_l_exception_2014(debut: date, categorie: str, limite: date) -> bool:
    """Tell whether a renewal is one of those of 2014: EI and ETTI from the start of the year, AI and ACI in the first
    half, for the switch of 1 July; `limite` is the last start admitted for the category."""
    return debut.year == 2014 and categorie in {"EI", "ETTI", "AI", "ACI"} and debut <= limite
