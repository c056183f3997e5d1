"""People of each role around the structure of a file; documents in a folder of the test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from convenir.contrat.conventions.models import Convention
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import Connecte, acteurs_par_role


@pytest.fixture(autouse=True)
def dossier_des_documents(tmp_path, settings) -> None:
    """Documents written by a test stay in its folder."""
    settings.DOSSIER_DONNEES = tmp_path


@pytest.fixture
def gens(db) -> Callable[[Convention], dict[Role, Connecte]]:
    """Return one person by role around the structure of a convention."""

    def autour(convention: Convention) -> dict[Any, Connecte]:
        assert convention.structure is not None
        return acteurs_par_role(convention.structure)

    return autour
