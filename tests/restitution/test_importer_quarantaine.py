"""`convenir importer … --quarantaine F.csv`: all that is set aside, beyond any limit, dry run included."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from convenir.mesure.donnees.generateur.ecriture import ecrire_lignes
from convenir.mesure.donnees.generateur.fautes import FAUTES
from convenir.mesure.donnees.generateur.mini import EXTRACTION_MINI, lignes_mini
from convenir.socle.territoires.models import Commune, Departement
from tests.restitution.test_commandes import lancer
from tests.restitution.test_importer import livraison, rien_n_est_ecrit  # noqa: F401

pytestmark = pytest.mark.django_db
FAUTIVES = 7


@pytest.fixture
def fautive(livraison: Path, monkeypatch, tmp_path) -> Path:  # noqa: F811
    """Seven negative hours, and a command that keeps only two anomalies in memory."""
    monkeypatch.setattr("convenir.mesure.donnees.controle.livraison.LIMITE_EN_MEMOIRE", 2)
    lignes = lignes_mini()
    mensuelles = lignes["EtatMensuelIndiv"]
    lignes["EtatMensuelIndiv"] = [
        {**ligne, "emi_nb_heures_travail": "-4"} if rang < FAUTIVES else ligne for rang, ligne in enumerate(mensuelles)
    ]
    ecrire_lignes(tmp_path / "fautive", lignes, EXTRACTION_MINI)
    return tmp_path / "fautive"


def lire(chemin: Path) -> list[dict[str, str]]:
    with chemin.open(encoding="utf-8-sig", newline="") as flux:
        return list(csv.DictReader(flux, delimiter=";"))


def test_l_essai_ecrit_toute_la_quarantaine_et_rien_d_autre(fautive, settings, tmp_path, capsys):
    sortie = tmp_path / "q.csv"
    assert lancer("importer", "fluxiae", fautive, "--essai", "--json", "--quarantaine", sortie) == 0
    dit = json.loads(capsys.readouterr().out)
    assert (dit["anomalies_total"], dit["anomalies_listees"], len(dit["anomalies"])) == (FAUTIVES, 2, 2)
    assert dit["fichier_quarantaine"] == str(sortie)
    ecartees = [ligne for ligne in lire(sortie) if ligne["issue"] == "mise à l'écart"]
    assert [(e["colonne"], e["valeur"]) for e in ecartees] == [("emi_nb_heures_travail", "'-4")] * FAUTIVES
    assert len({(e["fichier"], e["ligne"]) for e in ecartees}) == FAUTIVES
    assert len(lire(sortie)) == dit["anomalies_total"] + dit["avertissements_total"]
    assert rien_n_est_ecrit(settings)
    assert [f.name for f in tmp_path.glob(".*")] == [], "le fichier provisoire ne reste pas"


def test_le_texte_dit_ou_sont_les_lignes_qui_ne_sont_pas_listees(fautive, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("convenir.restitution.commandes.importer.ANOMALIES_MONTREES", 1)
    assert lancer("importer", "fluxiae", fautive, "--essai") == 0
    assert (
        "et 6 autres (--json donne les 2 premières ; --quarantaine F.csv les écrit toutes)" in capsys.readouterr().out
    )
    assert lancer("importer", "fluxiae", fautive, "--essai", "--quarantaine", tmp_path / "q.csv") == 0
    assert f"et 6 autres ({tmp_path / 'q.csv'} les a toutes)" in capsys.readouterr().out


def test_applique_puis_deja_importee_le_fichier_est_le_meme(fautive, tmp_path, capsys):
    for sortie in ("a.csv", "b.csv"):
        assert lancer("importer", "fluxiae", fautive, "--appliquer", "--quarantaine", tmp_path / sortie) == 0
    assert "déjà en vigueur" in capsys.readouterr().out
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert len(lire(tmp_path / "b.csv")) >= FAUTIVES


def test_un_refus_a_ses_raisons_dans_le_fichier(livraison, settings, tmp_path):  # noqa: F811
    FAUTES["fin_fausse"](livraison)
    assert lancer("importer", "fluxiae", livraison, "--appliquer", "--quarantaine", tmp_path / "q.csv") == 1
    (refus,) = lire(tmp_path / "q.csv")
    assert (refus["issue"], refus["fichier"][:8]) == ("refus", "fluxIAE_")
    assert rien_n_est_ecrit(settings)


def test_les_structures_sans_lieu_y_sont_toutes(livraison, tmp_path, capsys, monkeypatch):  # noqa: F811
    Commune.objects.filter(departement="85").delete()
    Departement.objects.filter(code="85").delete()
    monkeypatch.setattr("convenir.mesure.donnees.actions.controles.LIMITE_EN_MEMOIRE", 0)
    assert lancer("importer", "fluxiae", livraison, "--essai", "--json", "--quarantaine", tmp_path / "q.csv") == 0
    dit = json.loads(capsys.readouterr().out)
    sans_lieu = [ligne for ligne in lire(tmp_path / "q.csv") if "ne disent son département" in ligne["message"]]
    assert [ligne["issue"] for ligne in sans_lieu] == ["lue avec un avertissement"]
    assert dit["avertissements_listes"] == dit["avertissements_total"] - 1 == len(lire(tmp_path / "q.csv")) - 1


@pytest.mark.parametrize("lieu", [".", "absent/q.csv"], ids=["un dossier", "dans un dossier absent"])
def test_un_fichier_qui_ne_peut_s_ecrire_est_un_mauvais_usage(livraison, settings, tmp_path, lieu, capsys):  # noqa: F811
    assert lancer("importer", "fluxiae", livraison, "--appliquer", "--quarantaine", tmp_path / lieu) == 2
    assert "dans un dossier qui existe" in capsys.readouterr().err
    assert rien_n_est_ecrit(settings)
