"""Each role meets only what is its own: director, région, funder, national data, people without a membership."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from convenir.socle.comptes.roles import Role
from tests.factories_comptes import MOT_DE_PASSE, UtilisateurFactory
from tests.factories_socle import StructureFactory
from tests.parcours import territoire

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def charge(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()
    territoire.charger(tmp_path / "premiere")


def nombre_de_handicapes(page):
    """First cell of the line: the number shown, then what a screen reader hears of its link."""
    page.locator("#publics summary").first.click()
    return page.locator("#publics tbody tr").filter(has_text="Travailleurs handicapés").locator("td").first


def test_structure_et_financeur(visiter):
    jardins = territoire.structure(100001, "ACI")
    directrice = territoire.entrer(visiter("directrice"), territoire.membre(Role.DIRECTION_STRUCTURE, de=jardins))
    page = directrice.page
    expect(page.get_by_role("heading", name="Mes structures")).to_be_visible()
    directrice.regarder("a-faire")
    page.get_by_role("link", name="fiche bilan").click()
    expect(nombre_de_handicapes(page)).to_have_text(re.compile(r"^1( \(d’où vient ce chiffre|$)"))
    directrice.regarder("sa-fiche")
    page.get_by_role("link", name="Structures", exact=True).first.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    directrice.aller(territoire.structure(100003, "AI").get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Page non trouvée")
    directrice.regarder("fiche-d-une-autre")
    directrice.aller("/donnees/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Accès refusé")
    expect(page.locator("main")).to_contain_text("Direction de structure")
    directrice.regarder("acces-refuse")

    # The same line, for the one who funds: the small count of a sensitive mark is masked.
    financeur = territoire.entrer(visiter("financeur"), territoire.membre(Role.FINANCEUR))
    financeur.aller(jardins.get_absolute_url())
    expect(nombre_de_handicapes(financeur.page)).to_have_text("s. s.")
    financeur.regarder("fiche-masquee")
    sensible = "chiffres/iae.publics.presents/?periode=2025&ventilation=rqth&modalite=oui"
    financeur.aller(jardins.get_absolute_url() + sensible)
    expect(financeur.page.get_by_role("heading", level=1)).to_have_text("Page non trouvée")


def test_agent_regional(visite):
    nantes = territoire.structure(100001, "ACI")
    StructureFactory.create_batch(30, departement=nantes.departement, commune=nantes.commune)
    page = territoire.entrer(visite, territoire.membre(Role.REGIONAL)).page
    visite.regarder("a-faire")
    page.get_by_role("link", name="Structures", exact=True).first.click()
    expect(page.get_by_role("status")).to_contain_text("36 structures")
    expect(page.locator("tbody tr")).to_have_count(25)
    page.locator("thead").get_by_role("link", name="ETP conventionnés").click()
    page.locator("thead").get_by_role("link", name="ETP conventionnés").click()
    expect(page.locator("th[aria-sort]")).to_have_count(1)
    etp = page.locator("tbody td[data-l='ETP conventionnés']")
    affiches = [t.split(" ")[0].split("(")[0].strip() for t in etp.all_inner_texts()]
    connus = [float(t.replace(",", ".")) for t in affiches if t[0].isdigit()]
    assert connus in (sorted(connus), sorted(connus, reverse=True))
    assert len(connus) == 6
    visite.regarder("structures-triees")
    page.get_by_role("link", name="Page suivante").click()
    expect(page.locator("tbody tr")).to_have_count(11)
    assert "tri=" in page.url
    visite.regarder("page-2")
    page.get_by_label("Département").select_option("85")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody tr th a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("CHANTIER")


def test_sans_fiche(visiter):
    donnees = territoire.entrer(visiter("donnees"), territoire.membre(Role.DONNEES_NATIONALES))
    expect(donnees.page.get_by_role("link", name="Structures", exact=True)).to_have_count(0)
    donnees.regarder("a-faire")
    donnees.page.get_by_role("link", name="Déposer une livraison").click()
    expect(donnees.page.get_by_role("button", name="Envoyer et contrôler")).to_be_visible()
    donnees.aller(territoire.structure(100001, "ACI").get_absolute_url())
    expect(donnees.page.get_by_role("heading", level=1)).to_have_text("Accès refusé")
    donnees.regarder("pas-de-fiche")

    animation = territoire.entrer(visiter("animation"), territoire.membre(Role.ANIMATION_REGIONALE))
    expect(animation.page.locator("main")).to_contain_text("Rien n’est à faire aujourd’hui")
    animation.regarder("a-faire")

    exterieur = visiter("exterieur")
    exterieur.connecter(UtilisateurFactory(mot_de_passe=MOT_DE_PASSE).email, MOT_DE_PASSE)
    expect(exterieur.page.get_by_role("heading", level=1)).to_contain_text("aucune organisation")
    exterieur.regarder("sans-adhesion")
    for adresse in ("/structures/", "/donnees/", "/textes-et-parametres/", "/journal/"):
        exterieur.aller(adresse)
        expect(exterieur.page.get_by_role("heading", level=1)).to_have_text("Accès refusé")

    anonyme = visiter("anonyme")
    anonyme.aller("/structures/")
    expect(anonyme.page.get_by_role("heading", level=1)).to_have_text("Connexion")
    assert "next=/structures/" in anonyme.page.url
