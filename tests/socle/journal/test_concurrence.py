"""Plusieurs écritures à la fois : une seule suite, sans trou ni fourche."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from convenir.socle.journal.models import Entree
from convenir.socle.journal.queries import tete, verifier
from tests.socle.journal.outils import ecrire

FILS, PAR_FIL = 8, 12


def _ecrire_dans_un_fil(_rang: int) -> None:
    try:
        for _ in range(PAR_FIL):
            ecrire(1)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_huit_fils_ecrivent_une_seule_chaine():
    if connection.vendor != "postgresql":
        pytest.skip("La base SQLite des tests vit en mémoire, un fil à la fois : ce test demande PostgreSQL.")
    with ThreadPoolExecutor(FILS) as fils:
        list(fils.map(_ecrire_dans_un_fil, range(FILS)))
    assert list(Entree.objects.order_by("numero").values_list("numero", flat=True)) == list(
        range(1, FILS * PAR_FIL + 1)
    )
    assert tete().numero == FILS * PAR_FIL
    assert verifier().valide
