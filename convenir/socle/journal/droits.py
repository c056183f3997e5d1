"""What the journal asks of the person who reads it; the accounts, above it, provide that person."""

from __future__ import annotations

from typing import Any, Protocol

from convenir.socle.journal.auteur import Auteur

VOIR = "voir_journal"
VOIR_TOUT = "voir_journal_entier"
EFFACER = "effacer_charge"


class Demandeur(Protocol):
    """The acting person, as `comptes.acteur.Acteur` describes it."""

    @property
    def auteur(self) -> Auteur: ...

    @property
    def organisation(self) -> Any: ...

    def peut(self, capacite: str) -> bool: ...

    def exiger(self, capacite: str) -> None: ...
