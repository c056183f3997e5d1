"""The engine may stop on its own fault: the calculation starts again from nothing, and gives up after three tries."""

from __future__ import annotations

import duckdb
import pytest

from convenir.mesure.indicateurs import calcul


def _panne(fois: int, appels: list[int], resultat: object):
    def essayer(*_args: object, fils: int | None = None) -> object:
        appels.append(fils or 0)
        if len(appels) <= fois:
            raise duckdb.InternalException("INTERNAL Error: dict-surviving cache")
        return resultat

    return essayer


def test_un_arret_du_moteur_fait_reprendre_le_calcul(monkeypatch: pytest.MonkeyPatch) -> None:
    appels: list[int] = []
    monkeypatch.setattr(calcul, "_essayer", _panne(2, appels, "les valeurs"))
    assert calcul.calculer_sans_ecrire([2025], None) == "les valeurs"  # type: ignore[arg-type]
    assert appels == [0, 0, 1], "la dernière fois, un seul fil"


def test_trois_arrets_de_suite_sont_dits(monkeypatch: pytest.MonkeyPatch) -> None:
    appels: list[int] = []
    monkeypatch.setattr(calcul, "_essayer", _panne(9, appels, None))
    with pytest.raises(duckdb.InternalException):
        calcul.calculer_sans_ecrire([2025], None)  # type: ignore[arg-type]
    assert len(appels) == calcul.ESSAIS
