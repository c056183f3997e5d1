"""Journal, accounts, invitations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convenir.socle.comptes.jetons import signer_lien
from tests.factories_comptes import AdhesionFactory, InvitationFactory, UtilisateurFactory
from tests.restitution.table_acces.commun import (
    ADMIN,
    INVITENT,
    LISENT_LE_JOURNAL,
    PERSONNE,
    TOUS,
    Lieu,
    Ligne,
    ouverte,
)

LIGNES = [
    Ligne("journal:liste", LISENT_LE_JOURNAL),
    Ligne("journal:export", LISENT_LE_JOURNAL),
    Ligne("comptes:connexion", TOUS, oui=302, anonyme=200, sans_adhesion=302),
    Ligne("comptes:deconnexion", PERSONNE, non=405, sans_adhesion=405),
    Ligne("comptes:deconnexion", TOUS, oui=302, methode="post", sans_adhesion=302),
    ouverte("comptes:mot_de_passe_oublie"),
    ouverte("comptes:nouveau_mot_de_passe"),
    Ligne("comptes:changer_organisation", PERSONNE, non=405, sans_adhesion=405),
    Ligne("comptes:changer_organisation", PERSONNE, methode="post"),
    Ligne("comptes:mon_compte", TOUS, sans_adhesion=200),
    Ligne("comptes:mot_de_passe", TOUS, sans_adhesion=200),
    Ligne("comptes:liste", INVITENT),
    Ligne("comptes:etat_du_compte", ADMIN),
    Ligne("comptes:invitations", INVITENT),
    Ligne("comptes:inviter", INVITENT),
    ouverte("comptes:accepter_invitation"),
    Ligne("comptes:terminer_adhesion", ADMIN, exceptions=dict.fromkeys(INVITENT - ADMIN, 404)),
    Ligne("comptes:annuler_invitation", PERSONNE, non=405, sans_adhesion=405),
    Ligne("comptes:annuler_invitation", ADMIN, 302, methode="post", exceptions=dict.fromkeys(INVITENT - ADMIN, 404)),
]


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about."""
    return {
        "comptes:nouveau_mot_de_passe": lambda: list(signer_lien(UtilisateurFactory())),
        "comptes:etat_du_compte": lambda: [UtilisateurFactory().pk],
        "comptes:accepter_invitation": lambda: [InvitationFactory(jeton_clair="j-table").pk and "j-table"],
        "comptes:terminer_adhesion": lambda: [AdhesionFactory().pk],
        "comptes:annuler_invitation": lambda: [InvitationFactory(jeton_clair="autre").pk],
    }
