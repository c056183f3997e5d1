"""Une mission locale et l'État signent leur CPO au navigateur : cinq axes écrits, cinq objectifs convenus."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from convenir.contrat.conventions.models import Convention, Piece
from convenir.contrat.dossiers.models import Dossier
from convenir.contrat.objectifs.models import AXES_ML, Objectif
from convenir.socle.comptes.roles import Role
from tests.contrat.conventions.outils import pdf
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory
from tests.factories_dossiers import dossier_rempli
from tests.factories_socle import MissionLocaleFactory, ServiceDepartementalFactory
from tests.parcours.conftest import Visite
from tests.parcours.test_negociation import repondre

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]
# L'ordre est celui des axes ; un objectif par axe.
OBJECTIFS = (
    ("Repérage, accueil, information, orientation", "Jeunes reçus pour la première fois", "900"),
    ("Accompagnement des parcours", "Jeunes en parcours contractualisé", "420"),
    ("Activité en direction des entreprises", "Entreprises partenaires actives", "120"),
    ("Expertise et observation", "Diagnostics partagés", "4"),
    ("Ingénierie de projet", "Actions nouvelles à plusieurs", "2"),
)


@pytest.fixture(autouse=True)
def donnees(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()


def entrer(visite: Visite, organisation, role: Role) -> Visite:
    personne = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE)
    AdhesionFactory(utilisateur=personne, organisation=organisation, role=role)
    visite.connecter(personne.email, MOT_DE_PASSE)
    visite.page.get_by_role("heading", level=1, name="À faire").wait_for()
    return visite


def test_une_mission_locale_signe_sa_cpo_a_cinq_axes(visiter):
    mission = MissionLocaleFactory()
    service = ServiceDepartementalFactory(departement=mission.departement)
    annee = timezone.localdate().year
    ddets = entrer(visiter("ddets"), service, Role.DEPARTEMENTAL)
    direction = entrer(visiter("direction"), mission.organisation, Role.DIRECTION_STRUCTURE)
    convention = _deposer_et_instruire(ddets, direction, annee)
    _ecrire_les_cinq_axes(ddets, convention)
    _ecrire_la_dotation(ddets)
    adresse = f"/objectifs/{convention.reference}/{annee}/"
    _convenir_un_objectif_par_axe(ddets, direction, adresse)
    ddets.aller(convention.get_absolute_url())
    ddets.page.get_by_role("link", name="Mettre à la signature").click()
    ddets.page.get_by_role("button", name="Enregistrer").click()
    expect(ddets.page.locator("#signatures")).to_contain_text("À son tour")
    ddets.regarder("cpo-a-signer")
    _signer(direction, convention, mission.organisation)
    _signer(ddets, convention, service)
    expect(ddets.page.locator(".cv-tour")).to_contain_text("Signée")
    direction.aller(convention.get_absolute_url())
    direction.regarder("cpo-signee")
    ddets.page.get_by_role("link", name="Actes et lettres à relire ou à remplacer").click()
    ddets.page.get_by_role("button", name="Établir : Convention initiale").click()
    ddets.page.get_by_role("link", name="Voir le document et ses versions").wait_for()
    ddets.regarder("actes-et-lettres")
    signee = Convention.objects.get()
    assert signee.etat == "signe"
    assert [a.cle for a in signee.versions.get().termes.axes] == sorted(
        ("reperage", "parcours", "entreprises", "expertise", "ingenierie")
    )
    assert signee.versions.get().signatures.count() == 2, "France Travail n'est pas partie à une CPO"


def _deposer_et_instruire(ddets: Visite, direction: Visite, annee: int) -> Convention:
    direction.aller("/dossiers/nouveau/")
    direction.page.get_by_label("Première année").select_option(str(annee))
    direction.page.get_by_role("button", name="Ouvrir le dossier").click()
    direction.page.get_by_role("heading", level=1).wait_for()
    ouvert = Dossier.objects.get()
    convention, url = ouvert.convention, ouvert.get_absolute_url()
    ouvert.delete()  # le remplir question par question a son propre parcours
    dossier_rempli(convention, reference_jour=timezone.localdate())
    direction.aller(url)
    direction.page.get_by_role("link", name="Relire et déposer la demande").click()
    direction.page.get_by_role("button", name="Déposer la demande auprès de").click()
    direction.page.get_by_role("link", name="Accusé de réception n° 1").wait_for()
    direction.regarder("deposee")
    ddets.aller(url)
    ddets.page.get_by_role("button", name="Déclarer le dossier complet").click()
    ddets.page.get_by_text("l’instruction peut commencer").wait_for()
    for acte in ("Commencer l'instruction", "Ouvrir la négociation des objectifs"):
        ddets.aller(convention.get_absolute_url())
        ddets.page.get_by_role("link", name=acte).click()
        ddets.page.get_by_role("button", name="Enregistrer").click()
        ddets.page.locator(".cv-tour").wait_for()
    return Convention.objects.get()


def _ecrire_la_dotation(ddets: Visite) -> None:
    ddets.page.get_by_role("link", name="Modifier les chiffres").click()
    ddets.page.get_by_label("Dotation").fill("640000")
    ddets.regarder("dotation")
    ddets.page.get_by_role("button", name="Enregistrer").click()
    ddets.page.get_by_text("Les termes sont enregistrés").wait_for()


def _ecrire_les_cinq_axes(ddets: Visite, convention: Convention) -> None:
    ddets.aller(convention.get_absolute_url())
    ddets.page.get_by_role("link", name="Écrire les clauses").click()
    zones = ddets.page.locator("main textarea")
    expect(zones).to_have_count(5)
    for zone, (axe, libelle, _) in zip(zones.all(), OBJECTIFS, strict=True):
        zone.fill(f"{axe} : ce que la mission locale propose (fictif). {libelle}.")
    ddets.regarder("cinq-axes")
    ddets.page.get_by_role("button", name="Enregistrer").click()
    ddets.page.get_by_text("Les termes sont enregistrés").wait_for()


def _convenir_un_objectif_par_axe(ddets: Visite, direction: Visite, adresse: str) -> None:
    for axe, (_, libelle, _) in zip(AXES_ML, OBJECTIFS, strict=True):
        ddets.aller(f"{adresse}nouveau/")
        ddets.page.get_by_label("Axe du projet").select_option(axe.value)
        ddets.page.locator("#id_libelle").fill(libelle)
        ddets.page.get_by_label("Unité").fill("par an")
        ddets.page.get_by_role("button", name="Poser cet objectif").click()
        ddets.page.get_by_role("heading", level=1).wait_for()
    for _, libelle, valeur in OBJECTIFS:
        ddets.aller(adresse)
        repondre(ddets, libelle, "Je propose une valeur", valeur, "Au vu de l'activité de trois ans.")
        direction.aller(adresse)
        repondre(direction, libelle, "J’accepte")
    direction.regarder("cinq-objectifs")
    assert set(Objectif.objects.values_list("axe", "etat")) == {(axe, "convenu") for axe in AXES_ML}


def _signer(visite: Visite, convention: Convention, organisation) -> None:
    page, acte = visite.page, Piece.objects.get(genre="acte")
    visite.aller(convention.get_absolute_url())
    page.get_by_role("link", name=f"Enregistrer la signature de {organisation}").click()
    page.get_by_label("Nom de la personne qui a signé").fill("Camille Fictive")
    page.get_by_label("Sa qualité").fill("Présidente")
    page.get_by_label("Comparaison d'un scan").select_option("oui")
    scan = {"name": "cpo-signee.pdf", "mimeType": "application/pdf", "buffer": pdf(acte.pages)}
    page.get_by_label("Acte signé").set_input_files(scan)
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Signature enregistrée").wait_for()
