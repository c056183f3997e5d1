"""The project: one page whose every button saves all its texts; what the year before gives, to be confirmed."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from convenir.contrat.dossiers import actions, queries
from convenir.contrat.dossiers.actions import ActionEcrite, Saisie
from convenir.contrat.dossiers.models import Dossier, PresentationLibre
from convenir.contrat.dossiers.propositions import termes_demandes
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.roles import Role
from tests.factories_conventions import convention_en_preparation
from tests.factories_dossiers import INSTANT, dossier_depose, dossier_rempli

pytestmark = pytest.mark.django_db
R = Role


@pytest.fixture
def dossier() -> Dossier:
    return dossier_rempli()


@pytest.fixture
def direction(dossier, gens):
    return gens(dossier.convention)[R.DIRECTION_STRUCTURE]


def adresse(dossier: Dossier) -> str:
    return reverse("dossiers:projet", args=[dossier.convention.reference])


def textes(dossier: Dossier) -> dict[str, str]:
    return dict(dossier.presentations.values_list("axe", "texte"))


def test_un_bouton_enregistre_les_textes_de_tous_les_axes(dossier, direction):
    ecrits = {"t-accueil": "Un tuteur.", "v-t-accueil": "0", "t-formation": "Le permis.", "v-t-formation": "0"}
    reponse = direction.client.post(adresse(dossier), {**ecrits, "enregistrer": "formation"})
    assert reponse["Location"].endswith("/projet/#formation")
    assert textes(dossier) == {"accueil": "Un tuteur.", "formation": "Le permis."}


def test_aller_ajouter_ou_retirer_une_action_ne_perd_pas_les_textes(dossier, direction):
    reference, action = dossier.convention.reference, dossier.actions.get()
    reponse = direction.client.post(adresse(dossier), {"t-accueil": "Un", "v-t-accueil": "0", "aller": "formation"})
    assert reponse["Location"] == reverse("dossiers:action_ajouter", args=[reference, "formation"])
    reponse = direction.client.post(
        adresse(dossier), {"t-accueil": "Deux", "v-t-accueil": "1", "aller": f"accueil/{action.pk}"}
    )
    assert reponse["Location"] == reverse("dossiers:action", args=[reference, "accueil", action.pk])
    assert textes(dossier) == {"accueil": "Deux"}
    retirer = reverse("dossiers:action_retirer", args=[reference, action.pk])
    direction.client.post(retirer, {"t-accueil": "Trois", "v-t-accueil": "2"})
    assert textes(dossier) == {"accueil": "Trois"}
    assert not dossier.actions.exists()


def test_l_enregistrement_discret_du_projet_rend_ses_versions(dossier, direction):
    donnees = {"t-accueil": "Un tuteur.", "v-t-accueil": "0"}
    lu = direction.client.post(adresse(dossier), donnees, headers={"X-Requested-With": "convenir"}).json()
    assert lu["ecrites"] == {"v-t-accueil": 1}
    assert textes(dossier) == {"accueil": "Un tuteur."}


def test_le_second_qui_ecrit_voit_les_deux_textes_et_ses_autres_axes_sont_gardes(dossier, direction, gens):
    collegue = gens(dossier.convention)[R.COLLABORATION_STRUCTURE]
    collegue.client.post(adresse(dossier), {"t-accueil": "Le premier", "v-t-accueil": "0"})
    reponse = direction.client.post(
        adresse(dossier),
        {"t-accueil": "Le second", "v-t-accueil": "0", "t-formation": "Le permis", "v-t-formation": "0"},
    )
    page = reponse.content.decode()
    assert reponse.status_code == 400
    assert "Le premier" in page
    assert "Le second" in page
    assert str(collegue.adhesion.utilisateur) in page
    assert 'name="v-t-accueil" value="1"' in page
    assert textes(dossier) == {"accueil": "Le premier", "formation": "Le permis"}


def test_un_texte_trop_long_est_rendu_et_les_autres_enregistres(dossier, direction):
    reponse = direction.client.post(adresse(dossier), {"t-accueil": "x" * 20_001, "t-formation": "Court"})
    assert reponse.status_code == 400
    assert "x" * 20_001 in reponse.content.decode()
    assert textes(dossier) == {"formation": "Court"}


@pytest.fixture
def suivant(gens) -> Dossier:
    """The file of the period after one where everything was written."""
    ancien = dossier_depose()
    PresentationLibre.objects.create(dossier=ancien, axe="formation", texte="Le permis.", modifiee_le=INSTANT)
    ancien.actions.update(preuve="le livret", orientation="Axe 2 du plan", nouvelle=True)
    convention = convention_en_preparation(
        structure=ancien.convention.structure, debut=date(2030, 1, 1), fin=date(2033, 1, 1),
        service=ancien.convention.service,
    )  # fmt: skip
    return actions.ouvrir(gens(convention)[R.DIRECTION_STRUCTURE].acteur, convention, maintenant=INSTANT)


def test_le_projet_et_les_financements_de_l_annee_passee_sont_repris_a_confirmer(suivant):
    action, libre, demande = suivant.actions.get(), suivant.presentations.get(), suivant.financements.get()
    assert (action.intitule, action.preuve, action.orientation) == ("Accueil fictif", "le livret", "Axe 2 du plan")
    assert not action.nouvelle, "une problématique n'est nouvelle qu'une fois"
    assert (libre.axe, libre.texte) == ("formation", "Le permis.")
    assert (demande.nom, demande.base, demande.efforts) == ("État", 100_000, 5_000)
    for reprise in (action, libre, demande):
        assert reprise.a_confirmer
        assert "dossier 2027 (CONV-" in reprise.origine
    manques = {m.code: m.raison for m in queries.completude(suivant).manques}
    assert manques["projet"] == manques["financements"] == "à confirmer"


def test_enregistrer_le_projet_confirme_ce_qui_est_a_l_ecran_pas_l_enregistrement_discret(suivant, gens):
    client = gens(suivant.convention)[R.DIRECTION_STRUCTURE].client
    assert "À confirmer" in client.get(adresse(suivant)).content.decode()
    vu = {"t-formation": "Le permis.", "v-t-formation": "1", "vue": str(suivant.actions.get().pk)}
    client.post(adresse(suivant), vu, headers={"X-Requested-With": "convenir"})
    assert suivant.presentations.get().a_confirmer
    client.post(adresse(suivant), {**vu, "vue": "", "enregistrer": "formation"})
    assert not suivant.presentations.get().a_confirmer
    assert suivant.actions.get().a_confirmer, "une action que la page ne montrait pas n'est pas confirmée"
    client.post(adresse(suivant), {**vu, "enregistrer": "formation"})
    assert not suivant.actions.get().a_confirmer
    assert "projet" not in {m.code for m in queries.completude(suivant).manques}


def test_les_financements_repris_se_confirment_d_un_bouton(suivant, gens):
    client = gens(suivant.convention)[R.DIRECTION_STRUCTURE].client
    page = reverse("dossiers:financements", args=[suivant.convention.reference])
    assert "Confirmer les financements repris" in client.get(page).content.decode()
    client.post(page, {"confirmer": "oui", "vue": str(suivant.financements.get().pk)})
    assert not suivant.financements.get().a_confirmer
    assert "financements" not in {m.code for m in queries.completude(suivant).manques}


def test_une_action_nomme_l_orientation_servie_et_la_partie_qui_l_attend(dossier, direction, gens):
    financeur = gens(dossier.convention)[R.FINANCEUR].adhesion.organisation
    ajouter = reverse("dossiers:action_ajouter", args=[dossier.convention.reference, "formation"])
    champs = {
        "intitule": "Permis fictif",
        "orientation": "Lever les freins à la mobilité",
        "organisation": financeur.pk,
    }
    direction.client.post(ajouter, champs)
    action = dossier.actions.get(axe="formation")
    assert (action.organisation, action.attendue_par) == (financeur, financeur.nom)
    page = direction.client.get(adresse(dossier)).content.decode()
    assert "Lever les freins à la mobilité" in page
    assert str(financeur.nom) in page
    Dossier.objects.filter(pk=dossier.pk).update(depose_le=INSTANT.date())
    (formation,) = [a.texte for a in termes_demandes(dossier.convention).axes if a.cle == "formation"]
    assert "orientation du plan départemental servie : Lever les freins à la mobilité" in formation
    assert f"attendue par : {financeur.nom}" in formation


def test_une_action_n_est_pas_attendue_par_une_partie_d_ailleurs(dossier, direction):
    ailleurs = dossier_rempli().convention.structure.porteur
    with pytest.raises(EntreeInvalide, match="n'est pas une partie de ce territoire"):
        actions.ecrire_action(
            direction.acteur, dossier, ActionEcrite("accueil", "x", organisation=ailleurs), maintenant=INSTANT
        )


def test_un_axe_d_un_autre_dispositif_est_refuse(dossier, direction):
    with pytest.raises(EntreeInvalide, match="n'est pas celui de votre dispositif"):
        actions.ecrire_librement(direction.acteur, dossier, {"ml_1": Saisie("x")}, maintenant=INSTANT)
