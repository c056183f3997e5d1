"""An administrator: a new arrêté, an invitation, the journal."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from convenir.socle.comptes.models import Utilisateur
from convenir.socle.comptes.roles import Role
from convenir.socle.territoires.models import Departement
from tests.factories_comptes import MOT_DE_PASSE
from tests.factories_socle import ServiceDepartementalFactory
from tests.parcours import territoire

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]
CHEF = "chef.de.service@exemple.invalid"


@pytest.fixture
def administratrice(visiter):
    territoire.poser_la_geographie()
    return territoire.entrer(visiter("administratrice"), territoire.membre(Role.ADMINISTRATION))


def test_ajouter_un_arrete(administratrice):
    page = administratrice.page
    administratrice.regarder("a-faire")
    page.get_by_role("link", name="Textes et paramètres").first.click()
    administratrice.regarder("textes")
    page.get_by_role("link", name="Ajouter une valeur").click()
    page.get_by_label(re.compile("^Paramètre")).select_option("iae.socle.ACI")
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_role("alert")).to_contain_text("Valeur")
    administratrice.regarder("saisie-incomplete")
    champs = {
        "Valeur": "24500", "Date d'effet": "01/01/2027", "Intitulé du texte": "Arrêté fictif du 15 décembre 2026",
        "Source": "https://exemple.invalid/arrete", "Motif de l'ajout": "Nouvel arrêté annuel.",
    }  # fmt: skip
    for libelle, valeur in champs.items():
        page.get_by_label(re.compile(f"^{libelle}")).fill(valeur)
    page.get_by_role("button", name="Voir ce qui change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifier la valeur à ajouter")
    administratrice.regarder("confirmation")
    page.get_by_role("button", name="Ajouter cette valeur").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"24\s500"))
    administratrice.aller("/textes-et-parametres/parametres/iae.socle.ACI/?date=31/12/2026")
    expect(page.locator("#valeur tbody")).not_to_contain_text(re.compile(r"24\s500"))
    expect(page.locator("main")).to_contain_text("Arrêté fictif du 15 décembre 2026")
    administratrice.regarder("histoire")

    administratrice.aller("/journal/")
    expect(page.locator("main .cv-liste > li").first).to_contain_text("iae.socle.ACI")
    page.locator("summary").first.click()
    administratrice.regarder("journal")
    page.get_by_label("Du").fill("2000-01-01")
    page.get_by_label("Au (jj/mm/aaaa)").fill("2000-01-02")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("main")).to_contain_text("Aucune entrée ne répond à ces filtres")


def test_inviter(administratrice, visiter):
    ServiceDepartementalFactory(departement=Departement.objects.get(code="44"))
    page = administratrice.page
    page.get_by_role("link", name="Comptes", exact=True).click()
    administratrice.regarder("comptes")
    page.get_by_role("link", name="Inviter une personne").click()
    page.get_by_label("Nom, SIRET ou code").fill("DDETS")
    page.get_by_role("button", name="Chercher").click()
    administratrice.regarder("choisir-l-organisation")
    page.locator("main .cv-liste a").first.click()
    page.get_by_label("Adresse électronique").fill(CHEF)
    page.get_by_label("Rôle").select_option(Role.DEPARTEMENTAL.value)
    administratrice.regarder("inviter")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_role("status").first).to_contain_text(CHEF)
    administratrice.regarder("invitations")

    lien = re.search(r"http\S+", mail.outbox[-1].body).group()
    invite = visiter("invite")
    invite.page.goto(lien)
    invite.page.get_by_label("Prénom").fill("Camille")
    invite.page.get_by_label("Nom", exact=True).fill("Fictive")
    invite.page.get_by_label(re.compile("^Nouveau mot de passe")).fill("court")
    invite.page.get_by_label(re.compile("^Le même")).fill("court")
    invite.page.get_by_role("button", name="Créer mon compte").click()
    expect(invite.page.get_by_role("alert")).to_contain_text("Nouveau mot de passe")
    invite.regarder("mot-de-passe-faible")
    invite.page.get_by_label(re.compile("^Nouveau mot de passe")).fill(MOT_DE_PASSE)
    invite.page.get_by_label(re.compile("^Le même")).fill(MOT_DE_PASSE)
    invite.page.get_by_role("button", name="Créer mon compte").click()
    expect(invite.page.get_by_role("heading", level=1)).to_have_text("À faire")
    invite.regarder("bienvenue")
    assert Utilisateur.objects.filter(email=CHEF).exists()

    perdu = visiter("perdu")
    perdu.page.goto(lien)
    expect(perdu.page.get_by_role("heading", level=1)).to_contain_text("fermée")
    perdu.regarder("invitation-deja-servie")
