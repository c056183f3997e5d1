"""Each prescriber enters its own commitments; a mission locale reads nothing else of the convention."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.suivi.actions import moyens
from convenir.contrat.suivi.models import Engagement
from convenir.contrat.suivi.queries.prescripteurs import conventions_a_prescrire
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import AdhesionFactory, connecter
from tests.factories_conventions import convention_en_cours, convention_en_preparation
from tests.factories_socle import MissionLocaleFactory

pytestmark = pytest.mark.django_db
R = Role
PRIS = {"nature": "orientations", "nombre": "20", "profil": "Moins de 26 ans", "delai_jours": "15", "annee": "2026",
        "referent": "Conseillère emploi"}  # fmt: skip


@pytest.fixture
def gens_d_ici(convention, gens):
    return gens(convention)


@pytest.fixture
def mission_locale(convention):
    """The direction of a mission locale of the same département."""
    ici = MissionLocaleFactory(departement=convention.departement)
    return connecter(AdhesionFactory(organisation=ici.organisation, role=R.DIRECTION_STRUCTURE))


def test_une_mission_locale_s_engage_aupres_d_une_siae_dont_elle_ne_lit_rien(convention, mission_locale):
    page = reverse("suivi:prescriptions")
    assert convention.nom_de_la_partie in mission_locale.client.get(page).content.decode()
    assert mission_locale.client.post(page, {**PRIS, "convention": convention.pk}).status_code == 302
    engagement = Engagement.objects.get()
    assert (engagement.organisation, engagement.nombre) == (mission_locale.adhesion.organisation, 20)
    assert not engagement.de_la_structure, "la direction d'une mission locale n'est pas la structure"
    assert "20 promis, en 15" in mission_locale.client.get(page).content.decode()
    realise = reverse("suivi:prescription", args=[engagement.pk])
    mission_locale.client.post(realise, {"realise": "14", "note": ""})
    assert "14 sur 20" in mission_locale.client.get(page).content.decode()
    assert not conventions_visibles(mission_locale.acteur).filter(pk=convention.pk).exists()
    assert mission_locale.client.get(reverse("suivi:convention", args=[convention.reference])).status_code == 404


def test_ni_ailleurs_ni_avant_la_negociation_ni_par_sa_collaboration(convention, mission_locale):
    ailleurs = convention_en_cours(debut=date(2025, 1, 1), fin=date(2028, 1, 1))
    depose = convention_en_preparation("depose", structure=convention.structure)
    assert list(conventions_a_prescrire(mission_locale.acteur)) == [convention]
    for interdite in (ailleurs, depose):
        with pytest.raises(ActionRefusee):
            moyens.s_engager(mission_locale.acteur, interdite, moyens.EngagementPris(2026, "orientations", nombre=1))
    organisation = mission_locale.adhesion.organisation
    collaboration = connecter(AdhesionFactory(organisation=organisation, role=R.COLLABORATION_STRUCTURE))
    with pytest.raises(ActionRefusee):
        moyens.s_engager(collaboration.acteur, convention, moyens.EngagementPris(2026, "orientations", nombre=1))
    assert "Inscrire un engagement" not in collaboration.client.get(reverse("suivi:prescriptions")).content.decode()


def test_une_siae_ne_prescrit_pas_a_ses_voisines(convention, gens_d_ici, gens):
    voisine = convention_en_cours(debut=date(2025, 1, 1), fin=date(2028, 1, 1))
    direction = gens(voisine)[R.DIRECTION_STRUCTURE]
    assert not conventions_a_prescrire(direction.acteur).exists()
    with pytest.raises(ActionRefusee):
        moyens.s_engager(direction.acteur, convention, moyens.EngagementPris(2026, "orientations", nombre=1))


def test_le_service_ecrit_l_engagement_d_une_partie_qui_dit_elle_meme_ce_qui_est_realise(
    convention, gens_d_ici, mission_locale
):
    ajouter = reverse("suivi:engagement_ajouter", args=[convention.reference])
    ddets, france_travail = gens_d_ici[R.DEPARTEMENTAL], gens_d_ici[R.FRANCE_TRAVAIL]
    choix = ddets.client.get(ajouter).context["formulaire"].fields["organisation"].queryset
    for qui in (mission_locale, france_travail, gens_d_ici[R.FINANCEUR]):
        assert qui.adhesion.organisation in choix
    ddets.client.post(ajouter, {**PRIS, "organisation": france_travail.adhesion.organisation.pk})
    engagement = Engagement.objects.get()
    assert engagement.partie == str(france_travail.adhesion.organisation)
    assert moyens.constater(france_travail.acteur, engagement, 12, "").tenu == "12 sur 20"
    assert "12 sur 20" in france_travail.client.get(reverse("suivi:prescriptions")).content.decode()
    ddets.client.post(ajouter, {**PRIS, "partie": "PLIE fictif"})
    assert Engagement.objects.filter(partie="PLIE fictif", organisation=None).count() == 1
    reponse = ddets.client.post(ajouter, PRIS)
    assert "Dites qui s’engage" in reponse.content.decode()


def test_une_partie_n_en_engage_pas_une_autre(convention, gens_d_ici):
    ajouter = reverse("suivi:engagement_ajouter", args=[convention.reference])
    autre = gens_d_ici[R.FRANCE_TRAVAIL].adhesion.organisation
    gens_d_ici[R.FINANCEUR].client.post(ajouter, {**PRIS, "organisation": autre.pk, "partie": "Une autre"})
    assert Engagement.objects.get().organisation == gens_d_ici[R.FINANCEUR].adhesion.organisation
    ailleurs = MissionLocaleFactory().organisation
    with pytest.raises(EntreeInvalide, match="n'est pas une partie de ce territoire"):
        moyens.s_engager(
            gens_d_ici[R.DEPARTEMENTAL].acteur, convention,
            moyens.EngagementPris(2026, "orientations", nombre=1, organisation=ailleurs),
        )  # fmt: skip


@pytest.mark.parametrize("role", [R.NATIONAL, R.REGIONAL, R.DEPARTEMENTAL, R.SIGNATAIRE])
def test_l_etat_n_a_pas_de_page_de_prescripteur(convention, gens_d_ici, role):
    """Elle lui disait « votre organisation a promis » : un service ne prescrit pas, le lien ne lui est pas offert."""
    etat, page = gens_d_ici[role], reverse("suivi:prescriptions")
    engagement = Engagement.objects.create(
        convention=convention, annee=2026, nature="orientations", partie="x", nombre=1,
        organisation=etat.adhesion.organisation,
    )  # fmt: skip
    for adresse in (page, reverse("suivi:prescription", args=[engagement.pk])):
        refusee = etat.client.get(adresse)
        assert refusee.status_code == 403
        assert "est celle d’un prescripteur" in refusee.content.decode()
        assert "Revenir au suivi" in refusee.content.decode()
    assert etat.client.post(page, {**PRIS, "convention": convention.pk}).status_code == 403
    assert page not in etat.client.get(reverse("suivi:liste")).content.decode()
    assert page in gens_d_ici[R.FRANCE_TRAVAIL].client.get(reverse("suivi:liste")).content.decode()
