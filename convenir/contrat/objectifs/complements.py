"""What the rooms above know of an objective, said beside it: they declare it, this room imports none of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from convenir.contrat.objectifs.models import Objectif

Complement = Callable[[Sequence[Objectif]], Mapping[int, Sequence[str]]]
_COMPLEMENTS: list[Complement] = []


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
