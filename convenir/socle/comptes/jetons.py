"""Links sent by mail: invitations (a random token, kept as a digest only) and new passwords (a signed token)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from convenir.socle.comptes.models import Utilisateur


def tirer_jeton() -> str:
    """Return a new token of 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def empreinte_du_jeton(jeton: str) -> str:
    """Return what is kept of a token: its SHA-256."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def duree_de_validite() -> timedelta:
    """Return how long an invitation can be accepted: setting INVITATION_JOURS, seven days by default."""
    return timedelta(days=settings.INVITATION_JOURS)


def signer_lien(utilisateur: Utilisateur) -> tuple[str, str]:
    """Return the two parts of the link to a new password: it dies with use, with a login, and after a day."""
    return urlsafe_base64_encode(str(utilisateur.pk).encode()), default_token_generator.make_token(utilisateur)


def lire_lien(cle: str, jeton: str) -> Utilisateur | None:
    """Return the active account of a link to a new password, if the link still holds."""
    try:
        numero = int(urlsafe_base64_decode(cle))
    except ValueError:
        return None
    utilisateur = Utilisateur.objects.filter(pk=numero, est_actif=True).first()
    return utilisateur if utilisateur and default_token_generator.check_token(utilisateur, jeton) else None
