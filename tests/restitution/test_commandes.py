"""`convenir` at the command line, on a computed world: French help, exit codes 0/1/2, `--json` everywhere."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from convenir.mesure.donnees.models import Livraison
from convenir.mesure.indicateurs.models import Agregat, Instantane
from convenir.restitution.commandes import servir
from convenir.restitution.commandes.principal import construire, main
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Organisation
from convenir.socle.territoires.models import Zonage
from tests.restitution.fabrique import GRAND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monde")]
COMMANDES = ("demo", "importer", "indicateurs", "fiche", "parametre", "journal", "generer", "preparer",
             "administrateur", "zonage", "servir", "convention", "conventions", "dossiers", "suivi")  # fmt: skip
SOUS_COMMANDES = [(c,) for c in COMMANDES] + [
    ("indicateurs", "calculer"), ("journal", "verifier"), ("journal", "ancrer"), ("generer", "fluxiae"),
    ("conventions", "preparer-avenants"),
    ("conventions", "passer-le-jour"),
]  # fmt: skip


def lancer(*mots: object) -> int:
    """Run a command; a misuse found by the parser is its exit code too."""
    try:
        return main([str(m) for m in mots])
    except SystemExit as sortie:
        return int(sortie.code or 0)


@pytest.fixture
def json_de(capsys):
    """Run a command with `--json` and read what it prints."""

    def lire(*mots: object, code: int = 0):
        capsys.readouterr()
        assert lancer(*mots, "--json") == code
        return json.loads(capsys.readouterr().out)

    return lire


# ------------------------------------------------------------------------------------------------ aide et usage


@pytest.mark.parametrize("mots", [(), *SOUS_COMMANDES], ids=" ".join)
def test_l_aide_est_en_francais(mots, capsys):
    assert lancer(*mots, "--help") == 0
    aide = capsys.readouterr().out
    assert aide.startswith("usage : convenir")
    assert "affiche cette aide" in aide
    for anglais in ("show this help", "positional arguments", "required", "optional", "default:"):
        assert anglais not in aide


def test_toutes_les_commandes_ont_leur_aide(capsys):
    lancer("--help")
    aide = capsys.readouterr().out
    assert [c for c in COMMANDES if not re.search(rf"\n    {c}\s", aide)] == []
    assert construire().prog == "convenir"


@pytest.mark.parametrize(
    ("mots", "message"),
    [
        ((), "il manque : COMMANDE"),
        (("rien",), "« rien » n'est pas dans la liste"),
        (("fiche", "--asp", "abc", "--annee", "2025"), "« abc » n'est pas"),
        (("fiche", "--annee", "2025"), "un de ces arguments est nécessaire : --asp --ml"),
        (("fiche", "--asp", "1", "--annee", "l'an dernier"), "n'est pas une année"),
        (("fiche", "--asp", "1", "--annee", "2025", "--format", "odt"), "« odt » n'est pas dans la liste"),
        (("fiche", "--asp", "1", "--annee", "2025", "--asp"), "une valeur est attendue"),
        (("parametre", "x", "--date", "31/02/2025"), "« 31/02/2025 » n'est pas une date"),
        (("importer", "fluxiae", "x", "--essai", "--appliquer"), "incompatible avec"),
        (("generer", "fluxiae", "--graine", "1", "x"), "un de ces arguments est nécessaire : --region --france"),
        (("importer", "fluxiae", "/chemin/absent"), "n'existe pas"),
        (("indicateurs", "calculer", "--dispositif", "iae"), "il manque : --annee"),
        (("fiche", "--asp", "1", "--annee", "2023-2025"), "« 2023-2025 » est une suite d'années"),
        (("demo", "--adresse", "8000"), "« 8000 » n'est pas une adresse"),
        (("servir", "--adresse", "127.0.0.1:99999"), "« 127.0.0.1:99999 » n'est pas une adresse"),
        (("servir", "--processus", "0"), "un nombre entier, 1 au moins"),
    ],
    ids=str,
)
def test_une_commande_mal_employee_sort_avec_2(mots, message, capsys):
    assert lancer(*mots) == 2
    assert message in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------ fiche


def test_la_fiche_en_json(capsysbinary):
    assert lancer("fiche", "--asp", GRAND, "--annee", 2025, "--format", "json") == 0
    lue = json.loads(capsysbinary.readouterr().out)
    assert lue["structure"]["code"] == f"{GRAND}-ACI"
    assert lue["instantane"]["sha256"] == Instantane.objects.get(dispositif="iae").sha256


def test_la_fiche_en_pdf(tmp_path, capsysbinary):
    sortie = tmp_path / "fiche.pdf"
    assert lancer("fiche", "--asp", GRAND, "--annee", 2025, "--format", "pdf", "--sortie", sortie) == 0
    assert lancer("fiche", "--asp", GRAND, "--annee", 2025, "--format", "pdf") == 0
    assert sortie.read_bytes() == capsysbinary.readouterr().out
    assert sortie.read_bytes().startswith(b"%PDF")


def test_plusieurs_categories_sort_avec_2_et_les_nomme(json_de, capsys):
    erreur = json_de("fiche", "--asp", 100002, "--annee", 2025, code=2)
    assert "ACI, EI" in erreur["erreur"]
    assert lancer("fiche", "--asp", 100002, "--annee", 2025) == 2
    assert "--categorie" in capsys.readouterr().err


@pytest.mark.parametrize("mots", [("--asp", 424242, "--annee", 2025), ("--asp", GRAND, "--annee", 2019)], ids=str)
def test_une_fiche_introuvable_sort_avec_1(mots, json_de):
    assert json_de("fiche", *mots, code=1)["erreur"]


# ------------------------------------------------------------------------------------------------ paramètre, journal


def test_un_parametre_a_sa_date(json_de, capsys):
    lu = json_de("parametre", "iae.socle.ACI", "--date", "2023-06-30")
    assert set(lu) == {
        "code", "date", "valeur", "unite", "texte", "source", "verifie_le", "a_confirmer", "historique"
    }  # fmt: skip
    assert lu["valeur"] == json_de("parametre", "iae.socle.ACI", "--date", "30/06/2023")["valeur"]
    assert lancer("parametre", "iae.socle.ACI", "--date", "2023-06-30") == 0
    imprime = capsys.readouterr().out
    assert imprime.startswith("iae.socle.ACI au 30\xa0juin\xa02023 : ")
    assert "Source : " in imprime
    assert "  depuis le 1er\xa0juillet\xa02014 : 19\u202f200\n" in imprime
    assert json_de("parametre", "iae.rien", code=1)["erreur"]


def test_un_jour_sans_valeur_le_dit(json_de, capsys):
    assert json_de("parametre", "iae.socle.ACI", "--date", "2012-01-01")["valeur"] is None
    assert lancer("parametre", "iae.socle.ACI", "--date", "2012-01-01") == 0
    imprime = capsys.readouterr().out
    assert imprime.startswith("iae.socle.ACI au 1er\xa0janvier\xa02012 : aucune valeur à cette date\n")
    assert "None" not in imprime


def test_le_journal_se_verifie_puis_se_trahit(json_de, tmp_path, capsys):
    sain = json_de("journal", "verifier")
    assert set(sain) == {"valide", "entrees", "premiere_rupture", "ancre"}
    assert (sain["valide"], sain["entrees"]) == (True, Entree.objects.count())
    assert lancer("journal", "ancrer", "--dossier", tmp_path) == 0
    ancre = Path(capsys.readouterr().out.strip())
    assert json_de("journal", "verifier", "--ancre", ancre)["valide"]
    from django.db import connection

    with connection.cursor() as curseur:
        curseur.execute("UPDATE journal_entree SET acte = 'autre' WHERE numero = 2")
    casse = json_de("journal", "verifier", code=1)
    assert casse["valide"] is False
    assert "2" in json.dumps(casse["premiere_rupture"])
    assert lancer("journal", "verifier") == 1


@pytest.mark.parametrize(
    ("options", "dit"),
    [((), "Convenir est servi sur http://127.0.0.1:9000/"), (("--json",), '"adresse": "http://127.0.0.1:9000/"')],
)
def test_servir_dit_son_adresse_avant_de_servir(capsys, monkeypatch, options, dit):
    monkeypatch.setattr(
        servir, "servir", lambda adresse, processus: int((adresse, processus) != ("127.0.0.1:9000", 3))
    )
    assert lancer("servir", "--adresse", "127.0.0.1:9000", "--processus", 3, *options) == 0
    assert dit in capsys.readouterr().out


ENFANT = "import os, sys, time; os.write(1, sys.argv[1].encode()); time.sleep(60)"
TENIR = (
    "import sys; from convenir.restitution.commandes.servir import tenir; "
    f"sys.exit(tenir(*([sys.executable, '-c', {ENFANT!r}, x] for x in 'ab')))"
)


@pytest.mark.parametrize("signe", [signal.SIGTERM, signal.SIGINT])
def test_servir_arrete_ne_laisse_aucun_processus(signe):
    """The pipe of the children closes only when the last of them has ended."""
    service = subprocess.Popen([sys.executable, "-c", TENIR], stdout=subprocess.PIPE, text=True)
    assert service.stdout is not None
    assert sorted(service.stdout.read(2)) == ["a", "b"]
    service.send_signal(signe)
    assert service.communicate(timeout=30) == ("", None)
    assert service.returncode == 0


@pytest.mark.parametrize(("production", "liee"), [(False, "http://127.0.0.1:9000"), (True, None)])
def test_les_courriels_menent_la_ou_convenir_est_servi(monkeypatch, settings, production, liee):
    settings.EST_PRODUCTION = production
    monkeypatch.setattr(os, "environ", {})
    monkeypatch.setattr(servir, "ancrer_chaque_jour", lambda _: None)
    monkeypatch.setattr(servir, "tenir", lambda *_: 0)
    assert servir.servir("127.0.0.1:9000") == 0
    assert os.environ.get("CONVENIR_ADRESSE") == liee


def test_servir_rend_le_code_du_serveur():
    assert servir.tenir([sys.executable, "-c", "raise SystemExit(3)"], [sys.executable, "-c", ENFANT, "x"]) == 3


def test_servir_ancre_la_tete_du_journal_une_fois_par_jour(settings, tmp_path, monkeypatch):
    settings.DOSSIER_DONNEES = tmp_path
    monkeypatch.setattr("django.db.connections.close_all", lambda: None)  # the connection here is that of the test
    arret = threading.Event()
    arret.set()
    for _ in range(2):
        servir.ancrer_chaque_jour(arret)
    (ancre,) = (tmp_path / "ancres").iterdir()
    assert json.loads(ancre.read_text("utf-8"))["numero"] == Entree.objects.count()
    (tmp_path / "fichier").write_text("x", "utf-8")
    settings.DOSSIER_DONNEES = tmp_path / "fichier"
    servir.ancrer_chaque_jour(arret)  # cannot be written: said in the log, the server goes on


# ------------------------------------------------------------------------------------------------ indicateurs


def test_calculer_deux_fois_ecrit_les_memes_octets(json_de, tmp_path, settings, monde):
    un = json_de(
        "indicateurs", "calculer", "--dispositif", "iae", "--annee", "2024-2025", "--sortie", tmp_path / "a.csv"
    )
    deux = json_de(
        "indicateurs", "calculer", "--dispositif", "iae", "--annee", "2024-2025", "--sortie", tmp_path / "b.csv"
    )
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert un["sha256"] == deux["sha256"] == Instantane.objects.get(dispositif="iae").sha256
    lignes = (tmp_path / "a.csv").read_text("utf-8").splitlines()
    assert lignes[0] == (
        "niveau,code_territoire,indicateur,ventilation,modalite,periode,numerateur,denominateur,valeur,statut"
    )
    assert len(lignes) == un["valeurs"] + 1
    assert lignes[1:] == sorted(lignes[1:], key=lambda ligne: [c.encode() for c in ligne.split(",")[:6]])
    assert "siae,100006-ACI,iae.sorties.taux_dynamique,,,2025,6,12,50.000000,disponible" in lignes


# ------------------------------------------------------------------------------------------------ livraisons


def test_deja_importee_ne_demande_rien(monde, json_de):
    assert json_de("importer", "fluxiae", monde.livraison)["issue"] == "deja_importee"
    assert Livraison.objects.count() == 1


# ------------------------------------------------------------------------------------------------ agrégats

AGREGATS = "categorie,indicateur,annee,numerateur,denominateur,valeur\n"


def test_les_agregats_s_essaient_s_appliquent_et_ne_s_ecrivent_pas_deux_fois(tmp_path, json_de, capsys):
    fichier = tmp_path / "reperes.csv"
    fichier.write_text(AGREGATS + ",iae.sorties.taux_dynamique,2025,5400,10000,54\n", "utf-8")
    essai = json_de("importer", "agregats", fichier, "--essai")
    assert (essai["issue"], essai["effets"]) == ("essai", {"crees": 1, "modifies": 0, "termines": 0})
    assert not Agregat.objects.exists()
    assert lancer("importer", "agregats", fichier, "--appliquer") == 0
    assert "1\xa0ligne lue, aucune à l'écart. Effet : 1\xa0valeur de référence créée." in capsys.readouterr().out
    assert Agregat.objects.get().valeur == 54
    entrees = Entree.objects.count()
    assert json_de("importer", "agregats", fichier, "--appliquer")["issue"] == "deja_importee"
    assert Entree.objects.count() == entrees
    fichier.write_text(AGREGATS + "ACI,iae.etp.realises,2025,,,40000\n", "utf-8")
    assert json_de("importer", "agregats", fichier, "--essai")["effets"] == {"crees": 1, "modifies": 0, "termines": 1}
    fichier.write_text(AGREGATS + "ACI,iae.inconnu,2025,,,1\n", "utf-8")
    sortie = ("--quarantaine", tmp_path / "q.csv")
    erreur = json_de("importer", "agregats", fichier, "--appliquer", *sortie, code=1)["erreur"]
    assert "ligne 2, colonne indicateur" in erreur
    assert "ligne 2, colonne indicateur" in sortie[1].read_text("utf-8")
    assert Agregat.objects.get().indicateur == "iae.sorties.taux_dynamique"


# ------------------------------------------------------------------------------------------------ autres


def test_un_chemin_ou_l_on_ne_peut_pas_ecrire_est_dit(tmp_path, json_de, capsys):
    (tmp_path / "fichier").write_text("x", "utf-8")
    options = ("--region", "94", "--annees", "2025", "--graine", "7")
    assert "donnez un autre chemin" in json_de("generer", "fluxiae", *options, tmp_path / "fichier", code=1)["erreur"]
    assert lancer("fiche", "--asp", GRAND, "--annee", 2025, "--sortie", tmp_path) == 1
    assert f"{tmp_path} : c'est un dossier ; donnez un fichier." in capsys.readouterr().err


def test_administrateur_cree_le_premier_compte(monkeypatch, capsys):
    mots = ("administrateur", "--email", "a@exemple.invalid", "--prenom", "Ada", "--nom", "Fictive",
            "--organisation", "Exploitant fictif")  # fmt: skip
    monkeypatch.setenv("CONVENIR_MOT_DE_PASSE", "court")
    assert lancer(*mots) == 1
    assert not Utilisateur.objects.filter(email="a@exemple.invalid").exists()
    assert not Organisation.objects.filter(nom="Exploitant fictif").exists(), "rien n'est resté à moitié fait"
    monkeypatch.setenv("CONVENIR_MOT_DE_PASSE", "Une-Longue-Phrase-2026!")
    assert lancer(*mots) == 0
    assert Adhesion.objects.get(utilisateur__email="a@exemple.invalid").role == Role.ADMINISTRATION
    assert "Une-Longue" not in capsys.readouterr().out
    assert lancer(*mots) == 1, "le compte existe déjà"


def test_zonage_charge_ou_refuse_en_entier(tmp_path, capsys):
    fichier = tmp_path / "ze.csv"
    fichier.write_text("code_zone,nom,code_commune\n5201,Nantes,44109\n5202,La Roche,85191\n", "utf-8")
    emploi = ("zonage", fichier, "--genre", "zone_emploi", "--millesime", 2020)
    assert lancer(*emploi, "--essai") == 0
    assert "4\N{NO-BREAK SPACE}lignes seraient écrites" in capsys.readouterr().out
    assert lancer(*emploi) == 2, "sans terminal, rien n'est demandé ni écrit"
    assert Zonage.objects.count() == 0
    assert lancer(*emploi, "--appliquer") == 0
    assert "4\N{NO-BREAK SPACE}lignes sont écrites" in capsys.readouterr().out
    assert lancer(*emploi) == 0, "déjà chargé : rien à demander"
    assert "déjà chargé" in capsys.readouterr().out
    assert Zonage.objects.count() == 2
    fichier.write_text("nimporte,quoi\n1,2\n", "utf-8")
    assert lancer("zonage", fichier, "--genre", "qpv", "--millesime", 2024, "--appliquer") == 1
    assert Zonage.objects.count() == 2
    assert lancer("zonage", tmp_path / "absent.csv", "--genre", "qpv", "--millesime", 2024) in (1, 2)


def test_generer_ecrit_une_livraison(tmp_path, json_de):
    options = ("--annees", "2025", "--graine", "7", "--erreurs", "0", "--jusquau", "2025-02-28")
    un = json_de("generer", "fluxiae", "--region", "94", *options, tmp_path / "a")
    assert un
    assert [f.name for f in (tmp_path / "a").iterdir() if "AnnexeFinanciere" in f.name]
    assert lancer("generer", "fluxiae", "--region", "Nulle part", *options, tmp_path / "b") == 1


def test_une_interruption_le_dit(monkeypatch, capsys):
    def interrompre(_args):
        raise KeyboardInterrupt

    monkeypatch.setattr("convenir.restitution.commandes.parametre.executer", interrompre)
    assert lancer("parametre", "iae.socle.ACI") == 1
    assert "Interrompu" in capsys.readouterr().err


REQUETE_SANS_FIN = """
import signal, sys
from unittest import mock
signal.signal(signal.SIGINT, signal.default_int_handler)
from convenir.restitution.commandes import parametre
from convenir.restitution.commandes.principal import main

def sans_fin(_args):
    import duckdb
    base = duckdb.connect(config={"threads": 1})  # a query left to another thread is only stopped at its end
    print("pret", flush=True)
    base.execute("SELECT count(*) FROM range(1000000000000) AS r(i) WHERE sin(i) > 2")

with mock.patch.object(parametre, "executer", sans_fin):
    sys.exit(main(["parametre", "iae.socle.ACI"]))
"""


def test_une_interruption_pendant_une_requete_de_duckdb_le_dit():
    """DuckDB turns the Ctrl+C it meets into an error of its own: the command says what it says of any other."""
    commande = [sys.executable, "-c", REQUETE_SANS_FIN]
    with subprocess.Popen(commande, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as lancee:
        assert lancee.stdout is not None
        assert lancee.stdout.readline() == "pret\n"
        time.sleep(0.3)
        lancee.send_signal(signal.SIGINT)
        _, erreurs = lancee.communicate(timeout=60)
    assert lancee.returncode == 1
    assert "Interrompu" in erreurs
    assert "Traceback" not in erreurs
