"""The tiny world of two missions locales, as files to import."""

from __future__ import annotations

from pathlib import Path

import pytest

from convenir.mesure.donnees import actions
from convenir.mesure.donnees.generateur_ml.mini import generer_mini_ml
from convenir.mesure.donnees.models import Source


@pytest.fixture
def petit(tmp_path) -> Path:
    """Folder of the tiny world, in CSV."""
    dossier = tmp_path / "ml"
    generer_mini_ml(dossier)
    return dossier


@pytest.fixture
def importer(donnees, geographie, acteur):
    """Apply a delivery of missions locales."""

    def appliquer(chemin, *, par=None, **options):
        options.setdefault("source", Source.MISSIONS_LOCALES)
        return actions.appliquer(chemin, par or acteur, **options)

    return appliquer
