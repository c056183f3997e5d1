"""Chaque adresse du journal et des comptes × chaque rôle : la réponse attendue."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from convenir.socle.comptes.jetons import signer_lien
from convenir.socle.comptes.roles import Role
from tests.factories_comptes import AdhesionFactory, InvitationFactory, UtilisateurFactory, acteurs_par_role

pytestmark = pytest.mark.django_db

TOUS = frozenset(Role)
INVITENT = {Role.NATIONAL, Role.REGIONAL, Role.DEPARTEMENTAL, Role.DIRECTION_STRUCTURE, Role.ADMINISTRATION}
LISENT_LE_JOURNAL = INVITENT | {Role.SIGNATAIRE, Role.DONNEES_NATIONALES}
GERENT = {Role.ADMINISTRATION}

# nom, méthode, rôles servis, réponse à ceux-là, réponse aux autres, réponse sans connexion
TABLE = [
    ("journal:liste", "get", LISENT_LE_JOURNAL, 200, 403, 302),
    ("journal:export", "get", LISENT_LE_JOURNAL, 200, 403, 302),
    ("comptes:connexion", "get", TOUS, 302, 302, 200),
    ("comptes:deconnexion", "post", TOUS, 302, 302, 302),
    ("comptes:mot_de_passe_oublie", "get", TOUS, 200, 200, 200),
    ("comptes:nouveau_mot_de_passe", "get", TOUS, 200, 200, 200),
    ("comptes:changer_organisation", "post", TOUS, 403, 403, 302),
    ("comptes:mon_compte", "get", TOUS, 200, 200, 302),
    ("comptes:mot_de_passe", "get", TOUS, 200, 200, 302),
    ("comptes:liste", "get", INVITENT, 200, 403, 302),
    ("comptes:etat_du_compte", "get", GERENT, 200, 403, 302),
    ("comptes:invitations", "get", INVITENT, 200, 403, 302),
    ("comptes:inviter", "get", INVITENT, 200, 403, 302),
    ("comptes:accepter_invitation", "get", TOUS, 200, 200, 200),
]
# Ces deux-là dépendent de l'organisation : l'adhésion et l'invitation visées sont d'une autre que la sienne.
AILLEURS = [
    ("comptes:terminer_adhesion", "get", GERENT, 200),
    ("comptes:annuler_invitation", "post", GERENT, 302),
]


@pytest.fixture
def arguments() -> dict[str, list]:
    InvitationFactory()
    return {
        "comptes:nouveau_mot_de_passe": list(signer_lien(UtilisateurFactory())),
        "comptes:etat_du_compte": [UtilisateurFactory().pk],
        "comptes:accepter_invitation": ["jeton-clair"],
        "comptes:terminer_adhesion": [AdhesionFactory().pk],
        "comptes:annuler_invitation": [InvitationFactory(jeton_clair="autre").pk],
    }


def appeler(client: Client, methode: str, nom: str, arguments: dict[str, list]) -> int:
    return getattr(client, methode)(reverse(nom, args=arguments.get(nom, []))).status_code


@pytest.mark.parametrize(
    ("nom", "methode", "servis", "oui", "non", "anonyme"), TABLE, ids=[ligne[0] for ligne in TABLE]
)
def test_chaque_role_recoit_la_reponse_prevue(nom, methode, servis, oui, non, anonyme, arguments):
    recues = {r: appeler(c.client, methode, nom, arguments) for r, c in acteurs_par_role().items()}
    assert recues == {role: oui if role in servis else non for role in Role}
    assert appeler(Client(), methode, nom, arguments) == anonyme


@pytest.mark.parametrize(("nom", "methode", "servis", "oui"), AILLEURS, ids=[ligne[0] for ligne in AILLEURS])
def test_ce_qui_est_d_une_autre_organisation_n_existe_pas(nom, methode, servis, oui, arguments):
    for role, connecte in acteurs_par_role().items():
        attendue = oui if role in servis else (404 if role in INVITENT else 403)
        assert appeler(connecte.client, methode, nom, arguments) == attendue, role
    assert appeler(Client(), methode, nom, arguments) == 302


def test_un_compte_sans_adhesion_n_entre_nulle_part(client, arguments):
    client.force_login(UtilisateurFactory(), backend="django.contrib.auth.backends.ModelBackend")
    for nom, methode, servis, *_ in [*TABLE, *AILLEURS]:
        if servis != TOUS:
            assert appeler(client, methode, nom, arguments) == 403, nom


def test_le_refus_se_lit_et_dit_que_faire():
    reponse = acteurs_par_role()[Role.RESEAU].client.get(reverse("comptes:liste"))
    page = reponse.content.decode()
    assert "Le rôle «\N{NO-BREAK SPACE}Réseau\N{NO-BREAK SPACE}»" in page
    assert "ne permet pas d’inviter une personne" in page
    assert "demandez-le à la personne qui administre" in page


def test_la_table_couvre_toutes_les_adresses_des_deux_modules():
    couvertes = {ligne[0] for ligne in [*TABLE, *AILLEURS]}
    existantes = set()
    for espace in ("journal", "comptes"):
        _, resolveur = get_resolver().namespace_dict[espace]
        existantes |= {f"{espace}:{nom}" for nom in resolveur.reverse_dict if isinstance(nom, str)}
    assert couvertes == existantes
