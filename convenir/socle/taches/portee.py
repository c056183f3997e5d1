"""Whose a task of an organisation is: that of those who may do it, not of everyone there.

Each room says, for the codes of its tasks, what they ask to be able to do; a code that no room declared is everyone's.
"""

from __future__ import annotations

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite

_CAPACITES: dict[str, frozenset[Capacite]] = {}


def reserver(code: str, *capacites: Capacite) -> str:
    """Say that the tasks of a code are those of whoever has one of these capabilities; return the code.

    Raises:
        ValueError: the code is reserved already, otherwise.
    """
    if _CAPACITES.setdefault(code, frozenset(capacites)) != frozenset(capacites):
        raise ValueError(f"Les tâches « {code} » sont déjà réservées autrement.")
    return code


def reservees() -> dict[str, frozenset[Capacite]]:
    """Return what each declared code asks for."""
    return dict(_CAPACITES)


def hors_de_portee(acteur: Acteur) -> list[str]:
    """Return the codes whose tasks a person may not do."""
    return sorted(code for code, voulues in _CAPACITES.items() if not any(acteur.peut(c) for c in voulues))
