"""Terms that apply on a day, from the signed versions of a convention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from convenir.contrat.conventions.rules.termes import Changement, Termes, appliquer, differences


@dataclass(frozen=True)
class VersionDatee:
    """A signed version: its rank, the day it takes effect, its terms."""

    rang: int
    effet: date
    termes: Termes


def version_au(versions: Sequence[VersionDatee], jour: date) -> VersionDatee | None:
    """Return the signed version whose terms apply on a day: the last one by rank that has taken effect, or None."""
    en_effet = [v for v in versions if v.effet <= jour]
    return max(en_effet, key=lambda v: v.rang, default=None)


def chaine(versions: Sequence[VersionDatee]) -> list[tuple[VersionDatee, tuple[Changement, ...]]]:
    """Return each version with what it changes in the one before it, in the order of their ranks."""
    ordonnees = sorted(versions, key=lambda v: v.rang)
    avant = [Termes(), *(v.termes for v in ordonnees[:-1])]
    return [(v, differences(a, v.termes)) for a, v in zip(avant, ordonnees, strict=True)]


def rejouer(versions: Sequence[VersionDatee], jour: date) -> Termes | None:
    """Replay the differences up to the version in effect on a day; equals the terms of `version_au`."""
    derniere = version_au(versions, jour)
    if derniere is None:
        return None
    gardees = [changements for v, changements in chaine(versions) if v.rang <= derniere.rang]
    return reduce(appliquer, gardees, Termes())
