"""These tests are those of the conventions alone: the guard of the objectives has its own tests."""

from __future__ import annotations

import pytest

from convenir.contrat.conventions import gardes


@pytest.fixture(autouse=True)
def sans_la_garde_des_objectifs(monkeypatch) -> None:
    for transition in ("soumettre_avis", "mettre_en_signature"):
        seules = {nom: g for nom, g in gardes._GARDES.get(transition, {}).items() if nom != "objectifs_clos"}
        monkeypatch.setitem(gardes._GARDES, transition, seules)
