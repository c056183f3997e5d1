"""Use cases of the accounts; views, commands and the demonstration call these."""

from convenir.socle.comptes.actions.adhesions import ouvrir_adhesion, terminer_adhesion
from convenir.socle.comptes.actions.comptes import (
    changer_etat_du_compte,
    changer_mot_de_passe,
    creer_compte,
    envoyer_lien,
)
from convenir.socle.comptes.actions.invitations import LIEN_MORT, accepter_invitation, annuler_invitation, inviter

__all__ = [
    "LIEN_MORT",
    "accepter_invitation",
    "annuler_invitation",
    "changer_etat_du_compte",
    "changer_mot_de_passe",
    "creer_compte",
    "envoyer_lien",
    "inviter",
    "ouvrir_adhesion",
    "terminer_adhesion",
]
