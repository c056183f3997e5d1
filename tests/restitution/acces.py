"""The table of every address and the people who call it: what `test_acces` and `test_pages_regardees` share."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.test import Client

from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Structure
from tests.restitution import table_acces
from tests.restitution.fabrique import GRAND
from tests.restitution.table_acces.commun import Lieu, Ligne

MODULES = [
    import_module(f"{table_acces.__name__}.{m.name}") for m in iter_modules(table_acces.__path__) if m.name != "commun"
]
TABLE: list[Ligne] = [ligne for module in MODULES for ligne in module.LIGNES]
# A document takes a second to compose: a few roles are enough, the page of the same fiche has them all.
COMPOSES = {"portail:fiche_pdf", "portail:fiche_ml_pdf"}


@dataclass(frozen=True)
class Gens:
    """One person by role, and one without membership."""

    par_role: dict[Role, Any]
    sans_adhesion: Any


def navigateur(connecte: Any) -> Client:
    """A browser of its own for one call: a logout must not close the session of the next."""
    client = Client()
    client.cookies = copy(connecte.client.cookies)
    return client


def arguments_de(ligne: Ligne) -> list[Any]:
    """What an address is about."""
    lieu = Lieu(Structure.objects.get(id_asp=GRAND), Structure.objects.get(id_asp=100001), ligne.cible)
    for module in MODULES:
        if propres := module.arguments(lieu).get(ligne.nom):
            return propres()
    return []
