"""What the law gives to a calculation: read at the date of the period, injected as values, kept with the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

CATEGORIES = ("ACI", "AI", "EI", "EITI", "ETTI")
INFINI = date(9999, 12, 31)


@dataclass(frozen=True)
class ParametresCategorie:
    """Rules of one category.

    Attributes:
        heures_etp: hours of one annual ETP, when the annexe does not say; None before the category existed.
        duree_min_mois: the stay must be strictly longer, in calendar months; None = no minimum.
        heures_min_annee: hours in the exit year, at least; None = no minimum.
        heures_min_cumul: hours in the SIAE since entry, at least; None = no minimum.
    """

    heures_etp: Decimal | None
    duree_min_mois: int | None = None
    heures_min_annee: Decimal | None = None
    heures_min_cumul: Decimal | None = None


@dataclass(frozen=True)
class Motif:
    """An exit reason and its category: durable, transition, positive, autre, retrait or inconnu."""

    code: str
    libelle: str
    categorie: str


@dataclass(frozen=True)
class MotifLocal:
    """A reason that a territory counts as positive, over a half-open period."""

    departement: str
    code: str
    debut: date
    fin: date


@dataclass(frozen=True)
class ParametresAnnee:
    """All that the law gives for one year."""

    jour: date
    categories: dict[str, ParametresCategorie]
    motifs: dict[str, Motif] = field(default_factory=dict)
    locaux: tuple[MotifLocal, ...] = ()
    nombres: dict[str, Decimal] = field(default_factory=dict)
    traces: dict[str, dict[str, Any]] = field(default_factory=dict)

    def nombre(self, code: str) -> Decimal:
        """Return the value of a numeric parameter."""
        return self.nombres[code]
