"""The tiny world with both missions locales in Loire-Atlantique, computed once: youth J5 is known in the two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from convenir.mesure.donnees.generateur_ml.mini import ecrire_tables_ml, tables_mini
from convenir.mesure.indicateurs.gel_ml import lecture
from convenir.mesure.indicateurs.releves_ml.calcul import CalculMl, calculer_ml
from tests.factories_socle import DepartementFactory, MissionLocaleFactory, RegionFactory

A, B = "ML04401", "ML08501"


class Rouvert:
    """A real calculation, read again without being done again."""

    def __init__(self, calcul: CalculMl) -> None:
        self.base, self.temporaire = calcul.base, calcul.temporaire

    def __enter__(self) -> Rouvert:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the calculation open for the next test."""


@pytest.fixture(scope="session")
def calcul_2025(tmp_path_factory) -> Iterator[tuple[Path, CalculMl]]:
    dossier = tmp_path_factory.mktemp("gel") / "enregistrements"
    tables = tables_mini()
    for ligne in tables["structure"]:
        ligne["dept_code"] = "44"
    ecrire_tables_ml(dossier, tables)
    with calculer_ml(dossier, [2025]) as calcul:
        yield dossier, calcul


@pytest.fixture
def enregistrements(calcul_2025, monkeypatch) -> Path:
    """The folder of records; its calculation is not done twice."""
    dossier, calcul = calcul_2025

    def relire(chemin: Path, annees: list[int], **_: object) -> Rouvert:
        assert (chemin, annees) == (dossier, [2025])
        return Rouvert(calcul)

    monkeypatch.setattr(lecture, "calculer_ml", relire)
    return dossier


@pytest.fixture
def agregats(calcul_2025, tmp_path) -> Path:
    """The same values, as each mission locale would send them: its own levels alone."""
    chemin = tmp_path / "agregats.csv"
    calcul_2025[1].ecrire_csv(chemin, ["ml", "site"])
    return chemin


@pytest.fixture
def reseau(db, settings, tmp_path):
    """The two missions locales, as Convenir knows them."""
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()
    region = RegionFactory(code="52", nom="Pays de la Loire")
    departement = DepartementFactory(code="44", nom="Loire-Atlantique", region=region)
    return [MissionLocaleFactory(code=code, departement=departement) for code in (A, B)]
