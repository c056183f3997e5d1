"""A data folder of its own for each test, the geography of the tiny delivery, and people who import."""

from __future__ import annotations

from pathlib import Path

import pytest

from convenir.mesure.donnees.generateur.mini import generer_mini
from convenir.socle.comptes.acteur import Acteur
from tests.factories_socle import CommuneFactory, DepartementFactory, RegionFactory

LIEUX = {"44": ("52", "44109"), "85": ("52", "85191"), "29": ("53", "29003"), "17": ("75", "17299"),
         "54": ("44", "54323")}  # fmt: skip


@pytest.fixture
def donnees(settings, tmp_path) -> Path:
    """Data folder of the test."""
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()
    return settings.DOSSIER_DONNEES


@pytest.fixture
def geographie(db) -> None:
    """Départements and communes of the tiny delivery and of the real extract."""
    for departement, (region, commune) in LIEUX.items():
        lieu = DepartementFactory(code=departement, region=RegionFactory(code=region))
        CommuneFactory(code=commune, departement=lieu)


@pytest.fixture
def acteur() -> Acteur:
    """The command line."""
    return Acteur.systeme("Ligne de commande")


@pytest.fixture
def mini(tmp_path) -> Path:
    """Folder of a sound tiny delivery."""
    dossier = tmp_path / "livraison"
    generer_mini(dossier)
    return dossier
