"""What follows an act on a convention: one hook, called once the act is complete, inside its transaction.

This room and those above it declare what they do then, none imports the other: tasks, notifications, acknowledgement.
An act may make several moves, and write its data after them: what follows waits for the end of the outermost act.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.db import transaction
from django.utils import timezone

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser

if TYPE_CHECKING:
    from convenir.contrat.conventions.models import Convention, Passage

P = ParamSpec("P")
T = TypeVar("T")
PREFIXE = "conventions."


@dataclass(frozen=True)
class Evenement:
    """Something done on a convention: a move of the table (`passage`), or an act that moves nothing.

    Attributes:
        nom: name of the move, or code of the act without its room.
        cle: key of what it is about (decision, signature…), so that a fact is told once.
        details: what the sentence told to the parties says more.
        url: page where to look; that of the convention when empty.
    """

    nom: str
    convention: Convention
    acteur: Acteur
    jour: date
    maintenant: datetime
    passage: Passage | None = None
    cle: str = ""
    details: str = ""
    url: str = ""


Suite = Callable[[Sequence[Evenement]], None]
_SUITES: list[Suite] = []
_EN_COURS: ContextVar[list[Evenement] | None] = ContextVar("evenements", default=None)


def apres(suite: Suite) -> Suite:
    """Decorate what is to be done after the acts; declaring it twice changes nothing."""
    if suite not in _SUITES:
        _SUITES.append(suite)
    return suite


def acte(fonction: Callable[P, T]) -> Callable[P, T]:
    """Make a function one act: a single transaction, and what follows once it is complete."""

    @wraps(fonction)
    def entiere(*args: P.args, **kwargs: P.kwargs) -> T:
        if _EN_COURS.get() is not None:
            with transaction.atomic():
                return fonction(*args, **kwargs)
        faits: list[Evenement] = []
        jeton = _EN_COURS.set(faits)
        try:
            with transaction.atomic():
                resultat = fonction(*args, **kwargs)
                _EN_COURS.set(None)
                _suivre(faits)
                return resultat
        finally:
            _EN_COURS.reset(jeton)

    return entiere


def _suivre(faits: Sequence[Evenement]) -> None:
    if faits:
        for suite in _SUITES:
            suite(faits)


def signaler(evenement: Evenement) -> None:
    """Say that something was done; outside an act, what follows is done at once."""
    en_cours = _EN_COURS.get()
    if en_cours is None:
        _suivre([evenement])
    else:
        en_cours.append(evenement)


def inscrire(
    code: str,
    convention: Convention,
    acteur: Acteur,
    *,
    jour: date,
    apres: dict[str, Any],
    avant: dict[str, Any] | None = None,
    maintenant: datetime | None = None,
    passage: Passage | None = None,
    cle: object = "",
    details: str = "",
) -> None:
    """Write an act on a convention in the general journal, and let what follows it happen."""
    journaliser(code, convention, auteur=acteur.auteur, avant=avant, apres=apres)
    signaler(
        Evenement(
            code.removeprefix(PREFIXE), convention, acteur, jour, maintenant or timezone.now(), passage, str(cle),
            details,
        )
    )  # fmt: skip
