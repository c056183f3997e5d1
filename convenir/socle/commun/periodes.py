"""Half-open calendar periods `[debut, fin[` and their months."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

PREMIERE_ANNEE, DERNIERE_ANNEE = 1900, 2200


@dataclass(frozen=True, order=True)
class Mois:
    """A calendar month."""

    annee: int
    mois: int

    def __post_init__(self) -> None:
        """Refuse a month outside 1 to 12."""
        if not 1 <= self.mois <= 12:
            raise ValueError(f"Le mois {self.mois} n'existe pas.")

    @classmethod
    def de(cls, jour: date) -> Mois:
        """Return the month of a day."""
        return cls(jour.year, jour.month)

    def plus(self, nombre: int) -> Mois:
        """Return the month `nombre` months later (earlier if negative)."""
        rang = self.annee * 12 + self.mois - 1 + nombre
        return Mois(rang // 12, rang % 12 + 1)

    @property
    def debut(self) -> date:
        """First day of the month."""
        return date(self.annee, self.mois, 1)

    @property
    def fin(self) -> date:
        """First day after the month."""
        return self.plus(1).debut

    def __str__(self) -> str:
        return f"{self.annee:04d}-{self.mois:02d}"


@dataclass(frozen=True)
class Periode:
    """Half-open period: `debut` is in, `fin` is out; `fin=None` never ends."""

    debut: date
    fin: date | None = None

    def __post_init__(self) -> None:
        """Refuse an empty or reversed period."""
        if self.fin is not None and self.fin <= self.debut:
            raise ValueError(f"La période finit ({self.fin}) avant de commencer ({self.debut}).")

    @classmethod
    def inclusive(cls, premier: date, dernier: date) -> Periode:
        """Build from the first and last days, both in, as the texts and the ASP write them."""
        return cls(premier, dernier + timedelta(days=1))

    @classmethod
    def annee(cls, annee: int) -> Periode:
        """Return the calendar year."""
        return cls(date(annee, 1, 1), date(annee + 1, 1, 1))

    @property
    def dernier_jour(self) -> date | None:
        """Last day in the period, or None if it never ends."""
        return None if self.fin is None else self.fin - timedelta(days=1)

    def contient(self, jour: date) -> bool:
        """Tell whether a day is in the period."""
        return self.debut <= jour and (self.fin is None or jour < self.fin)

    def intersection(self, autre: Periode) -> Periode | None:
        """Return the days common to both periods, or None."""
        debut = max(self.debut, autre.debut)
        fins = [f for f in (self.fin, autre.fin) if f is not None]
        fin = min(fins) if fins else None
        return None if fin is not None and fin <= debut else Periode(debut, fin)

    def mois(self) -> Iterator[Mois]:
        """Yield every month touched by the period.

        Raises:
            ValueError: if the period never ends.
        """
        if self.fin is None:
            raise ValueError("Une période sans fin n'a pas de liste de mois.")
        courant, dernier = Mois.de(self.debut), Mois.de(self.fin - timedelta(days=1))
        while courant <= dernier:
            yield courant
            courant = courant.plus(1)

    @property
    def nombre_de_mois(self) -> int:
        """Months touched: month difference plus one, the ASP's duration of an annexe."""
        return sum(1 for _ in self.mois())


def lire_annee(texte: str) -> int | None:
    """Read a year as an address or a form gives it: four digits of the calendar, else None."""
    if not (texte.isascii() and texte.isdecimal() and len(texte) == 4):
        return None
    annee = int(texte)
    return annee if PREMIERE_ANNEE <= annee <= DERNIERE_ANNEE else None


def ajouter_mois(jour: date, nombre: int) -> date:
    """Return the same day `nombre` months later, or the last day of that month if it is shorter."""
    cible = Mois.de(jour).plus(nombre)
    dernier = (cible.fin - timedelta(days=1)).day
    return cible.debut.replace(day=min(jour.day, dernier))
