"""Tenir les comptes : la liste, la fin d'une adhésion, l'état d'un compte, le premier compte."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes import actes, actions
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Nature
from tests.factories_comptes import MOT_DE_PASSE, AdhesionFactory, Connecte, UtilisateurFactory, connecter
from tests.factories_socle import OrganisationFactory, ServiceDepartementalFactory

pytestmark = pytest.mark.django_db
AUJOURDHUI = date(2026, 10, 15)


@pytest.fixture
def plateforme():
    return OrganisationFactory(nature=Nature.PLATEFORME, nom="Exploitant fictif", siret="")


@pytest.fixture
def administratrice(plateforme) -> Connecte:
    return connecter(AdhesionFactory(role=Role.ADMINISTRATION, organisation=plateforme))


@pytest.fixture
def agente() -> Connecte:
    return connecter(AdhesionFactory())


def lister(connecte: Connecte, **filtres: str) -> str:
    reponse = connecte.client.get(reverse("comptes:liste"), filtres)
    assert reponse.status_code == 200
    return reponse.content.decode()


def test_chacun_voit_les_siens_et_l_administration_tout(administratrice, agente):
    collegue = AdhesionFactory(organisation=agente.adhesion.organisation)
    ailleurs = AdhesionFactory()
    page = lister(agente)
    assert collegue.utilisateur.email in page
    assert ailleurs.utilisateur.email not in page
    assert "Désactiver" not in page
    assert ailleurs.utilisateur.email in lister(administratrice)


def test_la_liste_se_filtre(administratrice):
    nadia = AdhesionFactory(utilisateur__nom="Ferrand")
    parti = AdhesionFactory(fin=timezone.localdate(), fin_motif="Retraite")
    regional = AdhesionFactory(role=Role.SIGNATAIRE)
    assert nadia.utilisateur.email in lister(administratrice, texte="ferrand")
    assert regional.utilisateur.email not in lister(administratrice, texte="ferrand")
    assert parti.utilisateur.email not in lister(administratrice)
    terminees = lister(administratrice, etat="terminees")
    assert parti.utilisateur.email in terminees
    assert "Retraite" in terminees
    assert nadia.utilisateur.email not in lister(administratrice, role=Role.SIGNATAIRE)
    assert "Aucune adhésion ne répond" in lister(administratrice, texte="introuvable")


def test_la_liste_ne_coute_pas_plus_cher_quand_elle_s_allonge(administratrice, django_assert_max_num_queries):
    AdhesionFactory.create_batch(12)
    with django_assert_max_num_queries(5):
        lister(administratrice)


def test_terminer_demande_un_motif_puis_ferme_l_acces(agente):
    collegue = connecter(AdhesionFactory(organisation=agente.adhesion.organisation))
    url = reverse("comptes:terminer_adhesion", args=[collegue.adhesion.pk])
    assert "Terminer l’adhésion de" in agente.client.get(url).content.decode()
    assert "Ce champ est obligatoire" in agente.client.post(url, {"motif": " "}).content.decode()
    assert agente.client.post(url, {"motif": "Mutation"}).url == reverse("comptes:liste")
    collegue.adhesion.refresh_from_db()
    assert (collegue.adhesion.fin, collegue.adhesion.fin_motif) == (timezone.localdate(), "Mutation")
    assert collegue.acteur.role is None
    assert collegue.client.get(reverse("comptes:liste")).status_code == 403
    entree = Entree.objects.get(acte=actes.ADHESION_TERMINEE)
    assert entree.acteur_id == agente.utilisateur.pk
    assert entree.charge.apres["fin_motif"] == "Mutation"


def test_une_adhesion_deja_terminee_ou_la_sienne_ne_se_termine_pas(agente):
    finie = AdhesionFactory(organisation=agente.adhesion.organisation, fin=AUJOURDHUI, fin_motif="Départ")
    for adhesion, raison in ((finie, "déjà terminée"), (agente.adhesion, "votre propre adhésion")):
        with pytest.raises(ActionRefusee, match=raison):
            actions.terminer_adhesion(agente.acteur, adhesion.pk, "Motif", jour=AUJOURDHUI)
        reponse = agente.client.get(reverse("comptes:terminer_adhesion", args=[adhesion.pk]))
        assert reponse.status_code == 403
        assert raison in reponse.content.decode()


def test_l_adhesion_d_une_autre_organisation_ne_se_termine_pas(agente, administratrice):
    ailleurs = AdhesionFactory()
    url = reverse("comptes:terminer_adhesion", args=[ailleurs.pk])
    assert agente.client.get(url).status_code == 404
    with pytest.raises(ActionRefusee, match="à l'administration"):
        actions.terminer_adhesion(agente.acteur, ailleurs.pk, "Motif", jour=AUJOURDHUI)
    assert administratrice.client.get(url).status_code == 200


def test_une_adhesion_a_venir_se_termine_sans_avoir_couru(agente):
    future = AdhesionFactory(organisation=agente.adhesion.organisation, debut=AUJOURDHUI + timedelta(days=30))
    actions.terminer_adhesion(agente.acteur, future.pk, "Erreur", jour=AUJOURDHUI)
    future.refresh_from_db()
    assert future.fin == future.debut == future.dernier_jour
    assert not Adhesion.objects.en_vigueur(future.debut).filter(pk=future.pk).exists()


def test_terminer_sans_motif_est_refuse_par_l_action(agente):
    collegue = AdhesionFactory(organisation=agente.adhesion.organisation)
    with pytest.raises(EntreeInvalide, match="pourquoi"):
        actions.terminer_adhesion(agente.acteur, collegue.pk, " ", jour=AUJOURDHUI)


def test_desactiver_un_compte_ferme_sa_session_et_se_defait(administratrice):
    agente = connecter(AdhesionFactory())
    url = reverse("comptes:etat_du_compte", args=[agente.utilisateur.pk])
    assert "Désactiver le compte" in administratrice.client.get(url).content.decode()
    administratrice.client.post(url, {"motif": "Poste volé"})
    assert agente.client.get(reverse("comptes:mon_compte")).status_code == 302
    assert "Réactiver le compte" in administratrice.client.get(url).content.decode()
    administratrice.client.post(url, {"motif": "Poste retrouvé"})
    assert agente.client.get(reverse("comptes:mon_compte")).status_code == 200
    assert set(Entree.objects.values_list("acte", flat=True)) == {actes.COMPTE_DESACTIVE, actes.COMPTE_REACTIVE}


def test_on_ne_desactive_ni_le_sien_ni_sans_en_avoir_le_droit(administratrice, agente):
    with pytest.raises(ActionRefusee, match="votre propre compte"):
        actions.changer_etat_du_compte(administratrice.acteur, administratrice.utilisateur.pk, actif=False, motif="x")
    with pytest.raises(ActionRefusee, match="gérer les comptes"):
        actions.changer_etat_du_compte(agente.acteur, administratrice.utilisateur.pk, actif=False, motif="x")
    with pytest.raises(EntreeInvalide, match="motif"):
        actions.changer_etat_du_compte(administratrice.acteur, agente.utilisateur.pk, actif=False, motif=" ")
    url = reverse("comptes:etat_du_compte", args=[administratrice.utilisateur.pk])
    assert administratrice.client.post(url, {"motif": "x"}).status_code == 403


def creer(acteur: Acteur, organisation, **plus) -> Adhesion:
    return actions.creer_compte(
        acteur,
        plus.pop("email", "premiere@exemple.invalid"),
        prenom="Première",
        nom="Fictive",
        organisation=organisation,
        debut=AUJOURDHUI,
        **{"mot_de_passe": MOT_DE_PASSE, "role": Role.ADMINISTRATION, **plus},
    )


def test_la_ligne_de_commande_cree_le_premier_compte(plateforme):
    adhesion = creer(Acteur.systeme("Ligne de commande"), plateforme)
    assert adhesion.utilisateur.check_password(MOT_DE_PASSE)
    assert set(Entree.objects.values_list("acteur_nom", flat=True)) == {"Ligne de commande"}
    assert Utilisateur.objects.get_by_natural_key("Premiere@Exemple.invalid") == adhesion.utilisateur


def test_un_second_role_s_ajoute_au_meme_compte(plateforme):
    machine = Acteur.systeme("Ligne de commande")
    premiere = creer(machine, plateforme)
    seconde = creer(machine, ServiceDepartementalFactory(), role=Role.DEPARTEMENTAL)
    assert seconde.utilisateur == premiere.utilisateur
    with pytest.raises(EntreeInvalide, match="tient déjà ce rôle"):
        creer(machine, plateforme)


def test_creer_un_compte_se_refuse_avec_une_raison(plateforme, agente):
    machine = Acteur.systeme("Ligne de commande")
    with pytest.raises(ActionRefusee):
        creer(agente.acteur, plateforme)
    with pytest.raises(ActionRefusee, match="ne se tient pas"):
        creer(machine, plateforme, role=Role.DEPARTEMENTAL)
    with pytest.raises(EntreeInvalide, match="trop faible"):
        creer(machine, plateforme, mot_de_passe="faible")
    assert not Utilisateur.objects.filter(email="premiere@exemple.invalid").exists()


@pytest.mark.parametrize(
    "champs",
    [
        {"fin": date(2019, 12, 31), "fin_motif": "x"},
        {"fin": date(2026, 1, 1), "fin_motif": ""},
        {"role": "inconnu"},
    ],
)
def test_la_base_refuse_une_adhesion_impossible(champs):
    adhesion = AdhesionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Adhesion.objects.filter(pk=adhesion.pk).update(**champs)


def test_la_base_refuse_deux_comptes_pour_une_adresse_et_deux_fois_le_meme_role():
    adhesion = AdhesionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        UtilisateurFactory(email=adhesion.utilisateur.email.upper())
    with pytest.raises(IntegrityError), transaction.atomic():
        AdhesionFactory(utilisateur=adhesion.utilisateur, organisation=adhesion.organisation)
