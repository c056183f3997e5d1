"""What becomes of a convention whose yearly avenant is not signed (R. 5132-3-1 and its parallels by category)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Le décret lui-même : la date fixée par arrêté ne va pas au-delà du 31 mai.
PLAFOND = (5, 31)


class Situation(StrEnum):
    """Where the financial clauses stand on a day."""

    CLAUSES = "clauses"
    CONTINUITE = "continuite"
    SUSPENSION = "suspension"
    REPRISE = "reprise"


@dataclass(frozen=True)
class Continuite:
    """The dates of a year: last day of continuity, day from which the aid of the year is reclaimed."""

    limite: date
    reprise: date

    @classmethod
    def de(cls, limite: date, reprise: date) -> Continuite:
        """Build with the ceiling of the decree: never after 31 May."""
        return cls(min(limite, date(limite.year, *PLAFOND)), reprise)

    def situation(self, jour: date, clauses_fin: date | None) -> Situation:
        """Return where the clauses that ended on `clauses_fin` (out) stand; the last day of continuity still counts.

        Unsigned on the day of `reprise`, the aid paid for the year is reclaimed.
        """
        if clauses_fin is None or jour < clauses_fin:
            return Situation.CLAUSES
        if jour >= self.reprise:
            return Situation.REPRISE
        return Situation.CONTINUITE if jour <= self.limite else Situation.SUSPENSION
