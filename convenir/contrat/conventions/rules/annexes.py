"""What the annexe of an avenant that takes effect within a year may say for the whole year. Pure.

No text read says how the extranet takes such an avenant. In the public extract of the ASP, each modification of an
annexe (M1, M2…) covers the whole calendar year with other posts; an annexe of eight months was itself replaced by one
of twelve. Convenir therefore offers both writings and never chooses: the months left with the new posts, or the whole
year with the mean of the posts weighted by the months.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from convenir.socle.commun.montants import arrondir


def mois_avant(effet: date) -> int | None:
    """Return how many whole months of the year precede an effect; None when it is not the first day of a month."""
    return effet.month - 1 if effet.day == 1 else None


def postes_de_l_annee(avant: Decimal, apres: Decimal, mois: int) -> Decimal:
    """Return the posts of the year, in ETP with two decimals: `avant` for `mois` months, `apres` for the others.

    Raises:
        ValueError: `mois` is not between 1 and 11: there is nothing to weigh.
    """
    if not 1 <= mois <= 11:
        raise ValueError("Une moyenne de l'année pèse entre un et onze mois.")
    return arrondir((avant * mois + apres * (12 - mois)) / 12)
