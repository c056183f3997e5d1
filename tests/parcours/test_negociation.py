"""Négocier dans Chromium : trois tours jusqu'à l'accord, un désaccord consigné, un refus de négocier, le relevé."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from convenir.contrat.objectifs.models import Objectif
from convenir.socle.comptes.models import Adhesion
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory
from tests.factories_objectifs import negociation
from tests.parcours import territoire
from tests.parcours.conftest import Visite

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def donnees(settings, tmp_path):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    settings.DOSSIER_DONNEES.mkdir()


def membre(organisation, role: Role) -> Adhesion:
    return AdhesionFactory(
        utilisateur=UtilisateurFactory(mot_de_passe=MOT_DE_PASSE), organisation=organisation, role=role
    )


def repondre(visite: Visite, objectif: str, choix: str, valeur: str = "", raisons: str = "") -> None:
    """Fill and send the answer on one objective."""
    cle = Objectif.objects.filter(libelle=objectif).latest("pk").pk  # la convention qui suit a les siens
    section = visite.page.locator(f"#objectif-{cle}")
    section.get_by_text(choix, exact=False).first.click()
    if valeur:
        section.get_by_label("Valeur proposée").fill(valeur)
    if raisons:
        section.get_by_label("Vos raisons").fill(raisons)
    section.get_by_role("button", name="Envoyer ma réponse à").click()
    expect(visite.page.get_by_text("Votre réponse est envoyée.")).to_be_visible()


def test_trois_tours_un_desaccord_un_refus_et_le_releve(visiter, tmp_path):
    territoire.charger(tmp_path / "premiere")
    jeu = negociation(structure=territoire.structure(100001, "ACI"))
    adresse = f"/objectifs/{jeu.convention.reference}/2026/"
    ddets = territoire.entrer(visiter("ddets"), membre(jeu.convention.service, Role.DEPARTEMENTAL))
    ddets.aller(adresse)
    ddets.regarder("rien-de-pose")
    ddets.page.get_by_role("button", name="Poser les trois objectifs de sortie").click()
    expect(ddets.page.get_by_text("Les trois objectifs de sortie sont posés")).to_be_visible()
    ddets.regarder("poses")
    repondre(ddets, "Sorties positives", "Je propose une valeur", "17", "Deux formations ouvrent en février.")
    ddets.regarder("propose")

    # La structure négocie sans JavaScript : tout marche sans lui.
    direction = territoire.entrer(
        visiter("direction", javascript=False), membre(jeu.convention.organisation, Role.DIRECTION_STRUCTURE)
    )
    direction.aller("/")
    expect(direction.page.get_by_text("répondre sur")).to_be_visible()
    direction.aller(adresse)
    expect(direction.page.get_by_text("À vous de répondre", exact=True)).to_be_visible()
    direction.regarder("a-vous")
    repondre(
        direction, "Sorties positives", "Je propose une autre valeur", "14", "Une seule est accessible sans permis."
    )
    ddets.aller(adresse)
    ddets.regarder("deuxieme-tour")
    repondre(ddets, "Sorties positives", "Je propose une autre valeur", "16", "D’accord pour une formation sur deux.")
    direction.aller(adresse)
    repondre(direction, "Sorties positives", "J’accepte")
    expect(direction.page.get_by_role("heading", name="convenu à 16")).to_be_visible()
    direction.regarder("troisieme-tour-accord")

    ddets.aller(adresse)
    repondre(ddets, "Emploi durable", "Je propose une valeur", "30", "Les offres du bassin augmentent.")
    direction.aller(adresse)
    repondre(
        direction, "Emploi durable", "Nous ne sommes pas d’accord", "20", "Les publics sont plus éloignés de l’emploi."
    )
    direction.regarder("desaccord-consigne")
    repondre(direction, "Emploi de transition", "Je refuse de négocier", "", "L’atelier déménage cette année.")
    direction.regarder("refus")

    ddets.aller(adresse)
    expect(ddets.page.get_by_text("La négociation est close.")).to_be_visible()
    ddets.regarder("close")
    ddets.page.get_by_role("button", name="Établir le relevé").click()
    expect(ddets.page.get_by_role("heading", level=1)).to_contain_text("Relevé de la négociation")
    ddets.regarder("releve")
    ddets.aller("/objectifs/suivi/?annee=2026")
    ddets.regarder("suivi")
    ddets.aller("/objectifs/")
    ddets.regarder("liste")
    ddets.aller("/notifications/")
    ddets.regarder("notifications")
    ddets.aller("/notifications/preferences/")
    ddets.regarder("preferences")


def test_deux_agents_ecrivent_sur_le_meme_objectif_en_meme_temps(visiter):
    """Two agents editing the same objective at once: the second is told, sees both texts, loses nothing."""
    jeu = negociation()
    durable = jeu.sorties()["durable"]
    adresse = f"/objectifs/{jeu.convention.reference}/2026/"
    premier, second = (
        territoire.entrer(visiter(nom), membre(jeu.convention.service, Role.DEPARTEMENTAL))
        for nom in ("premier", "second")
    )
    premier.aller(f"/objectifs/{durable.pk}/precisions/")
    second.aller(f"/objectifs/{durable.pk}/precisions/")
    for visite, texte in ((premier, "Hors contrats aidés."), (second, "Six mois au moins.")):
        visite.page.get_by_label("Précisions").fill(texte)
        visite.page.get_by_role("button", name="Enregistrer ces précisions").click()
    expect(second.page.get_by_text("Hors contrats aidés.")).to_be_visible()
    expect(second.page.get_by_label("Précisions")).to_have_value("Six mois au moins.")
    second.regarder("precisions-en-meme-temps")
    second.page.get_by_role("button", name="Enregistrer ces précisions").click()
    expect(second.page.get_by_text("Six mois au moins.")).to_be_visible()

    premier.aller(adresse)
    second.aller(adresse)
    repondre(premier, "Emploi durable", "Je propose une valeur", "27", "Les offres du bassin augmentent.")
    section = second.page.locator(f"#objectif-{durable.pk}")
    section.get_by_text("Je propose une valeur").first.click()
    section.get_by_label("Valeur proposée").fill("25")
    section.get_by_label("Vos raisons").fill("Au vu des trois dernières années.")
    section.get_by_role("button", name="Envoyer ma réponse à").click()
    alerte = second.page.get_by_role("alert")
    expect(alerte).to_contain_text("Pendant que vous écriviez")
    for texte in ("« Les offres du bassin augmentent. »", "Au vu des trois dernières années.", "25"):
        expect(alerte).to_contain_text(texte)
    second.regarder("reponses-en-meme-temps")
    assert durable.positions.count() == 1
