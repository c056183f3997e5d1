"""A running convention, which a file that needs another one defines again."""

from __future__ import annotations

import pytest

from convenir.contrat.conventions.models import Convention
from tests.contrat.suivi.outils import PERIODE
from tests.factories_conventions import convention_en_cours


@pytest.fixture
def convention(db) -> Convention:
    return convention_en_cours(**PERIODE)
