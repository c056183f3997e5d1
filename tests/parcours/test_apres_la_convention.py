"""After the convention: a control and its decision, what is published, what is eliminated on a visaed slip."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from convenir.contrat.conventions.models import Decision
from convenir.contrat.dossiers.models import Reponse
from convenir.contrat.suivi.models import CampagneDeControle
from convenir.socle.archives.models import Bordereau
from convenir.socle.comptes.roles import Role
from tests.factories_conventions import (
    TERMES,
    AnnexeFinanciereFactory,
    ConventionFactory,
    VersionFactory,
    convention_en_cours,
)
from tests.factories_dossiers import PDF, DossierFactory
from tests.factories_socle import StructureFactory
from tests.parcours.territoire import entrer, membre

pytestmark = [pytest.mark.parcours, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def convention(tmp_path, settings):
    """Une convention en cours depuis 2025, son avenant de juillet à revoir, une convention finie en 2012."""
    settings.DOSSIER_DONNEES = tmp_path
    structure = StructureFactory(categorie="ACI", denomination="Les Jardins fictifs")
    convention = convention_en_cours(structure=structure, debut=date(2025, 1, 1), fin=date(2028, 1, 1))
    version = VersionFactory(convention=convention, rang=1, nature="avenant", numero=1, effet=date(2025, 7, 1),
                             termes=TERMES, etat="signee", signee_le=date(2025, 6, 20))  # fmt: skip
    AnnexeFinanciereFactory(version=version, annee=2025, debut=date(2025, 7, 1), etat="exception", motif="à revoir")
    finie = ConventionFactory(structure=structure, service=convention.service, etat="expire", debut=date(2010, 1, 1),
                              fin=date(2013, 1, 1), etat_depuis=date(2013, 1, 1))  # fmt: skip
    ancien = DossierFactory(convention=finie, ouvert_le=datetime(2009, 11, 2, tzinfo=UTC), depose_le=date(2009, 11, 4))
    Reponse.objects.create(dossier=ancien, champ="postes.etp_demandes", valeur="12", modifiee_le=timezone.now())
    return convention


@pytest.fixture
def ddets(visiter, convention):
    return entrer(visiter("ddets"), membre(Role.DEPARTEMENTAL, convention.service))


def test_un_controle_se_decide_ce_qui_est_public_se_publie(ddets, convention):
    campagne = CampagneDeControle.objects.create(
        departement=convention.departement, annee=2025, graine="graine fictive", empreinte="x", taille=1,
        population=[convention.structure.code], tiree_le=timezone.now(), tiree_par="x",
    )  # fmt: skip
    controle = campagne.controles.create(
        structure=convention.structure, etape="decision", notifie_le=date(2026, 1, 5),
        premier_delai=date(2026, 2, 16), second_delai=date(2026, 3, 31),
    )  # fmt: skip
    ddets.aller(f"/suivi/controles/{controle.pk}/")
    ddets.regarder("controle-a-decider")
    page = ddets.page
    page.get_by_label("Résultat").select_option("non_conforme")
    page.get_by_label("Remboursement demandé").fill("812,40")
    page.get_by_role("button", name="Clore ce contrôle").click()
    ddets.regarder("decision-incomplete")
    page.locator("#id_signataire").fill("Camille Fictive")
    page.get_by_label("Qualité du signataire").fill("Directrice départementale")
    page.get_by_role("button", name="Clore ce contrôle").click()
    page.get_by_role("heading", name="La décision").wait_for()
    ddets.regarder("controle-decide")
    page.get_by_role("link", name="Ouvrir la décision").click()
    ddets.regarder("decision")
    assert Decision.objects.get().genre == "controle"
    ddets.aller("/conventions/")
    page.get_by_role("link", name="Publier les données essentielles").click()
    page.get_by_label("Année de signature").select_option("2025")
    page.get_by_role("button", name="Afficher").click()
    ddets.regarder("donnees-essentielles")
    annexe = convention.annexes.get()
    ddets.aller(f"/conventions/{convention.reference}/annexes/{annexe.pk}/")
    ddets.regarder("annexe-en-cours-d-annee")
    page.get_by_role("button", name="L’écrire pour l’année entière").click()
    ddets.regarder("annexe-ecrite")


def test_un_dossier_ancien_s_elimine_sur_bordereau_vise(ddets, convention, tmp_path):
    page = ddets.page
    ddets.aller("/archives/")
    ddets.regarder("tableau-de-conservation")
    page.get_by_role("link", name="préparer un bordereau").click()
    page.get_by_text("Dossier de demande").first.click()
    page.get_by_label("Signataire du service").fill("Camille Fictive")
    page.get_by_label("Sa qualité").fill("Directrice départementale")
    ddets.regarder("bordereau-a-preparer")
    page.get_by_role("button", name="Préparer le bordereau").click()
    ddets.regarder("bordereau-prepare")
    page.get_by_role("link", name="Enregistrer le visa").click()
    vise = tmp_path / "bordereau-vise.pdf"
    vise.write_bytes(PDF)
    page.get_by_label("Visé par").fill("Archives départementales fictives")
    page.get_by_label("Visa du").fill(timezone.localdate().isoformat())
    page.get_by_label("Bordereau visé").set_input_files(str(vise))
    ddets.regarder("visa")
    page.get_by_role("button", name="Enregistrer").click()
    ddets.regarder("bordereau-vise")
    page.get_by_role("button", name="Éliminer ces articles").click()
    page.get_by_text("Éliminé le").wait_for()
    ddets.regarder("bordereau-execute")
    assert Bordereau.objects.get().etat == "bordereau_execute"
    assert not Reponse.objects.exists()
