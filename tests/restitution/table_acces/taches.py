"""Notifications and their preferences: everyone reads their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.restitution.table_acces.commun import PERSONNE, TOUS, Lieu, Ligne

LIGNES = [
    Ligne("taches:notifications", TOUS, sans_adhesion=200),
    Ligne("taches:marquer_lues", PERSONNE, non=405, sans_adhesion=405),
    Ligne("taches:marquer_lues", TOUS, oui=302, methode="post", sans_adhesion=302),
    Ligne("taches:preferences", TOUS, sans_adhesion=200),
]


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """Nothing to name."""
    return {}
