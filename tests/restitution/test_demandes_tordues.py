"""Whatever is asked of an address, in its query or in its form, it answers a page or a refusal, never an error."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse

from convenir.socle.comptes.roles import Role
from tests.restitution.acces import COMPOSES, TABLE, Gens, arguments_de, navigateur
from tests.restitution.table_acces.commun import Ligne

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]

TROP_GRAND = "9" * 30
PREFERES = (Role.DEPARTEMENTAL, Role.DIRECTION_STRUCTURE, *Role)


class Tordue(QueryDict):
    """A query in which every parameter that a page looks for has the same value."""

    valeur = ""

    def get(self, key: str, default: object = None) -> Any:
        return super().get(key, self.valeur)

    def getlist(self, key: str, default: object = None) -> Any:
        return super().getlist(key) or [self.valeur]

    def __getitem__(self, key: str) -> Any:
        return super().__getitem__(key) if super().__contains__(key) else self.valeur

    def __contains__(self, key: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


def statut(ligne: Ligne, methode: str, gens: Gens) -> int:
    """Call an address as the first role that has it; what the call writes is undone."""
    role = next(r for r in PREFERES if r in ligne.servis)
    with transaction.atomic():
        client = navigateur(gens.par_role[role])
        client.raise_request_exception = False
        reponse = getattr(client, methode)(reverse(ligne.nom, args=arguments_de(ligne)))
        if reponse.streaming:
            b"".join(reponse.streaming_content)
        transaction.set_rollback(True)
    return int(reponse.status_code)


@pytest.mark.parametrize(("methode", "valeur"), [("get", "0000"), ("get", TROP_GRAND), ("post", TROP_GRAND)])
def test_une_demande_tordue_n_est_pas_une_erreur(methode, valeur, gens, monkeypatch):
    """A year that no calendar has, a number that no base holds."""
    tordue = type("Tordue", (Tordue,), {"valeur": valeur})
    monkeypatch.setattr(WSGIRequest, "GET", property(lambda r: tordue(r.META["QUERY_STRING"])))
    monkeypatch.setattr(WSGIRequest, "POST", property(lambda r: tordue("") if r.method == "POST" else QueryDict("")))
    servies = {x.nom: x for x in TABLE if x.servis and x.cible != "ailleurs" and x.nom not in COMPOSES}
    fautes = {nom: recu for nom, ligne in servies.items() if (recu := statut(ligne, methode, gens)) >= 500}
    assert fautes == {}
