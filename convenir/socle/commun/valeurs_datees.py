"""A value dated by its validity, and the chronicle of such values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

from convenir.socle.commun.periodes import Periode

V = TypeVar("V")


@dataclass(frozen=True)
class ValeurDatee(Generic[V]):
    """A value and the period in which it holds."""

    valeur: V
    periode: Periode


class Chronique(Generic[V]):
    """Dated values that never overlap, in order of time.

    Raises:
        ValueError: if two values hold on the same day.
    """

    def __init__(self, valeurs: Iterable[ValeurDatee[V]]) -> None:
        self._valeurs = sorted(valeurs, key=lambda v: v.periode.debut)
        for avant, apres in pairwise(self._valeurs):
            if avant.periode.intersection(apres.periode):
                raise ValueError(f"Deux valeurs se recouvrent au {apres.periode.debut}.")

    def __iter__(self) -> Iterator[ValeurDatee[V]]:
        return iter(self._valeurs)

    def __len__(self) -> int:
        return len(self._valeurs)

    def au(self, jour: date) -> ValeurDatee[V] | None:
        """Return the value that holds on a day, or None."""
        return next((v for v in self._valeurs if v.periode.contient(jour)), None)
