"""What this room needs of the engine of the missions locales, which lies above it and declares itself at start."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CodesMl:
    """Codes of the catalogue: all of them, the shares of a whole, the whole numbers."""

    indicateurs: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    comptes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MoteurMl:
    """The engine.

    Attributes:
        codes: what the catalogue holds, every frame together.
        calculer: folder of records, years, file to write → SHA-256 of the values written, levels site and ml.
    """

    codes: Callable[[], CodesMl]
    calculer: Callable[[Path, Collection[int], Path], str]


_moteurs: list[MoteurMl] = []


def declarer(moteur: MoteurMl) -> None:
    """Say which engine computes; called once, when the product starts."""
    _moteurs[:] = [moteur]


def moteur() -> MoteurMl:
    """Return the engine.

    Raises:
        LookupError: none was declared.
    """
    if not _moteurs:
        raise LookupError("Aucun moteur de calcul des missions locales n'est déclaré.")
    return _moteurs[0]


def codes() -> CodesMl:
    """Return the codes of the catalogue; none when no engine is declared: nothing is then checked against it."""
    return _moteurs[0].codes() if _moteurs else CodesMl()
