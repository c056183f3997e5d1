"""Deux cents références tirées à la fois : aucun double, aucun trou, sur les deux bases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from convenir.contrat.conventions.actions import tirer_reference
from convenir.contrat.conventions.models import Numerotation

TIRAGES, FILS = 200, 8


@pytest.fixture
def base(tmp_path) -> Callable[[], None]:
    """Ce qu'un fil fait avant d'écrire. La base SQLite des tests vit en mémoire, un fil à la fois : sur SQLite chaque
    fil se branche sur un fichier, comme en service."""
    if connection.vendor == "postgresql":
        return lambda: None
    reglages: dict[str, Any] = connections["default"].settings_dict | {"NAME": str(tmp_path / "numerotation.sqlite3")}
    classe = type(connections["default"])

    def brancher() -> None:
        connections["default"] = classe(reglages, "default")

    with ThreadPoolExecutor(1) as fil:
        fil.submit(_creer_la_table, brancher).result()
    return brancher


def _creer_la_table(brancher: Callable[[], None]) -> None:
    brancher()
    with connections["default"].schema_editor() as editeur:
        editeur.create_model(Numerotation)
    connections["default"].close()


@pytest.mark.django_db(transaction=True)
def test_deux_cents_numerotations_concurrentes_sans_aucun_double(base):
    def tirer(_: int) -> int:
        base()
        try:
            with transaction.atomic():
                return tirer_reference("44", 2026, "ACI").ordre
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(FILS) as fils:
        ordres = list(fils.map(tirer, range(TIRAGES)))
    assert sorted(ordres) == list(range(1, TIRAGES + 1))


@pytest.mark.django_db(transaction=True)
def test_une_reference_ne_se_tire_que_dans_la_transaction_de_son_acte():
    with pytest.raises(RuntimeError, match="transaction"):
        tirer_reference("44", 2026, "ACI")


@pytest.mark.django_db
def test_un_acte_abandonne_rend_son_numero_et_chaque_serie_a_le_sien():
    with transaction.atomic():
        tirer_reference("44", 2026, "ACI")
        transaction.set_rollback(True)
    series = [("44", 2026, "ACI"), ("44", 2026, "ACI"), ("44", 2026, "EI"), ("44", 2027, "ACI"), ("85", 2026, "ACI")]
    assert [tirer_reference(*serie).ordre for serie in series] == [1, 2, 1, 1, 1]
