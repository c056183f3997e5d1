"""The structure files its bilan, the State reconciles it and follows the convention; every page passes axe."""

from __future__ import annotations

from datetime import date

import pytest

from convenir.contrat.suivi.models import Moyen
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, UtilisateurFactory
from tests.factories_conventions import convention_en_cours
from tests.factories_socle import StructureFactory

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


def personne(organisation, role: Role, nom: str) -> str:
    qui = UtilisateurFactory(mot_de_passe=MOT_DE_PASSE, nom=nom)
    AdhesionFactory(utilisateur=qui, organisation=organisation, role=role)
    return qui.email


def test_une_convention_se_suit_jusqu_au_bilan(visiter, tmp_path, settings):
    settings.DOSSIER_DONNEES = tmp_path
    structure = StructureFactory(categorie="ACI", denomination="Les Jardins fictifs")
    convention = convention_en_cours(structure=structure, debut=date(2025, 1, 1), fin=date(2028, 1, 1))
    Moyen.objects.create(
        convention=convention, annee=2026, nature="dla", libelle="Appui fictif", fournisseur="DLA fictif", quantite=5,
        unite="journées", etat="non_livre", etat_le=date(2026, 6, 1), motif="prestataire indisponible",
        objectif_servi="Sorties dynamiques",
    )  # fmt: skip
    direction = visiter("direction")
    direction.connecter(personne(structure.porteur, Role.DIRECTION_STRUCTURE, "Direction fictive"), MOT_DE_PASSE)
    direction.aller(f"/suivi/{convention.reference}/")
    direction.page.get_by_role("button", name="Préparer le bilan 2025").click()
    direction.regarder("bilan-prerempli")
    for zone in direction.page.locator("textarea").all():
        zone.fill("Texte inventé pour le parcours.")
    direction.page.get_by_label("Personnes présentes dans l'année, selon vous").fill("41")
    direction.page.get_by_role("button", name="Enregistrer le bilan").click()
    direction.regarder("bilan-enregistre")
    direction.page.get_by_role("button", name="Déposer le bilan auprès de").click()
    direction.regarder("bilan-depose")

    ddets = visiter("ddets")
    ddets.connecter(personne(convention.service, Role.DEPARTEMENTAL, "Instruction fictive"), MOT_DE_PASSE)
    for chemin, titre in (
        ("", "liste"), (f"{convention.reference}/", "convention"),
        (f"{convention.reference}/bilans/2025/rapprochement/", "rapprochement"),
        (f"{convention.reference}/moyens/ajouter/", "moyen"), (f"{convention.reference}/analyse/", "analyse"),
        ("echeances/", "echeances"), ("referents/", "referents"), ("reprise/", "reprise"),
        ("commission/", "commission"),
        ("signes-non-valides/", "signes"), ("contestations/", "contestations"),
    ):  # fmt: skip
        ddets.aller(f"/suivi/{chemin}")
        ddets.regarder(titre)
    ddets.aller("/suivi/controles/")
    ddets.page.get_by_label("Graine").fill("graine fictive")
    ddets.page.get_by_label("Nombre de structures tirées").fill("1")
    ddets.page.get_by_role("button", name="Tirer cet échantillon").click()
    ddets.regarder("controles")
    ddets.page.get_by_role("link", name="structure tirée").click()
    ddets.page.get_by_text("donne les mêmes structures").wait_for()
    ddets.regarder("campagne")
    ddets.page.get_by_role("link", name="Les Jardins fictifs").click()
    ddets.page.get_by_role("button", name="Notifier le contrôle").click()
    ddets.regarder("controle")
