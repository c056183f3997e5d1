"""What a reader of published counts knows of how they hang together. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

C = TypeVar("C", bound=Hashable)


class Genre(StrEnum):
    """How parts and total are tied.

    SOMME: the total is the sum of the parts, plus a gap that the reader is deemed to know (double counts, not filled
    in): the cautious reading.
    PART: each part is a « dont » of the total; what is left, never printed, is protected like a count.
    BORNE: no part is above the total, and the total is at most their sum (distinct persons over several months).
    """

    SOMME = "somme"
    PART = "part"
    BORNE = "borne"


@dataclass(frozen=True)
class Relation(Generic[C]):
    """Ties a total to its parts; the cells that are not published are left out of it."""

    total: C
    parts: tuple[C, ...]
    genre: Genre = Genre.SOMME


@dataclass
class Reseau(Generic[C]):
    """Relations as rows « Σ coefficient × deviation = 0 » over numbered cells.

    The first cells are the published ones, in the order of `cles`; the others are implicit (what is left of a total, a
    gap to a bound): the reader never sees them.

    Attributes:
        valeurs: count of each cell.
        restes: implicit cells that are counts of persons, to protect when they are small.
        lignes: cells and coefficients of each row.
        de: rows of each cell.
    """

    cles: list[C]
    valeurs: list[int]
    portee: int
    restes: set[int] = field(default_factory=set)
    lignes: list[list[tuple[int, int]]] = field(default_factory=list)
    de: list[list[int]] = field(default_factory=list)

    def publiees(self) -> int:
        """Return the number of published cells."""
        return len(self.cles)

    def implicite(self, valeur: int) -> int:
        """Add a cell that is never printed."""
        self.valeurs.append(valeur)
        self.de.append([])
        return len(self.valeurs) - 1

    def ligne(self, termes: Iterable[tuple[int, int]]) -> None:
        """Add a row."""
        lus = list(termes)
        for cellule, _ in lus:
            self.de[cellule].append(len(self.lignes))
        self.lignes.append(lus)


def compiler(comptes: Mapping[C, int], relations: Iterable[Relation[C]], portee: int) -> Reseau[C]:
    """Number the cells and write the relations as rows; a relation without its total or its parts is dropped.

    Args:
        comptes: count of each published cell.
        relations: what ties them.
        portee: no deviation will go further: a bound that lies beyond is no constraint, and is left out.
    """
    cles = sorted(comptes, key=repr)
    rang = {cle: i for i, cle in enumerate(cles)}
    reseau = Reseau(cles, [comptes[cle] for cle in cles], portee, de=[[] for _ in cles])
    for relation in relations:
        parts = [rang[p] for p in relation.parts if p in rang]
        if relation.total in rang and parts:
            _ECRITURES[relation.genre](reseau, rang[relation.total], parts)
    return reseau


def _somme(reseau: Reseau[C], total: int, parts: list[int]) -> None:
    reseau.ligne([(total, -1), *((p, 1) for p in parts)])


def _part(reseau: Reseau[C], total: int, parts: list[int]) -> None:
    for part in parts:
        reste = reseau.valeurs[total] - reseau.valeurs[part]
        if 0 <= reste < 2 * reseau.portee:
            cellule = reseau.implicite(reste)
            reseau.restes.add(cellule)
            reseau.ligne([(total, -1), (part, 1), (cellule, 1)])


def _borne(reseau: Reseau[C], total: int, parts: list[int]) -> None:
    for part in parts:
        ecart = reseau.valeurs[total] - reseau.valeurs[part]
        if 0 <= ecart < 2 * reseau.portee:
            reseau.ligne([(total, -1), (part, 1), (reseau.implicite(ecart), 1)])
    surplus = sum(reseau.valeurs[p] for p in parts) - reseau.valeurs[total]
    if 0 <= surplus < (len(parts) + 1) * reseau.portee:
        reseau.ligne([(total, 1), (reseau.implicite(surplus), 1), *((p, -1) for p in parts)])


_ECRITURES = {Genre.SOMME: _somme, Genre.PART: _part, Genre.BORNE: _borne}
