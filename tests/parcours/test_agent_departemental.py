"""A departmental agent: from the delivery to the printed fiche."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from convenir.mesure.donnees.generateur.fautes import FAUTES
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import AdhesionFactory
from tests.factories_socle import ServiceDepartementalFactory
from tests.parcours import territoire

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def donnees(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()


@pytest.fixture
def charge(donnees, tmp_path):
    territoire.charger(tmp_path / "premiere")


def test_agent_departemental_importe(visite, tmp_path):
    # His service loads its own files: what is in force is of his département alone.
    territoire.charger(tmp_path / "premiere", territoire.loire_atlantique())
    agent = territoire.membre(Role.DEPARTEMENTAL)
    page = territoire.entrer(visite, agent).page
    visite.regarder("a-faire")
    page.get_by_role("link", name="Données", exact=True).click()
    visite.regarder("livraisons")
    page.get_by_role("link", name="Déposer une livraison").click()
    visite.regarder("deposer")

    notes = tmp_path / "notes.txt"
    notes.write_text("Ceci n'est pas une livraison.")
    territoire.envoyer(visite, notes)
    expect(page.get_by_role("alert")).to_contain_text("Fichiers")
    visite.regarder("fichier-inconnu")

    autre = territoire.livraison_suivante(tmp_path / "autre", 100001, 100005)
    territoire.envoyer(visite, autre)
    expect(page.get_by_role("heading", name="Pourquoi la livraison est refusée")).to_be_visible()
    expect(page.locator("main")).to_contain_text("(85)")
    visite.regarder("hors-du-departement")

    amputee = territoire.livraison_suivante(tmp_path / "amputee", 100001, 100003, faute=FAUTES["fin_absente"])
    territoire.envoyer(visite, amputee)
    expect(page.get_by_role("heading", name="Avant d’appliquer")).to_be_visible()
    visite.regarder("motifs-demandes")
    page.get_by_role("button", name="Appliquer cette livraison").click()
    expect(page.get_by_role("alert")).to_contain_text("Motif")
    visite.regarder("motifs-oublies")
    page.get_by_label(re.compile("^Motif de la confirmation")).fill("Deux structures ont fermé en décembre.")
    page.get_by_label(re.compile("^Motif de l'application")).fill("L'ASP confirme que le fichier est complet.")
    page.get_by_role("button", name="Appliquer cette livraison").click()
    expect(page.get_by_role("heading", name="Ce qui a changé")).to_be_visible()
    expect(page.locator("main")).to_contain_text("En vigueur")
    expect(page.locator("main")).to_contain_text("Deux structures ont fermé en décembre.")
    visite.regarder("appliquee")

    page.get_by_role("link", name="Structures", exact=True).first.click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_agent_departemental_imprime(visite, charge):
    agent = territoire.membre(Role.DEPARTEMENTAL)
    page = territoire.entrer(visite, agent).page
    page.get_by_role("link", name="Structures", exact=True).first.click()
    expect(page.locator("tbody tr")).to_have_count(5)  # the sixth is in Vendée
    visite.regarder("structures")
    page.get_by_label("Nom, commune, SIRET").fill("jardins")
    page.get_by_label("Catégorie").select_option("ACI")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("status")).to_contain_text("1 structure sur 5")
    with page.expect_download() as telechargement:
        page.get_by_role("link", name="CSV", exact=True).click()
    lignes = telechargement.value.path().read_text("utf-8-sig").splitlines()
    assert len(lignes) == 2
    assert "100001" in lignes[1]

    page.locator("tbody tr th a").click()
    expect(page.locator("main")).to_contain_text("2,00 ETP")
    visite.regarder("fiche")
    page.locator("summary", has_text="Fichiers d’origine").click()
    expect(page.locator("#instantane")).to_contain_text("fluxIAE_Structure_")
    pdf = page.context.request.get(
        visite.base + page.get_by_role("link", name=re.compile("PDF")).get_attribute("href")
    )
    assert pdf.ok
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF-")
    assert b"%%EOF" in pdf.body()[-32:]

    page.locator(".cv-essentiel a.cv-chiffre").first.click()
    expect(page.locator("main")).to_contain_text("D’où vient ce chiffre ?")
    expect(page.locator("#fichiers")).to_contain_text("fluxIAE_ContratMission_")
    expect(page.locator("#calcul")).to_contain_text("Lignes comptées")
    visite.regarder("chiffre")
    page.get_by_role("link", name="Revenir à la fiche").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("JARDINS")

    page.get_by_role("link", name="Structures", exact=True).first.click()
    page.get_by_label("Nom, commune, SIRET").fill("zzz")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("main")).to_contain_text("Aucune structure ne répond à cette recherche")
    visite.regarder("aucun-resultat")


def test_agent_departemental_change_d_organisation(visite, charge):
    agent = territoire.membre(Role.DEPARTEMENTAL)
    vendee = territoire.structure(100005, "ACI").departement
    ailleurs = ServiceDepartementalFactory(departement=vendee)
    AdhesionFactory(utilisateur=agent.utilisateur, organisation=ailleurs, role=Role.SIGNATAIRE)
    page = territoire.entrer(visite, agent).page
    nom = page.locator(".fr-header__tools a").first
    premiere = nom.inner_text()
    nom.click()
    visite.regarder("mon-compte")
    page.get_by_role("button", name=re.compile("^Agir pour cette organisation")).click()
    assert page.locator(".fr-header__tools a").first.inner_text() != premiere
    page.get_by_role("link", name="Structures", exact=True).first.click()
    visibles = {"Vendée": 1, "Loire-Atlantique": 5}
    expect(page.locator("tbody tr")).to_have_count(visibles["Loire-Atlantique" if "Vendée" in premiere else "Vendée"])
    visite.regarder("structures-d-ailleurs")
