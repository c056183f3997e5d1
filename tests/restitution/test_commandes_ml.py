"""`convenir importer ml` and `convenir indicateurs calculer --dispositif ml`: what each option does, exit codes."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from convenir.mesure.donnees.generateur_ml.mini import generer_mini_ml
from convenir.mesure.donnees.models import Livraison
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE
from convenir.restitution.commandes import indicateurs
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import MissionLocale
from tests.restitution.fabrique import creer_geographie
from tests.restitution.test_commandes import lancer

CORRESPONDANCE = "tables: {jeune: {fichier: dossiers.csv, colonnes: {jeune_id: N° dossier}}}\n"


@pytest.fixture
def petit(tmp_path) -> Path:
    """Folder of the tiny world."""
    generer_mini_ml(tmp_path / "ml")
    return tmp_path / "ml"


@pytest.fixture
def base(db, settings, tmp_path) -> None:
    """An empty database with its geography, and a data folder of its own."""
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()
    creer_geographie()


def calculer(dossier: Path, sortie: Path, *options: str) -> list[dict[str, str]]:
    demande = ("indicateurs", "calculer", "--dispositif", "ml", "--annee", "2025", "--entrepot", dossier)
    assert lancer(*demande, "--sortie", sortie, *options) == 0
    with sortie.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


def test_un_dossier_se_calcule_sans_base_et_dit_ses_regles(petit, tmp_path, capsys):
    toutes = calculer(petit, tmp_path / "toutes.csv")
    assert "Grille : 2026 pour 2025." in (dit := capsys.readouterr().out)
    assert "Paramètres de 2025 : " in dit
    assert "ml.jdi.fenetre_mois = 5" in dit
    assert {x["niveau"] for x in toutes} == {"site", "ml", "departement", "region", "france"}
    assert {x["code_territoire"] for x in toutes if x["niveau"] == "france"} == {CODE_FRANCE}
    assert ",".join(toutes[0]) == (
        "niveau,code_territoire,indicateur,ventilation,modalite,periode,numerateur,denominateur,valeur,statut"
    )


def test_le_niveau_et_la_grille_se_choisissent(petit, tmp_path, capsys):
    sortie = tmp_path / "s.csv"
    lues = calculer(petit, sortie, "--niveau", "departement", "--grille", "2012", "--json")
    dit = json.loads(capsys.readouterr().out)
    assert {x["niveau"] for x in lues} == {"departement"}
    assert dit["grilles"] == {"2025": "2012"}
    fenetre = dit["parametres"]["2025"]["ml.jdi.fenetre_mois"]
    assert (fenetre["valeur"], fenetre["a_confirmer"]) == ("5", True)
    assert "ml.jdi.fenetre_mois" in dit["a_confirmer"]


def test_un_mois_qui_nest_pas_fini_nest_pas_zero(petit, tmp_path, capsys, monkeypatch):
    """On 17 June 2025 the tiny world is known to the end of May: no figure of June, nor of the year to come."""
    monkeypatch.setattr(indicateurs.timezone, "localdate", lambda: date(2025, 6, 17))
    lues = {(x["code_territoire"], x["indicateur"], x["periode"]): x for x in calculer(petit, tmp_path / "s.csv")
            if not x["ventilation"]}  # fmt: skip
    assert "2025 jusqu'à fin mai" in capsys.readouterr().out
    mois = {p for _, _, p in lues if p.startswith("2025-0")}
    assert {"2025-05", "2025-05-cumul", "2025-05-31"} <= mois
    assert not [p for p in mois if p >= "2025-06"]
    # J8 is received in March, J5 for the first time in September, J6 again then.
    assert lues["ML08501", "ACT01", "2025"]["valeur"] == "2"
    demande = ("indicateurs", "calculer", "--dispositif", "ml", "--entrepot", petit, "--sortie", tmp_path / "t.csv")
    assert lancer(*demande, "--annee", "2025", "--mois", "3", "--json") == 0
    assert json.loads(capsys.readouterr().out)["mois"] == {"2025": 3}
    assert lancer(*demande, "--annee", "2025", "--mois", "6") == 2
    assert "n'est pas fini" in capsys.readouterr().err
    assert lancer(*demande, "--annee", "2025-2026") == 2
    assert "Aucun mois de 2026 n'est fini" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "mots"),
    [
        (["--dispositif", "ml", "--annee", "2025", "--mois", "6"], "--mois va avec --entrepot"),
        (["--dispositif", "ml", "--annee", "2025", "--entrepot", "."], "Avec --entrepot, donnez --sortie"),
        (["--dispositif", "ml", "--annee", "2025", "--moteur", "spark"], "va avec --entrepot"),
        (["--dispositif", "ml", "--annee", "2025", "--niveau", "ml"], "va avec --sortie"),
        (["--dispositif", "iae", "--annee", "2025", "--niveau", "ml"], "vont avec --dispositif ml"),
        (["--dispositif", "ml", "--annee", "2025", "--niveau", "commune"], "commune"),
    ],
)
def test_un_mauvais_usage_sort_avec_2(options, mots, capsys):
    assert lancer("indicateurs", "calculer", *options) == 2
    assert mots in capsys.readouterr().err


def test_un_dossier_qui_n_en_est_pas_un_sort_avec_1(tmp_path, capsys):
    demande = ("indicateurs", "calculer", "--dispositif", "ml", "--annee", "2025", "--entrepot", tmp_path / "rien")
    assert lancer(*demande, "--sortie", tmp_path / "s.csv") == 1
    assert "n'est pas un dossier" in capsys.readouterr().err
    assert not (tmp_path / "s.csv").exists()


def test_l_essai_puis_l_application(base, petit, capsys):
    entetes = (petit / "jeune.csv").read_text("utf-8").replace("rqth", "handicap", 1)
    (petit / "jeune.csv").write_text(entetes, "utf-8")
    assert lancer("importer", "ml", petit, "--essai", "--quarantaine", petit.parent / "q.csv") == 0
    assert "lue avec un avertissement;jeune.csv;" in (petit.parent / "q.csv").read_text("utf-8")
    assert not Livraison.objects.exists()
    capsys.readouterr()
    assert lancer("importer", "ml", petit, "--appliquer", "--json") == 0
    assert json.loads(capsys.readouterr().out)["issue"] == "appliquee"
    assert set(MissionLocale.objects.values_list("code", flat=True)) == {"ML04401", "ML08501"}


def test_sans_entrepot_les_livraisons_en_vigueur_se_calculent_et_se_figent(base, petit, tmp_path, capsys):
    demande = ("indicateurs", "calculer", "--dispositif", "ml", "--annee", "2025")
    assert lancer(*demande) == 1
    assert "Importez-en" in capsys.readouterr().err
    assert lancer("importer", "ml", petit, "--appliquer") == 0
    Instantane.objects.all().delete()
    capsys.readouterr()
    assert lancer(*demande, "--niveau", "ml", "--sortie", tmp_path / "ml.csv", "--json") == 0
    dit, fige = json.loads(capsys.readouterr().out), Instantane.objects.get(dispositif="ml")
    assert (dit["sha256"], dit["annees"], dit["valeurs"]) == (fige.sha256, [2025], fige.lignes)
    assert Entree.objects.filter(acte="indicateurs.calculer").latest("pk").acteur_nom == "Ligne de commande"
    with (tmp_path / "ml.csv").open(encoding="utf-8", newline="") as fichier:
        lues = list(csv.DictReader(fichier))
    assert {x["niveau"] for x in lues} == {"ml"}
    contact = [x["valeur"] for x in lues if (x["indicateur"], x["periode"], x["ventilation"]) == ("ACT01", "2025", "")]
    assert contact == ["5", "3"]
    assert lancer("fiche", "--ml", "ML04401", "--annee", "2025", "--format", "json") == 0


def test_une_annee_que_rien_ne_couvre_nest_pas_figee(base, petit, capsys):
    assert lancer("importer", "ml", petit, "--appliquer") == 0
    assert lancer("indicateurs", "calculer", "--dispositif", "ml", "--annee", "2025-2031") == 1
    assert "en vigueur pour 2026, 2027" in (dit := capsys.readouterr().err)
    assert "Années couvertes : " in dit
    assert not Instantane.objects.filter(derniere_annee=2031).exists()


def test_des_en_tetes_etrangers_se_lisent_par_un_fichier(base, petit, tmp_path, capsys):
    contenu = (petit / "jeune.csv").read_text(encoding="utf-8")
    (petit / "jeune.csv").unlink()
    (petit / "dossiers.csv").write_text(contenu.replace("jeune_id", "N° dossier", 1), encoding="utf-8")
    assert lancer("importer", "ml", petit, "--essai") == 1
    assert "jeune" in capsys.readouterr().out
    (tmp_path / "f.yaml").write_text(CORRESPONDANCE, encoding="utf-8")
    assert lancer("importer", "ml", petit, "--essai", "--correspondance", tmp_path / "f.yaml") == 0
    assert lancer("importer", "ml", petit, "--essai", "--correspondance", tmp_path / "absent.yaml") == 2
    assert lancer("importer", "fluxiae", petit, "--essai", "--correspondance", tmp_path / "f.yaml") == 2
