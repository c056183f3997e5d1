"""Reprendre au navigateur les conventions nées ailleurs : une, une archive, toutes celles des annexes."""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from convenir.contrat.conventions.models import Convention
from convenir.mesure.donnees.models import AnnexeLue
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import pdf
from tests.factories_socle import ServiceDepartementalFactory
from tests.parcours import territoire

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ddets(visiter, tmp_path, settings):
    """L'agente de Loire-Atlantique, une livraison de l'ASP appliquée."""
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()
    territoire.charger(tmp_path / "premiere", territoire.loire_atlantique())
    structure = territoire.structure(100001, "ACI")
    service = ServiceDepartementalFactory(departement=structure.departement)
    return territoire.entrer(visiter("ddets"), territoire.membre(Role.DEPARTEMENTAL, service))


def test_une_convention_puis_une_archive(ddets):
    page, annee = ddets.page, timezone.localdate().year
    ddets.aller("/conventions/reprendre/")
    ddets.regarder("une-convention")
    page.get_by_label("Identifiant ASP").fill("100001")
    page.get_by_label("Premier jour").fill(f"01/01/{annee}")
    page.get_by_label("Dernier jour", exact=False).first.fill("31 décembre")
    page.get_by_role("button", name="Reprendre la convention").click()
    ddets.regarder("saisie-fautive")
    page.get_by_label("Dernier jour", exact=False).first.fill(f"31/12/{annee + 2}")
    page.get_by_label("Signée le").fill(f"15/12/{annee - 1}")
    page.get_by_label("Postes d'insertion").fill("12")
    page.get_by_label("Acte signé").set_input_files(
        {"name": "convention.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    page.get_by_role("button", name="Reprendre la convention").click()
    page.get_by_text("La convention est reprise").wait_for()
    ddets.regarder("reprise")
    assert Convention.objects.get().etat == "en_cours"

    ddets.aller("/conventions/reprendre/")
    page.get_by_role("link", name="En reprendre plusieurs à la fois").click()
    ddets.regarder("plusieurs")
    lignes = (f"100002;EI;01/01/{annee};31/12/{annee + 2};15/12/{annee - 1};EI.pdf",
              f"100001;ACI;01/01/{annee};31/12/{annee + 2};15/12/{annee - 1};ACI.pdf",
              f"999999;;01/01/{annee};31/12/{annee + 2};15/12/{annee - 1};ACI.pdf")  # fmt: skip
    for essai in ("Essayer, sans rien écrire", "Reprendre les conventions"):
        ddets.aller("/conventions/reprendre/plusieurs/")
        page.get_by_label("Archive").set_input_files(
            {"name": "reprise.zip", "mimeType": "application/zip", "buffer": archive(*lignes)}
        )
        page.get_by_label("Ce qu'il faut faire").select_option(label=essai)
        page.get_by_role("button", name="Envoyer l’archive").click()
        page.get_by_text("La reprise est demandée").wait_for()
        ddets.regarder("rapport-de-l-archive")
    assert Convention.objects.count() == 2
    ddets.aller("/conventions/reprendre/plusieurs/")
    ddets.regarder("reprises-demandees")


def archive(*lignes: str) -> bytes:
    tampon = BytesIO()
    with zipfile.ZipFile(tampon, "w") as z:
        z.writestr(
            "conventions.csv", "\n".join(("identifiant;categorie;debut;dernier_jour;signee_le;fichier", *lignes))
        )
        for nom in ("EI.pdf", "ACI.pdf"):
            z.writestr(nom, pdf())
    return tampon.getvalue()


def test_les_conventions_en_cours_depuis_les_annexes(ddets):
    annee = timezone.localdate().year
    AnnexeLue.objects.update(debut=date(annee, 1, 1), fin_incluse=date(annee, 12, 31))
    ddets.aller("/suivi/")
    ddets.page.get_by_role("link", name="Reprendre les conventions en cours").click()
    ddets.regarder("depuis-les-annexes")
    ddets.page.get_by_role("button", name="Essayer, sans rien écrire").click()
    ddets.page.get_by_text("La reprise est demandée").wait_for()
    ddets.regarder("essai")
    assert not Convention.objects.exists()
    ddets.aller("/suivi/reprise/")
    ddets.page.get_by_role("button", name="Reprendre les conventions de").click()
    ddets.page.get_by_text("La reprise est demandée").wait_for()
    ddets.regarder("rapport")
    reprises = Convention.objects.count()
    assert reprises
    ddets.aller("/suivi/reprise/")
    expect(ddets.page.locator("#rapports + ul > li")).to_have_count(2)
    ddets.regarder("rapports")
