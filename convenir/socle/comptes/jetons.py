"""Tokens of invitations: drawn at random, kept as a digest only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings

JOURS_PAR_DEFAUT = 7


def tirer_jeton() -> str:
    """Return a new token of 256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def empreinte_du_jeton(jeton: str) -> str:
    """Return what is kept of a token: its SHA-256."""
    return hashlib.sha256(jeton.encode()).hexdigest()


def duree_de_validite() -> timedelta:
    """Return how long an invitation can be accepted: setting INVITATION_JOURS, seven days by default."""
    return timedelta(days=getattr(settings, "INVITATION_JOURS", JOURS_PAR_DEFAUT))
