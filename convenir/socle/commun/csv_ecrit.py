"""CSV that a spreadsheet opens right: UTF-8 with its mark, formulas disarmed, written line by line. No Django."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

MARQUE = "\ufeff"
FORMULES = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that returns what is written to it: lets `csv.writer` feed a streamed answer."""

    def write(self, texte: str) -> str:
        return texte


def lignes_csv(rangs: Iterable[Iterable[object]], separateur: str = ",", fin: str = "\n") -> Iterator[str]:
    """Yield the mark, then each row."""
    yield MARQUE
    yield from lignes_sans_marque(rangs, separateur, fin)


def lignes_sans_marque(rangs: Iterable[Iterable[object]], separateur: str = ",", fin: str = "\n") -> Iterator[str]:
    """Yield each row: what a public validator reads, where the mark would sit in the first name."""
    ecrire = csv.writer(_Echo(), delimiter=separateur, lineterminator=fin)
    for rang in rangs:
        yield ecrire.writerow([sans_formule(c) for c in rang])


def sans_formule(cellule: object) -> object:
    """Keep a text from being run as a formula by a spreadsheet; figures and dates stay as they are."""
    return f"'{cellule}" if isinstance(cellule, str) and cellule.startswith(FORMULES) else cellule
