"""A new ACI files, is asked for a piece, supplies it, receives its acknowledgement; the service completes the file."""

from __future__ import annotations

from datetime import date

import pytest

from convenir.contrat.dossiers.models import Dossier
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory
from tests.factories_dossiers import PDF, dossier_rempli
from tests.factories_socle import ServiceDepartementalFactory, StructureFactory

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def piece(tmp_path, settings):
    settings.DOSSIER_DONNEES = tmp_path / "donnees"
    chemin = tmp_path / "assurance.pdf"
    chemin.write_bytes(PDF)
    return chemin


def personne(organisation, role: Role, nom: str) -> str:
    qui = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE, nom=nom)
    AdhesionFactory(utilisateur=qui, organisation=organisation, role=role)
    return qui.email


def test_une_aci_depose_fournit_une_piece_et_recoit_l_accuse(visiter, piece):
    structure = StructureFactory(categorie="ACI", denomination="Les Jardins fictifs")
    service = ServiceDepartementalFactory(departement=structure.departement)
    direction = visiter("direction")
    direction.connecter(personne(structure.porteur, Role.DIRECTION_STRUCTURE, "Direction fictive"), MOT_DE_PASSE)
    direction.aller("/dossiers/")
    direction.regarder("aucun-dossier")
    direction.aller("/dossiers/nouveau/")
    direction.regarder("nouveau")
    direction.page.get_by_role("button", name="Ouvrir le dossier").click()
    direction.regarder("ouvert")

    dossier = Dossier.objects.get()
    convention, dossier_url = dossier.convention, dossier.get_absolute_url()
    direction.aller(f"{dossier_url}sections/engagements/")
    direction.page.get_by_label("Missions de base").fill("Accueillir et encadrer")
    direction.page.get_by_text("Brouillon enregistré").wait_for()
    direction.regarder("section")
    direction.aller(f"{dossier_url}deposer/")
    direction.regarder("manques")

    dossier.delete()
    dossier_rempli(convention, reference_jour=date(2026, 11, 2))
    direction.aller(f"{dossier_url}financements/")
    direction.regarder("financements")
    direction.aller(f"{dossier_url}projet/")
    direction.regarder("projet")
    direction.aller(f"{dossier_url}projet/formation/ajouter/")
    direction.regarder("action")
    direction.aller(f"{dossier_url}pieces/")
    direction.regarder("pieces")
    direction.aller(f"{dossier_url}deposer/")
    direction.regarder("pret-a-deposer")
    direction.page.get_by_role("button", name="Déposer la demande auprès de").click()
    direction.page.get_by_role("link", name="Accusé de réception n° 1").wait_for()
    direction.regarder("depose")

    ddets = visiter("ddets")
    ddets.connecter(personne(service, Role.DEPARTEMENTAL, "Instruction fictive"), MOT_DE_PASSE)
    ddets.aller("/dossiers/")
    ddets.regarder("liste")
    ddets.aller(f"{dossier_url}demander/")
    ddets.page.get_by_text("Autre pièce").click()
    ddets.page.get_by_label("Ce qui est attendu").fill("Attestation d'assurance")
    ddets.page.get_by_label("Motif").fill("L'assurance des chantiers n'est pas jointe.")
    ddets.regarder("demander")
    ddets.page.get_by_role("button", name="Envoyer la demande").click()
    ddets.regarder("incomplet")

    direction.aller(f"{dossier_url}pieces/")
    direction.page.locator("#id_fichier").set_input_files(str(piece))
    direction.page.get_by_role("button", name="Joindre cette pièce").click()
    direction.regarder("piece-fournie")
    direction.aller(f"{dossier_url}deposer/")
    direction.page.get_by_role("button", name="Déposer la demande auprès de").click()
    direction.page.get_by_role("link", name="Accusé de réception n° 2").wait_for()

    ddets.aller(f"{dossier_url}sections/postes/")
    ddets.page.locator("summary").first.click()
    ddets.page.get_by_label("Commentaire").first.fill("Pourquoi ce nombre ?")
    ddets.page.get_by_role("button", name="Rouvrir cette question").first.click()
    ddets.regarder("commentaire")
    direction.aller(f"{dossier_url}sections/postes/")
    direction.regarder("question-rouverte")
    ddets.aller(dossier_url)
    ddets.page.get_by_role("button", name="Déclarer le dossier complet").click()
    ddets.page.get_by_text("l’instruction peut commencer").wait_for()
    ddets.regarder("complet")
    ddets.aller("/dossiers/referentiel/")
    ddets.regarder("referentiel")
