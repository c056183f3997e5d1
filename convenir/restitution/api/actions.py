"""Create and revoke tokens; find who a token stands for."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from convenir.restitution.api.models import Jeton
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.queries import acteur_de
from convenir.socle.journal.actions import journaliser

DUREE = timedelta(days=365)


def _empreinte(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def creer_jeton(acteur: Acteur, libelle: str) -> tuple[Jeton, str]:
    """Create a token for the current membership and return it with its secret, shown once.

    Raises:
        ActionRefusee: there is no membership in force.
    """
    if acteur.adhesion is None:
        raise ActionRefusee("Un jeton se crée pour une adhésion en cours. Votre compte n'en a aucune.")
    secret, maintenant = secrets.token_urlsafe(32), timezone.now()
    jeton = Jeton.objects.create(
        adhesion=acteur.adhesion,
        libelle=libelle,
        empreinte=_empreinte(secret),
        cree_le=maintenant,
        expire_le=maintenant + DUREE,
    )
    journaliser("api.jeton.creer", jeton, auteur=acteur.auteur, apres={"libelle": libelle})
    return jeton, secret


@transaction.atomic
def revoquer_jeton(acteur: Acteur, cle: int) -> None:
    """Revoke one of the person's own tokens; doing it twice changes nothing.

    Raises:
        ActionRefusee: the token is not theirs.
    """
    jeton = Jeton.objects.select_for_update().filter(pk=cle, adhesion__utilisateur=acteur.utilisateur).first()
    if jeton is None:
        raise ActionRefusee("Ce jeton n'est pas le vôtre.")
    if jeton.revoque_le is None:
        jeton.revoque_le = timezone.now()
        jeton.save(update_fields=["revoque_le"])
        journaliser("api.jeton.revoquer", jeton, auteur=acteur.auteur, avant={"libelle": jeton.libelle})


def acteur_du_jeton(secret: str, requete_id: str) -> Acteur | None:
    """Return who a token acts for, with the rights of its membership today; None if it is no longer good."""
    jeton = (
        Jeton.objects.select_related("adhesion__utilisateur")
        .filter(empreinte=_empreinte(secret), revoque_le=None, expire_le__gt=timezone.now())
        .first()
    )
    if jeton is None or not jeton.adhesion.utilisateur.is_active:
        return None
    acteur = acteur_de(jeton.adhesion.utilisateur, choisie=jeton.adhesion_id, requete_id=requete_id)
    return acteur if acteur.adhesion is not None and acteur.adhesion.pk == jeton.adhesion_id else None
