"""What this room needs of the engine of the missions locales, which lies above it and declares itself at start."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Beside records, or the indicators computed from them: the quality of the entry as it was measured.
NOM_QUALITE = "qualite.json"


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
        mesurer: folder of records, years, file to write → what the quality of the entry asks for in the last year, by
            mission locale: `phrase`, and `a_reprendre`, the articles to take up, in words.
    """

    codes: Callable[[], CodesMl]
    calculer: Callable[[Path, Collection[int], Path], str]
    mesurer: Callable[[Path, Collection[int], Path], dict[str, dict[str, Any]]]


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
