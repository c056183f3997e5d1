"""What goes wrong, and the other ways of using a page: mistakes, errors, no JavaScript, keyboard only."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from convenir.mesure.donnees.models import Livraison
from convenir.mesure.indicateurs import queries as indicateurs
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import MOT_DE_PASSE, UtilisateurFactory
from tests.parcours import territoire

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def dossier(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()


def test_erreurs_de_connexion(visite):
    page = visite.page
    visite.aller("/structures/?q=x")
    visite.regarder("connexion")
    visite.connecter("personne@exemple.invalid", "faux")
    expect(page.get_by_role("alert")).to_contain_text("Adresse ou mot de passe inconnus")
    visite.regarder("mot-de-passe-faux")
    page.context.clear_cookies()
    page.get_by_role("button", name="Se connecter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("La page a expiré")
    visite.regarder("page-expiree")

    personne = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    visite.aller("/comptes/connexion/")
    page.get_by_role("link", name="Mot de passe oublié").click()
    visite.regarder("mot-de-passe-oublie")
    page.get_by_label("Adresse électronique").fill(personne.email)
    page.get_by_role("button", name="Recevoir un lien").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos courriels")
    visite.regarder("lien-envoye")
    page.goto(re.search(r"http\S+", mail.outbox[-1].body).group())
    page.get_by_label(re.compile("^Nouveau mot de passe")).fill("Quatre-Rivieres-2027!")
    page.get_by_label(re.compile("^Le même")).fill("Quatre-Rivieres-2027!")
    visite.regarder("nouveau-mot-de-passe")
    page.get_by_role("button").last.click()
    visite.connecter(personne.email, "Quatre-Rivieres-2027!")
    expect(page.get_by_role("heading", level=1)).to_contain_text("aucune organisation")


def test_pages_d_erreur_et_pages_vides(visite, monkeypatch):
    page = visite.page
    territoire.poser_la_geographie()
    visite.aller("/nulle-part/")
    territoire.entrer(visite, territoire.membre(Role.DEPARTEMENTAL))
    visite.regarder("a-faire-sans-donnees")
    for nom, adresse in {
        "structures": "/structures/", "donnees": "/donnees/", "journal": "/journal/", "jetons": "/api/jetons/",
        "methodes": "/methodes/", "accessibilite": "/accessibilite/", "mentions": "/mentions-legales/",
        "donnees-personnelles": "/donnees-personnelles/",
        "sorties-locales": "/textes-et-parametres/sorties-positives/",
    }.items():  # fmt: skip
        visite.aller(adresse)
        visite.regarder(nom)
    visite.aller("/structures/1-ACI/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Page non trouvée")
    visite.regarder("404")

    en_cours = Livraison.objects.create(
        source="fluxiae", auteur_nom="Camille Fictive", etape="Lecture de Salarie", progression=40
    )
    visite.aller(en_cours.get_absolute_url())
    expect(page.get_by_role("heading", level=2, name="En cours")).to_be_visible()
    visite.regarder("en-cours")

    def tomber() -> None:
        raise RuntimeError("Panne voulue par le parcours.")

    monkeypatch.setattr(indicateurs, "definitions_par_famille", tomber)
    visite.aller("/methodes/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Erreur de la plateforme")
    expect(page.locator(".fr-logo").first).to_be_visible()
    visite.regarder("500")


def test_sans_javascript(visiter, tmp_path):
    territoire.charger(tmp_path / "premiere", territoire.loire_atlantique())
    visite = visiter(javascript=False)
    page = territoire.entrer(visite, territoire.membre(Role.DEPARTEMENTAL)).page
    visite.regarder("a-faire")
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="Structures").click()
    page.get_by_label("Nom, commune, SIRET").fill("jardins")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody tr th a").click()
    page.locator("#etp summary").click()
    expect(page.locator("#etp table")).to_be_visible()
    visite.regarder("fiche")
    territoire.envoyer(visite, territoire.livraison_suivante(tmp_path / "suite", 100001, 100002, 100003, 100004))
    expect(page.get_by_role("heading", name="Ce qui changerait")).to_be_visible()
    visite.regarder("rapport")
    page.get_by_role("button", name="Appliquer cette livraison").click()
    expect(page.get_by_role("heading", name="Ce qui a changé")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_role("navigation", name="Menu principal").get_by_role("link", name="À faire").click()
    page.get_by_role("button", name="Se déconnecter").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion")


def test_au_clavier(visite, tmp_path):
    territoire.charger(tmp_path / "premiere")
    page = territoire.entrer(visite, territoire.membre(Role.DEPARTEMENTAL)).page
    clavier = page.keyboard

    def actif() -> str:
        return page.evaluate("document.activeElement.innerText.trim()")

    def avancer(vers: str, limite: int = 60) -> None:
        for _ in range(limite):
            clavier.press("Tab")
            if actif().startswith(vers):
                style = "getComputedStyle(document.activeElement)"
                assert page.evaluate(f"{style}.outlineStyle") != "none", f"{vers} : le focus ne se voit pas"
                return
        pytest.fail(f"« {vers} » n'est pas atteint au clavier en {limite} tabulations.")

    visite.aller("/")
    clavier.press("Tab")
    assert actif() == "Contenu"
    clavier.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"
    visite.aller("/")
    avancer("Structures")
    clavier.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Structures")
    avancer("LES JARDINS")
    clavier.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("JARDINS")
    avancer("Voir les chiffres", 120)
    clavier.press("Enter")
    expect(page.locator("details[open]").first).to_be_visible()
