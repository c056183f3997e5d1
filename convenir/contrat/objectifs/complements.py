"""What the rooms above know of an objective, said beside it: they declare it, this room imports none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.models import Objectif

Complement = Callable[[Sequence[Objectif]], Mapping[int, Sequence[str]]]
_COMPLEMENTS: list[Complement] = []


@dataclass(frozen=True)
class Contexte:
    """What is to be known of a convention before its objectives are negotiated."""

    titre: str
    lignes: list[str]


LireContexte = Callable[[Convention], Contexte | None]
_CONTEXTES: list[LireContexte] = []


def complement(lire: Complement) -> Complement:
    """Decorate what gives, for objectives, sentences by key; it reads them all at once."""
    if lire not in _COMPLEMENTS:
        _COMPLEMENTS.append(lire)
    return lire


def lire(objectifs: Sequence[Objectif]) -> dict[int, list[str]]:
    """Return every sentence, by objective."""
    dits: dict[int, list[str]] = {}
    for un in _COMPLEMENTS:
        for cle, phrases in un(objectifs).items():
            dits.setdefault(cle, []).extend(phrases)
    return dits


def contexte(lire: LireContexte) -> LireContexte:
    """Decorate what gives the context of a negotiation, or nothing."""
    if lire not in _CONTEXTES:
        _CONTEXTES.append(lire)
    return lire


def contextes_de(convention: Convention) -> list[Contexte]:
    """Return everything the rooms above say of a convention where it is negotiated."""
    lus = [lire(convention) for lire in _CONTEXTES]
    return [lu for lu in lus if lu is not None]
