"""Inviter, accepter une fois, annuler : personne ne donne plus qu'il ne tient."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide, ErreurMetier
from convenir.socle.comptes import actes, actions
from convenir.socle.comptes.models import Adhesion, Invitation, Utilisateur
from convenir.socle.comptes.policies import roles_possibles, roles_proposables
from convenir.socle.comptes.roles import Role
from convenir.socle.journal.models import Charge, Entree
from tests.factories_comptes import (
    MOT_DE_PASSE,
    AdhesionFactory,
    Connecte,
    InvitationFactory,
    UtilisateurFactory,
    acteurs_par_role,
    connecter,
)
from tests.factories_socle import (
    DepartementFactory,
    OrganisationFactory,
    ServiceDepartementalFactory,
    ServiceRegionalFactory,
    StructureFactory,
)

pytestmark = pytest.mark.django_db
ADRESSE = "nouvelle@exemple.invalid"
COMPTE = {"prenom": "Lou", "nom": "Fictive", "nouveau": MOT_DE_PASSE, "confirmation": MOT_DE_PASSE}


@pytest.fixture
def agente() -> Connecte:
    return connecter(AdhesionFactory())


def inviter(connecte: Connecte, role: str = Role.DEPARTEMENTAL, email: str = ADRESSE, **plus) -> Invitation:
    organisation = plus.pop("organisation", connecte.adhesion.organisation)
    return actions.inviter(
        connecte.acteur,
        email,
        organisation,
        role,
        adresse_de=lambda jeton: f"https://convenir.invalid/comptes/invitation/{jeton}/",
        maintenant=timezone.now(),
        **plus,
    )


def lien_du_courriel() -> str:
    lien = re.search(r"https?://\S+", mail.outbox[-1].body)
    return re.sub(r"^https?://[^/]+", "", lien.group())


ATTENDUS = {
    Role.NATIONAL: {Role.NATIONAL},
    Role.REGIONAL: {Role.REGIONAL, Role.SIGNATAIRE},
    Role.DEPARTEMENTAL: {Role.DEPARTEMENTAL, Role.SIGNATAIRE},
    Role.DIRECTION_STRUCTURE: {Role.DIRECTION_STRUCTURE, Role.COLLABORATION_STRUCTURE},
    Role.ADMINISTRATION: {Role.ADMINISTRATION, Role.DONNEES_NATIONALES},
}


def test_chacun_propose_les_roles_de_son_organisation_et_aucun_plus_large():
    for role, connecte in acteurs_par_role().items():
        proposables = set(roles_proposables(connecte.acteur, connecte.adhesion.organisation))
        assert proposables == ATTENDUS.get(role, set()), role


def test_chaque_role_se_tient_quelque_part():
    possibles = [roles_possibles(c.adhesion.organisation) for c in acteurs_par_role().values()]
    assert set().union(*possibles) == set(Role)


def test_outre_mer_le_service_regional_a_aussi_des_agents_departementaux():
    departement = DepartementFactory()
    service = ServiceRegionalFactory(region=departement.region, departement=departement)
    assert roles_possibles(service) == [Role.REGIONAL, Role.SIGNATAIRE, Role.DEPARTEMENTAL]


def test_hors_de_son_organisation_seule_l_administration_invite():
    ailleurs = ServiceDepartementalFactory()
    for role, connecte in acteurs_par_role().items():
        assert bool(roles_proposables(connecte.acteur, ailleurs)) == (role == Role.ADMINISTRATION), role


@pytest.mark.parametrize("role", [Role.NATIONAL, Role.ADMINISTRATION, Role.DIRECTION_STRUCTURE])
def test_un_role_qui_ne_se_tient_pas_la_est_refuse(agente, role):
    with pytest.raises(ActionRefusee, match="ne se tient pas"):
        inviter(agente, role)


def test_inviter_ailleurs_est_refuse_avec_la_raison(agente):
    with pytest.raises(ActionRefusee, match="dans votre organisation seulement"):
        inviter(agente, organisation=ServiceDepartementalFactory())


def test_un_role_reserve_se_demande_a_l_administration():
    structure = StructureFactory()
    directrice = connecter(AdhesionFactory(role=Role.DIRECTION_STRUCTURE, organisation=structure.porteur))
    with pytest.raises(ActionRefusee, match="à l'administration"):
        inviter(directrice, Role.MEMBRE_CDIAE)


def test_l_invitation_part_avec_un_lien_dont_seule_l_empreinte_est_gardee(agente):
    invitation = inviter(agente, email="  Nouvelle@Exemple.invalid")
    (courriel,) = mail.outbox
    assert courriel.to == [ADRESSE]
    for attendu in (str(agente.adhesion.organisation), "Agent départemental", agente.utilisateur.nom_complet):
        assert attendu in courriel.body
    jeton = lien_du_courriel().rstrip("/").rsplit("/", 1)[1]
    assert jeton not in str(Invitation.objects.values())
    assert invitation.expire_le - invitation.creee_le == timedelta(days=7)


def test_la_duree_de_validite_est_un_reglage(agente, settings):
    settings.INVITATION_JOURS = 2
    invitation = inviter(agente)
    assert invitation.expire_le - invitation.creee_le == timedelta(days=2)


def test_inviter_de_nouveau_remplace_le_lien(agente, client):
    inviter(agente)
    premier = lien_du_courriel()
    inviter(agente)
    assert client.get(premier).status_code == 410
    assert client.get(lien_du_courriel()).status_code == 200
    assert Invitation.objects.en_attente(timezone.now()).count() == 1


def test_un_role_deja_tenu_ne_se_propose_pas(agente):
    tenue = AdhesionFactory(organisation=agente.adhesion.organisation)
    with pytest.raises(EntreeInvalide, match="tient déjà ce rôle"):
        inviter(agente, email=tenue.utilisateur.email)


def test_un_courriel_qui_ne_part_pas_est_dit_et_l_invitation_reste(agente, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(ErreurMetier, match="le courriel n'est pas parti"):
        inviter(agente)
    assert Invitation.objects.count() == 1


def test_qui_suit_une_partie_des_structures_ne_confie_que_celles_la():
    porteur = OrganisationFactory()
    suivie, autre = StructureFactory(porteur=porteur), StructureFactory(porteur=porteur, categorie="EI")
    partielle = connecter(AdhesionFactory(role=Role.DIRECTION_STRUCTURE, organisation=porteur, structures=[suivie]))
    entiere = connecter(AdhesionFactory(role=Role.DIRECTION_STRUCTURE, organisation=porteur))
    role = Role.COLLABORATION_STRUCTURE
    assert list(inviter(partielle, role).structures.all()) == [suivie]
    with pytest.raises(EntreeInvalide, match="structures choisies"):
        inviter(partielle, role, structures=[autre])
    assert list(inviter(entiere, role).structures.all()) == []
    assert list(inviter(entiere, role, structures=[autre]).structures.all()) == [autre]


def test_accepter_cree_le_compte_ouvre_l_adhesion_et_connecte(agente, client):
    inviter(agente)
    lien = lien_du_courriel()
    page = client.get(lien).content.decode()
    assert ADRESSE in page
    assert str(agente.adhesion.organisation) in page
    assert client.post(lien, COMPTE).url == reverse("portail:accueil")
    adhesion = Adhesion.objects.get(utilisateur__email=ADRESSE)
    assert (adhesion.role, adhesion.debut, adhesion.fin) == (Role.DEPARTEMENTAL, timezone.localdate(), None)
    assert client.session["_auth_user_id"] == str(adhesion.utilisateur_id)
    assert adhesion.utilisateur.check_password(MOT_DE_PASSE)
    ecrits = set(Entree.objects.values_list("acte", flat=True))
    assert ecrits == {actes.INVITATION_ENVOYEE, actes.INVITATION_ACCEPTEE, actes.COMPTE_CREE, actes.ADHESION_CREEE}


def test_une_invitation_ne_sert_qu_une_fois(agente, client):
    inviter(agente)
    lien = lien_du_courriel()
    client.post(lien, COMPTE)
    client.logout()
    assert client.post(lien, COMPTE | {"prenom": "Autre"}).status_code == 410
    assert Utilisateur.objects.filter(email=ADRESSE).count() == 1


@pytest.mark.parametrize(
    ("champs", "statut"),
    [
        ({}, 200),
        ({"creee_le": timezone.now() - timedelta(days=8)}, 410),
        ({"annulee_le": timezone.now()}, 410),
        ({"acceptee_le": timezone.now()}, 410),
        ({"jeton_clair": "un-autre"}, 410),
    ],
)
def test_un_lien_mort_le_dit(client, champs, statut):
    InvitationFactory(**champs)
    reponse = client.get(reverse("comptes:accepter_invitation", args=["jeton-clair"]))
    assert reponse.status_code == statut
    assert ("Cette invitation est fermée" in reponse.content.decode()) == (statut == 410)


@pytest.mark.parametrize(
    ("envoi", "message"),
    [
        ({"nouveau": "faible", "confirmation": "faible"}, "trop faible"),
        ({"confirmation": "autre"}, "diffèrent"),
        ({"nom": ""}, "Ce champ est obligatoire"),
        ({"nouveau": "Lou-Fictive-2026!", "nom": "Lou-Fictive-2026"}, "trop semblable"),
    ],
)
def test_un_compte_mal_rempli_dit_pourquoi_et_ne_consomme_pas_l_invitation(client, envoi, message):
    invitation = InvitationFactory()
    lien = reverse("comptes:accepter_invitation", args=["jeton-clair"])
    donnees = COMPTE | envoi
    if "confirmation" not in envoi:
        donnees["confirmation"] = donnees["nouveau"]
    page = client.post(lien, donnees).content.decode()
    assert message in page
    invitation.refresh_from_db()
    assert invitation.acceptee_le is None


def test_une_adresse_qui_a_un_compte_doit_se_connecter(client):
    invitation = InvitationFactory()
    UtilisateurFactory(email=invitation.email, mot_de_passe=MOT_DE_PASSE)
    lien = reverse("comptes:accepter_invitation", args=["jeton-clair"])
    page = client.post(lien, COMPTE).content.decode()
    assert "a déjà un compte. Connectez-vous" in page
    assert not Adhesion.objects.exists()
    client.post(reverse("comptes:connexion"), {"email": invitation.email, "password": MOT_DE_PASSE})
    assert client.post(lien).url == reverse("comptes:mon_compte")
    assert Adhesion.objects.get().utilisateur.email == invitation.email


def test_une_invitation_ne_s_accepte_pas_avec_le_compte_d_une_autre(agente):
    invitation = InvitationFactory()
    UtilisateurFactory(email=invitation.email)
    lien = reverse("comptes:accepter_invitation", args=["jeton-clair"])
    assert "vous êtes connecté avec" in agente.client.post(lien).content.decode()
    with pytest.raises(ActionRefusee, match="pour une autre adresse"):
        actions.accepter_invitation("jeton-clair", maintenant=timezone.now(), utilisateur=agente.utilisateur)
    with pytest.raises(ActionRefusee, match="a déjà un compte"):
        actions.accepter_invitation("jeton-clair", maintenant=timezone.now(), mot_de_passe=MOT_DE_PASSE)
    invitation.refresh_from_db()
    assert invitation.acceptee_le is None


def test_le_journal_ne_garde_ni_adresse_ni_nom_des_comptes(agente, client):
    inviter(agente)
    client.post(lien_du_courriel(), COMPTE)
    traces = str(list(Charge.objects.values())) + str(list(Entree.objects.values("objet_libelle", "objet_id")))
    assert ADRESSE not in traces
    assert "Lou" not in traces


def test_la_page_invite_dans_son_organisation(agente):
    page = agente.client.get(reverse("comptes:inviter")).content.decode()
    assert f"Elle agira pour {agente.adhesion.organisation}" in page
    assert "Signataire" in page
    assert "Administration" not in re.search(r"<select.*?</select>", page, re.S).group()
    reponse = agente.client.post(reverse("comptes:inviter"), {"email": ADRESSE, "role": Role.SIGNATAIRE})
    assert reponse.url == reverse("comptes:invitations")
    liste = agente.client.get(reponse.url).content.decode()
    assert ADRESSE in liste
    assert "en attente" in liste
    assert lien_du_courriel().startswith("/comptes/invitation/")


def test_la_page_refuse_un_role_force_et_un_role_deja_tenu(agente):
    page = agente.client.post(reverse("comptes:inviter"), {"email": ADRESSE, "role": Role.NATIONAL})
    assert page.status_code == 200
    assert not Invitation.objects.exists()
    tenue = AdhesionFactory(organisation=agente.adhesion.organisation)
    envoi = {"email": tenue.utilisateur.email, "role": Role.DEPARTEMENTAL}
    assert "tient déjà ce rôle" in agente.client.post(reverse("comptes:inviter"), envoi).content.decode()


def test_l_administration_choisit_d_abord_l_organisation():
    administratrice = acteurs_par_role()[Role.ADMINISTRATION]
    structure = StructureFactory(denomination="Le Potager fictif")
    StructureFactory(porteur=structure.porteur, categorie="EI", denomination="Le Potager fictif")
    page = administratrice.client.get(reverse("comptes:inviter"), {"q": "potager"}).content.decode()
    lien = f"{reverse('comptes:inviter')}?organisation={structure.porteur_id}"
    assert lien in page
    formulaire = administratrice.client.get(lien).content.decode()
    assert formulaire.count('type="checkbox"') == 2
    envoi = {"email": ADRESSE, "role": Role.DIRECTION_STRUCTURE, "structures": [structure.pk]}
    assert administratrice.client.post(lien, envoi).status_code == 302
    assert list(Invitation.objects.get().structures.all()) == [structure]
    rien = administratrice.client.get(reverse("comptes:inviter"), {"q": "introuvable"}).content.decode()
    assert "Aucune organisation ne répond" in rien


def test_annuler_ferme_le_lien(agente, client):
    invitation = inviter(agente)
    reponse = agente.client.post(reverse("comptes:annuler_invitation", args=[invitation.pk]), follow=True)
    assert "son lien n’ouvre plus rien" in reponse.content.decode()
    assert client.get(lien_du_courriel()).status_code == 410
    encore = agente.client.post(reverse("comptes:annuler_invitation", args=[invitation.pk]), follow=True)
    assert "déjà annulée" in encore.content.decode()


def test_on_n_annule_pas_l_invitation_d_une_autre_organisation(agente):
    invitation = InvitationFactory()
    assert agente.client.post(reverse("comptes:annuler_invitation", args=[invitation.pk])).status_code == 404
    with pytest.raises(ActionRefusee):
        actions.annuler_invitation(agente.acteur, invitation.pk, maintenant=timezone.now())


def test_la_liste_des_invitations_ne_coute_pas_plus_cher_quand_elle_s_allonge(agente, django_assert_max_num_queries):
    for rang in range(12):
        InvitationFactory(organisation=agente.adhesion.organisation, jeton_clair=f"jeton-{rang}")
    with django_assert_max_num_queries(5):
        agente.client.get(reverse("comptes:invitations"))
