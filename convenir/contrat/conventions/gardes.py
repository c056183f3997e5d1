"""Conditions of a move: this room and those above it declare theirs, none imports the other.

A guard answers None when the move may go on, or the reason why not, in French: it is shown to the person as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from convenir.contrat.conventions.states import TRANSITIONS
from convenir.socle.commun.erreurs import ActionRefusee

if TYPE_CHECKING:
    from convenir.contrat.conventions.models import Convention, Version


@dataclass(frozen=True)
class Contexte:
    """What a guard judges: the convention, its pending version if any, the day of the act."""

    convention: Convention
    version: Version | None
    jour: date


Condition = Callable[[Contexte], str | None]


@dataclass(frozen=True)
class Garde:
    """A named condition of a move; `texte` is the code or the reference that asks for it."""

    nom: str
    texte: str
    condition: Condition


_GARDES: dict[str, dict[str, Garde]] = {}


def garde(*transitions: str, texte: str) -> Callable[[Condition], Condition]:
    """Decorate a condition so that these moves ask for it; its name is that of the function.

    Raises:
        ValueError: a move that the table does not declare, or a name already taken for it.
    """

    def declarer(condition: Condition) -> Condition:
        nom = getattr(condition, "__name__", "")
        for transition in transitions:
            if transition not in TRANSITIONS:
                raise ValueError(f"La table ne déclare pas la transition « {transition} ».")
            connues = _GARDES.setdefault(transition, {})
            if nom in connues and connues[nom].condition is not condition:
                raise ValueError(f"La transition « {transition} » a déjà une garde « {nom} ».")
            connues[nom] = Garde(nom, texte, condition)
        return condition

    return declarer


def de(transition: str) -> tuple[Garde, ...]:
    """Return the guards of a move, in the order of their names."""
    return tuple(g for _, g in sorted(_GARDES.get(transition, {}).items()))


def obstacles(transition: str, contexte: Contexte) -> list[str]:
    """Return every reason why a move may not be made now; none when it may."""
    return [raison for g in de(transition) if (raison := g.condition(contexte))]


def exiger(transition: str, contexte: Contexte) -> None:
    """Stop a move that a guard forbids.

    Raises:
        ActionRefusee: with every reason at once, so that the person mends them in one go.
    """
    if raisons := obstacles(transition, contexte):
        raise ActionRefusee(" ".join(raisons))
