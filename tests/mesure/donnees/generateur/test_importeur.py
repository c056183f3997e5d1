"""The importer and the generator were written apart: what one plants, the other finds, and nothing else."""

import json
from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

from convenir.mesure.donnees.actions.imports import essayer
from convenir.socle.comptes.acteur import Acteur
from tests.mesure.donnees.generateur.conftest import Livraison

pytestmark = pytest.mark.django_db


def test_importer_sets_aside_exactly_what_was_planted(fautive: Livraison, settings: Settings, tmp_path: Path) -> None:
    settings.DOSSIER_DONNEES = tmp_path
    rapport = essayer(fautive.dossier, Acteur.systeme("Ligne de commande"))
    semees = Counter(
        f["vue"]
        for f in json.loads((fautive.dossier / "fautes.json").read_text(encoding="utf-8"))
        if f["issue"] == "quarantaine"
    )
    for vue, comptes in rapport.vues.items():
        if vue in fautive.resume.lignes:
            assert comptes["lues"] == fautive.resume.lignes[vue], vue
            assert comptes["quarantaine"] == semees[vue], vue
    assert semees["EtatMensuelIndiv"] > 100
