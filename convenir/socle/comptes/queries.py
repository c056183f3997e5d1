"""Reads of accounts: the acting person, the memberships in force, the lists of the pages."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.jetons import empreinte_du_jeton
from convenir.socle.comptes.models import Adhesion, AdhesionQuerySet, Invitation, InvitationQuerySet, Utilisateur
from convenir.socle.comptes.perimetres import perimetre_de
from convenir.socle.comptes.policies import gere_tout
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Organisation, Structure
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


def structures_confiables(acteur: Acteur, organisation: Organisation) -> tuple[list[Structure], bool]:
    """Return the structures of a carrier this person may entrust, and whether these are all of them."""
    structures = list(Structure.objects.filter(porteur=organisation).order_by("denomination", "pk"))
    if gere_tout(acteur):
        return structures, True
    vues = [structure for structure in structures if structure.pk in acteur.perimetre.structures]
    return vues, len(vues) == len(structures)


def adhesions_gerees(
    acteur: Acteur, *, jour: date, texte: str = "", role: str = "", terminees: bool = False
) -> AdhesionQuerySet:
    """Return the memberships this person looks after: all, or those of their organisation; one SQL query a page.

    Args:
        texte: words sought in the name, the address and the organisation.
        terminees: the ended ones instead of those not ended.
    """
    adhesions = toutes_les_adhesions_gerees(acteur)
    adhesions = adhesions.filter(fin__lte=jour) if terminees else adhesions.filter(Q(fin=None) | Q(fin__gt=jour))
    if role:
        adhesions = adhesions.filter(role=role)
    for mot in texte.split():
        adhesions = adhesions.filter(
            Q(utilisateur__nom__icontains=mot)
            | Q(utilisateur__prenom__icontains=mot)
            | Q(utilisateur__email__icontains=mot)
            | Q(organisation__nom__icontains=mot)
        )
    return adhesions.order_by("utilisateur__nom", "utilisateur__prenom", "debut", "pk")


def toutes_les_adhesions_gerees(acteur: Acteur) -> AdhesionQuerySet:
    """Return every membership this person looks after: all, those of their own organisation, or none."""
    adhesions = Adhesion.objects.select_related("utilisateur", "organisation")
    if gere_tout(acteur):
        return adhesions
    return adhesions.filter(organisation=acteur.organisation) if _gere_les_siens(acteur) else adhesions.none()


def invitation_ouverte(jeton: str, maintenant: datetime) -> Invitation | None:
    """Return the invitation of a token, if it can still be accepted."""
    ouvertes = Invitation.objects.en_attente(maintenant).select_related("organisation", "invitee_par")
    return ouvertes.filter(jeton=empreinte_du_jeton(jeton)).first()


def invitations_gerees(acteur: Acteur) -> InvitationQuerySet:
    """Return the invitations this person looks after, latest first."""
    invitations = Invitation.objects.select_related("organisation", "invitee_par")
    if gere_tout(acteur):
        return invitations
    return invitations.filter(organisation=acteur.organisation) if _gere_les_siens(acteur) else invitations.none()


def _gere_les_siens(acteur: Acteur) -> bool:
    return acteur.organisation is not None and acteur.peut(Capacite.INVITER)


def organisations_trouvees(texte: str, *, limite: int = 50) -> list[Organisation]:
    """Return the organisations whose name holds every word, or whose SIRET or code is the text."""
    mots = texte.split()
    if not mots:
        return []
    organisations = Organisation.objects.all()
    for mot in mots:
        organisations = organisations.filter(Q(nom__icontains=mot) | Q(siret=mot) | Q(code_externe=mot))
    return list(organisations.order_by("nom", "pk")[:limite])
