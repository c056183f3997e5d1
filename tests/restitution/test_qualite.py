"""The screen of quality, the charter, the command: what a mission locale reads before any result."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenir.mesure.donnees.generateur_ml.mini import generer_mini_ml
from convenir.mesure.indicateurs.models import Instantane, QualiteMissionLocale
from convenir.mesure.indicateurs.qualite import calculer_qualite, charte
from convenir.mesure.indicateurs.qualite.conservation import lire, mesurer_et_garder
from convenir.restitution.commandes.principal import main
from convenir.restitution.fiches.charte_document import rendre_charte
from convenir.socle.comptes.roles import Role
from convenir.socle.reglementation.catalogue import catalogue
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_socle import DepartementFactory, MissionLocaleFactory, OrganisationFactory, RegionFactory

ETALON = Path(__file__).parent / "etalons" / "charte-de-saisie.txt"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ml(tmp_path):
    region = RegionFactory(code="52", nom="Pays de la Loire")
    mission_locale = MissionLocaleFactory(
        code="ML04401", departement=DepartementFactory(code="44", nom="Loire-Atlantique", region=region)
    )
    fige = Instantane.objects.create(
        sha256="a" * 64,
        dispositif="ml",
        annees=[2025],
        premiere_annee=2025,
        derniere_annee=2025,
        arrete_au=date(2025, 12, 31),
    )
    generer_mini_ml(tmp_path)
    assert mesurer_et_garder(fige, [tmp_path], [2025]) == 1
    return mission_locale


@pytest.fixture
def directrice(ml):
    return connecter(AdhesionFactory(organisation=ml.organisation, role=Role.DIRECTION_STRUCTURE)).client


def page(client, ml, nom="portail:qualite"):
    return client.get(reverse(nom, args=[ml.code]))


def test_ce_qui_est_garde_se_relit(ml, tmp_path):
    assert lire(ml, 2025) == [x for x in calculer_qualite(tmp_path, 2025) if x.ml == ml.code]
    assert lire(ml, 2024) == []


def test_garder_deux_fois_ne_change_rien(ml, tmp_path):
    mesurer_et_garder(Instantane.objects.get(), [tmp_path], [2025])
    assert QualiteMissionLocale.objects.count() == 1


def test_la_mission_locale_lit_sa_qualite_mois_par_mois(directrice, ml):
    contenu = page(directrice, ml).content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert "Qualité de la saisie" in contenu
    assert "demandent une reprise avant de lire les résultats" in contenu
    assert all(a.libelle.replace("'", "&#x27;") in contenu for a in charte().articles)
    assert contenu.count("<svg") >= len(charte().articles)
    # A call of 3 March entered on 5 May: 63 days, the only one of March besides J8's and J4's.
    assert "À reprendre" in contenu


def test_lexport_porte_chaque_mois(directrice, ml):
    reponse = page(directrice, ml, "portail:qualite_csv")
    lignes = list(csv.DictReader(io.StringIO(b"".join(reponse.streaming_content).decode("utf-8-sig"))))
    assert len(lignes) == 13 * len(charte().articles)


def test_une_mission_locale_sans_enregistrements_le_lit(directrice, ml):
    QualiteMissionLocale.objects.all().delete()
    assert "convenir qualite --entrepot" in page(directrice, ml).content.decode()


def test_un_financeur_lit_la_charte_et_non_la_qualite(ml):
    financeur = connecter(
        AdhesionFactory(
            organisation=OrganisationFactory(nature="financeur", niveau="departemental", departement=ml.departement),
            role=Role.FINANCEUR,
        )
    ).client
    assert page(financeur, ml).status_code == 403
    assert financeur.get(reverse("portail:charte")).status_code == 200


def test_le_nombre_de_requetes_ne_depend_pas_des_lignes(directrice, ml):
    def compter():
        with CaptureQueriesContext(
            connection,
        ) as requetes:
            page(directrice, ml)
        return len(requetes)

    page(directrice, ml)
    avant = compter()
    QualiteMissionLocale.objects.update(contenu=[])
    assert compter() <= avant


def test_la_charte_dit_chaque_article_et_son_seuil(client):
    contenu = client.get(reverse("portail:charte")).content.decode()
    assert contenu.count("<h2>Article ") == 12
    assert "Dès le premier cas" in contenu
    assert "À confirmer" in contenu


def test_le_document_de_la_charte():
    octets = rendre_charte(datetime(2026, 3, 1, tzinfo=UTC), fictif=False).octets
    lu = pypdf.PdfReader(io.BytesIO(octets))
    texte = "\n".join(p.extract_text() for p in lu.pages)
    assert "/StructTreeRoot" in lu.trailer["/Root"]
    assert texte.split() == ETALON.read_text("utf-8").split()
    assert rendre_charte(datetime(2026, 3, 1, tzinfo=UTC), fictif=False).octets == octets


def test_chaque_article_a_un_seuil_a_confirmer():
    for article in charte().articles:
        assert all(v.a_confirmer for v in catalogue().parametres[article.seuil].valeurs)


def test_la_commande_dit_lannee_et_ecrit_les_mois(tmp_path, capsys):
    generer_mini_ml(tmp_path)
    assert main(["qualite", "--entrepot", str(tmp_path), "--annee", "2025"]) == 0
    assert "QUA02 Sorties de dispositif sans situation connue" in capsys.readouterr().out
    assert main(["qualite", "--entrepot", str(tmp_path), "--annee", "2025", "--json"]) == 0
    lignes = json.loads(capsys.readouterr().out)["lignes"]
    assert {x["ml"] for x in lignes} == {"ML04401", "ML08501"}
    assert main(["qualite", "--entrepot", str(tmp_path / "absent"), "--annee", "2025"]) == 1
