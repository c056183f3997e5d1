"""Missions locales: the regional agent compares, the funder sees only what is allowed, the mission locale its quality,
its year and its months."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import MissionLocale
from tests.factories_dossiers import PDF
from tests.parcours import territoire
from tests.restitution import fabrique_ml
from tests.restitution.fabrique_ml import AILLEURS, DEDANS, NOMS

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def reseau(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()
    territoire.poser_la_geographie()
    fabrique_ml.creer_missions_locales()
    fabrique_ml.figer(tmp_path)


def test_agent_regional_compare_et_financeur_ne_voit_que_le_permis(visiter):
    agent = territoire.entrer(visiter("agent"), territoire.membre(Role.REGIONAL))
    page = agent.page
    page.get_by_role("link", name="Structures", exact=True).first.click()
    page.get_by_role("link", name="Missions locales", exact=True).first.click()
    expect(page.get_by_role("status")).to_contain_text("3 missions locales")
    agent.regarder("liste")
    page.get_by_role("link", name="Comparer sur un indicateur").click()
    page.get_by_label("Indicateur", exact=True).select_option("RES03c")
    page.get_by_label("Ordre", exact=True).select_option("territoire")
    page.get_by_role("button", name="Comparer").click()
    lignes = page.locator("tbody tr")
    expect(lignes).to_have_count(3)
    expect(lignes.nth(2)).to_contain_text("Vendée")
    expect(lignes.nth(2).locator("td").last).to_contain_text("3")
    agent.regarder("comparaison")
    page.get_by_role("link", name=NOMS[AILLEURS]).click()
    expect(page.locator("#axe-3")).to_contain_text("n. e.")
    agent.regarder("fiche")

    # The conseil départemental of Loire-Atlantique: its own territory, the year alone, small counts covered.
    financeur = territoire.entrer(visiter("financeur"), territoire.membre(Role.FINANCEUR))
    financeur.regarder("accueil-financeur")
    financeur.aller(f"/missions-locales/{DEDANS}/")
    expect(financeur.page.get_by_role("heading", level=1)).to_have_text("Page non trouvée")
    financeur.aller(f"/missions-locales/{fabrique_ml.PETITE}/")
    expect(financeur.page.locator("#axe-resultats")).to_contain_text("s. s.")
    financeur.regarder("fiche-masquee")
    financeur.aller(f"/missions-locales/{fabrique_ml.PETITE}/mois/")
    expect(financeur.page.get_by_role("heading", level=1)).to_have_text("Accès refusé")


def test_la_mission_locale_voit_sa_qualite_puis_ses_indicateurs_mois_par_mois(visite):
    organisation = MissionLocale.objects.get(code=DEDANS).organisation
    page = territoire.entrer(visite, territoire.membre(Role.DIRECTION_STRUCTURE, organisation)).page
    expect(page.locator("main")).to_contain_text("jeunes reçus en entretien en décembre 2025")
    visite.regarder("accueil")
    page.get_by_role("link", name="Lire la qualité de la saisie, puis l’année").click()
    expect(page.locator("#qualite")).to_contain_text("8 jeunes sortis sur 40")
    visite.regarder("fiche")
    page.locator("#axe-1-2 tbody tr").filter(has_text="Jeunes en entretien").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("150")
    page.locator("#mois summary").click()
    expect(page.locator("#mois tbody tr")).to_have_count(12)
    visite.regarder("chiffre")
    page.get_by_role("link", name="Revenir à la fiche").click()
    page.get_by_role("link", name="Lire le mois").click()
    page.get_by_role("link", name="Juin", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Juin 2025")
    visite.regarder("mois")


def test_la_mission_locale_tient_son_registre_et_l_etat_le_lit(visiter):
    organisation = MissionLocale.objects.get(code=DEDANS).organisation
    visite = territoire.entrer(visiter("ml"), territoire.membre(Role.COLLABORATION_STRUCTURE, organisation))
    page = visite.page
    visite.aller(f"/missions-locales/{DEDANS}/")
    page.get_by_role("link", name="Lire le registre").click()
    expect(page.locator("main")).to_contain_text("Votre registre est vide")
    visite.regarder("registre-vide")
    page.get_by_role("link", name="Inscrire un travail").click()
    page.get_by_label("Genre").select_option("partenariat")
    page.get_by_label("Axe de l’offre de service").select_option("5")
    page.get_by_label("Intitulé").fill("Permanences dans les lycées professionnels (fictif)")
    page.get_by_label("Territoire").fill("Vendée")
    page.get_by_label("Premier jour").fill("2025-09-01")
    page.get_by_label("ETP consacrés").fill("0,30")
    page.get_by_role("button", name="Enregistrer le travail").click()
    expect(page.get_by_role("alert")).to_contain_text("au moins un partenaire")
    visite.regarder("saisie-refusee")
    page.get_by_label("Partenaires").fill("Lycée fictif\nPlateforme de suivi et d’appui fictive")
    page.get_by_role("button", name="Enregistrer le travail").click()
    expect(page.get_by_role("status").last).to_contain_text("1 travail")
    visite.regarder("registre")
    page.get_by_role("link", name="Permanences dans les lycées").click()
    page.get_by_label("Fichier à joindre").set_input_files({"name": "convention.pdf", "mimeType": "", "buffer": PDF})
    page.get_by_role("button", name="Joindre cette pièce").click()
    expect(page.get_by_role("link", name="convention.pdf")).to_be_visible()
    visite.regarder("travail")
    page.get_by_role("link", name="Le retirer du registre").click()
    visite.regarder("retirer")

    agent = territoire.entrer(visiter("agent"), territoire.membre(Role.REGIONAL))
    agent.aller(f"/missions-locales/{DEDANS}/?annee=2025#axe-4-5")
    expect(agent.page.locator("#axe-4-5")).to_contain_text("Registre des travaux en 2025 : 1 partenariat")
    agent.regarder("fiche-avec-registre")
    agent.page.locator("#axe-4-5").get_by_role("link", name="1 partenariat").click()
    agent.page.get_by_role("link", name="Permanences dans les lycées").click()
    expect(agent.page.get_by_role("link", name="Modifier le travail")).to_have_count(0)
