"""`convenir importer` on an empty database: the trial writes nothing, the outcome gives the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from convenir.mesure.donnees.generateur.fautes import FAUTES
from convenir.mesure.donnees.generateur.mini import generer_mini
from convenir.mesure.donnees.models import Livraison
from convenir.restitution.commandes import analyseur
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure
from tests.restitution.fabrique import creer_geographie
from tests.restitution.test_commandes import lancer

pytestmark = pytest.mark.django_db


@pytest.fixture
def livraison(settings, tmp_path) -> Path:
    """A sound delivery, and a data folder of its own."""
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()
    creer_geographie()
    dossier = tmp_path / "livraison"
    generer_mini(dossier)
    return dossier


def rien_n_est_ecrit(settings) -> bool:
    fichiers = [f for f in settings.DOSSIER_DONNEES.rglob("*") if f.is_file() and f.name != ".verrou"]
    return not (Livraison.objects.exists() or Structure.objects.exists() or Entree.objects.exists() or fichiers)


def repondre(monkeypatch, reponse: str) -> None:
    """Stand for someone in front of a terminal."""
    monkeypatch.setattr(analyseur.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: reponse)


def test_l_essai_n_ecrit_rien(livraison, settings, capsys):
    assert lancer("importer", "fluxiae", livraison, "--essai") == 0
    assert "774\xa0lignes lues" in capsys.readouterr().out
    assert rien_n_est_ecrit(settings)


def test_sans_option_ni_terminal_sort_avec_2(livraison, settings, capsys, monkeypatch):
    monkeypatch.setattr(analyseur.sys.stdin, "isatty", lambda: False, raising=False)
    assert lancer("importer", "fluxiae", livraison) == 2
    lu = capsys.readouterr()
    assert "774\xa0lignes lues" in lu.out, "le rapport d'abord"
    assert "choisissez --essai ou --appliquer. Rien n'est écrit." in lu.err
    assert rien_n_est_ecrit(settings)


def test_non_laisse_tout_et_oui_applique(livraison, settings, capsys, monkeypatch):
    repondre(monkeypatch, "non")
    assert lancer("importer", "fluxiae", livraison) == 0
    assert "Rien n'est écrit." in capsys.readouterr().out
    assert rien_n_est_ecrit(settings)
    repondre(monkeypatch, "oui")
    assert lancer("importer", "fluxiae", livraison) == 0
    assert Structure.objects.count() == 6


def test_appliquer_deux_fois(livraison, capsys):
    assert lancer("importer", "fluxiae", livraison, "--appliquer") == 0
    entrees = Entree.objects.count()
    capsys.readouterr()
    assert lancer("importer", "fluxiae", livraison, "--appliquer", "--json") == 0
    lu = json.loads(capsys.readouterr().out)
    assert lu["issue"] == "deja_importee"
    assert (Livraison.objects.count(), Entree.objects.count()) == (1, entrees)


def test_le_rapport_en_json(livraison, capsys):
    assert lancer("importer", "fluxiae", livraison, "--essai", "--json") == 0
    lu = json.loads(capsys.readouterr().out)
    assert {"vues", "anomalies", "effets"} <= lu.keys()
    assert set(lu["effets"]) == {"crees", "modifies", "termines"}
    assert {"lues", "acceptees", "quarantaine"} <= lu["vues"]["AnnexeFinanciere"].keys()


def test_une_livraison_refusee_sort_avec_1(livraison, settings, capsys):
    FAUTES["fin_fausse"](livraison)
    assert lancer("importer", "fluxiae", livraison, "--appliquer") == 1
    assert "fluxIAE_" in capsys.readouterr().out
    assert rien_n_est_ecrit(settings)


def test_des_lignes_a_l_ecart_sortent_avec_0(livraison, capsys):
    FAUTES["heures_negatives"](livraison)
    assert lancer("importer", "fluxiae", livraison, "--appliquer") == 0
    imprime = capsys.readouterr().out
    assert "ligne " in imprime
    assert "à l'écart" in imprime
    assert Livraison.objects.get().rapport["quarantaine"] == 1
