"""Messages sent about accounts: plain French text."""

from __future__ import annotations

from django.core.mail import send_mail
from django.template.loader import render_to_string

from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.models import Invitation, Utilisateur


def envoyer_invitation(invitation: Invitation, adresse: str) -> None:
    """Send the link of an invitation.

    Raises:
        ErreurMetier: the message could not leave; the invitation stays and can be sent again.
    """
    corps = render_to_string("comptes/courriels/invitation.txt", {"invitation": invitation, "adresse": adresse})
    try:
        send_mail(f"Invitation à rejoindre Convenir pour {invitation.organisation}", corps, None, [invitation.email])
    except OSError as erreur:
        raise ErreurMetier(
            f"L'invitation de {invitation.email} est enregistrée, mais le courriel n'est pas parti : le serveur "
            "d'envoi ne répond pas. Invitez de nouveau cette personne plus tard : un nouveau lien remplacera celui-ci."
        ) from erreur


def envoyer_lien_de_mot_de_passe(utilisateur: Utilisateur, adresse: str) -> None:
    """Send the link to a new password.

    Raises:
        ErreurMetier: the message could not leave.
    """
    corps = render_to_string("comptes/courriels/mot_de_passe.txt", {"utilisateur": utilisateur, "adresse": adresse})
    try:
        send_mail("Nouveau mot de passe pour Convenir", corps, None, [utilisateur.email])
    except OSError as erreur:
        raise ErreurMetier(
            "Le courriel n'est pas parti : le serveur d'envoi ne répond pas. Recommencez dans quelques minutes."
        ) from erreur
