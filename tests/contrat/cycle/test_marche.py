"""Aucune suite d'actes permis ne mène à un état interdit : des marches au hasard sur tous les actes publics.

`CONVENIR_MARCHES=200 pytest tests/contrat/cycle` en fait davantage, à d'autres graines.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from convenir.contrat.conventions.states import EtatConvention
from tests.contrat.cycle.marche import AUTANT, Marche

MARCHES, PAS = int(os.environ.get("CONVENIR_MARCHES", "0")), 30
PHASES = [Phase.generate, Phase.shrink] if os.environ.get("CONVENIR_REDUIRE") else [Phase.generate]
REGLAGES = settings(
    max_examples=MARCHES or 7, stateful_step_count=PAS, derandomize=not MARCHES, deadline=None, database=None,
    phases=PHASES,
    suppress_health_check=list(HealthCheck), print_blob=True,
)  # fmt: skip


@pytest.mark.django_db
def test_aucune_suite_d_actes_permis_n_atteint_un_etat_interdit():
    AUTANT.clear()
    run_state_machine_as_test(Marche, settings=REGLAGES)
    etats = set().union(*(vus for _, vus in AUTANT))
    assert sum(faits for faits, _ in AUTANT) > 5 * len(AUTANT), "des marches trop courtes ne prouvent rien"
    assert len(etats) >= 10, sorted(set(EtatConvention) - etats)
