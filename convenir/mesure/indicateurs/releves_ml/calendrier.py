"""The months of a year as bits, the periods that are printed, the windows that end with each month. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# Rank of the month of a day of another year: in no counter.
HORS = 99


@dataclass(frozen=True)
class AnneeMl:
    """A year and how many of its months are computed.

    Attributes:
        annee: calendar year.
        mois: closed months, from 1 to 12; later events are left out.
    """

    annee: int
    mois: int = 12

    @property
    def debut(self) -> date:
        """First day of the year."""
        return date(self.annee, 1, 1)

    @property
    def fin(self) -> date:
        """Last day of the last closed month."""
        return self.fins[-1]

    @property
    def fins(self) -> list[date]:
        """Last day of each closed month."""
        return [date(self.annee, m, monthrange(self.annee, m)[1]) for m in range(1, self.mois + 1)]


@dataclass(frozen=True)
class PeriodeMl:
    """A printed period: its code, the bits of its months, how it is counted."""

    genre: str
    code: str
    masque: int


def periodes(annee: AnneeMl) -> Iterator[PeriodeMl]:
    """Yield the year, the closed quarters and months, the months since January, and the stocks at month ends."""
    a, n = annee.annee, annee.mois
    yield PeriodeMl("annee", str(a), (1 << n) - 1)
    for t in range(n // 3):
        yield PeriodeMl("trimestre", f"{a}-T{t + 1}", 7 << (3 * t))
    for m, fin in enumerate(annee.fins):
        yield PeriodeMl("mois", f"{a}-{m + 1:02d}", 1 << m)
        yield PeriodeMl("cumul", f"{a}-{m + 1:02d}-cumul", (2 << m) - 1)
        yield PeriodeMl("stock", fin.isoformat(), 1 << m)


def moins_mois(jour: date, mois: int) -> date:
    """Return the same day some months before, or the last day of that month when it has no such day."""
    rang = jour.year * 12 + jour.month - 1 - mois
    annee, m = divmod(rang, 12)
    return date(annee, m + 1, min(jour.day, monthrange(annee, m + 1)[1]))


def masque_des_fenetres(jour: date, annee: AnneeMl, mois: int) -> int:
    """Return the bits of the month ends d such that the day is in (d − mois, d]."""
    return sum(1 << k for k, d in enumerate(annee.fins) if moins_mois(d, mois) < jour <= d)


def jours(annee: AnneeMl, *fenetres: int) -> Iterator[tuple[date, int, int, int, int]]:
    """Yield each day that a window reaches: bit of its month, rank of its month, mask of each of two windows."""
    premiere, seconde = fenetres
    jour = moins_mois(annee.fins[0], max(fenetres))
    while jour <= annee.fin:
        dedans = jour.year == annee.annee
        yield (
            jour, 1 << (jour.month - 1) if dedans else 0, jour.month - 1 if dedans else HORS,
            masque_des_fenetres(jour, annee, premiere), masque_des_fenetres(jour, annee, seconde),
        )  # fmt: skip
        jour += timedelta(days=1)
