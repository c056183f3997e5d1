"""Reads of accounts: the acting person, the memberships in force, the lists of the pages."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.comptes.perimetres import perimetre_de
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.perimetre import Perimetre


def adhesions_en_vigueur(utilisateur: Utilisateur, jour: date) -> list[Adhesion]:
    """Return the memberships in force on a day, oldest first, in one SQL query."""
    adhesions = Adhesion.objects.en_vigueur(jour).filter(utilisateur=utilisateur)
    return list(adhesions.select_related("organisation").order_by("debut", "pk"))


def acteur_de(
    utilisateur: AbstractBaseUser | AnonymousUser | None,
    *,
    choisie: int | None = None,
    requete_id: str = "",
    jour: date | None = None,
) -> Acteur:
    """Return who acts: the person under the chosen membership, or under the oldest in force.

    Args:
        choisie: key of a membership; ignored unless it is the person's own and in force.
        jour: the day of the memberships, today by default.
    """
    if not isinstance(utilisateur, Utilisateur):
        return Acteur.anonyme(requete_id)
    adhesions = adhesions_en_vigueur(utilisateur, jour or timezone.localdate())
    if not adhesions:
        return Acteur(utilisateur, None, None, None, Perimetre.aucun(), requete_id)
    courante = next((a for a in adhesions if a.pk == choisie), adhesions[0])
    return Acteur(
        utilisateur,
        courante,
        Role(courante.role),
        courante.organisation,
        perimetre_de(courante),
        requete_id,
        adhesions=tuple(adhesions),
    )
