"""Invite a person, cancel, accept: a membership is never opened without the person's own act."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes import actes, policies
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.actions.adhesions import ouvrir_adhesion, verifier_nouvelle_adhesion
from convenir.socle.comptes.actions.comptes import enregistrer_compte
from convenir.socle.comptes.courriels import envoyer_invitation
from convenir.socle.comptes.jetons import duree_de_validite, empreinte_du_jeton, tirer_jeton
from convenir.socle.comptes.models import Adhesion, Invitation, Utilisateur
from convenir.socle.comptes.queries import structures_confiables
from convenir.socle.comptes.roles import ROLES_STRUCTURE
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Organisation, Structure

LIEN_MORT = "Ce lien d'invitation ne vaut plus : il a servi, expiré ou été annulé. Demandez une nouvelle invitation."


def inviter(
    acteur: Acteur,
    email: str,
    organisation: Organisation,
    role: str,
    *,
    adresse_de: Callable[[str], str],
    maintenant: datetime,
    structures: Iterable[Structure] = (),
) -> Invitation:
    """Offer a role to an address and send the link; an offer still open for the same role is replaced.

    Args:
        adresse_de: builds the full address of the acceptance page from the token.
        structures: structures of the carrier to follow; none means all those the inviter may entrust.

    Raises:
        ActionRefusee: the person may not give this role there.
        EntreeInvalide: the role is already held, or a structure is not one to entrust.
        ErreurMetier: the invitation is written but the message could not leave.
    """
    if raison := policies.refus_d_inviter(acteur, organisation, role):
        raise ActionRefusee(raison)
    verifier_nouvelle_adhesion(email, organisation, role)
    confiees = _structures_a_confier(acteur, organisation, role, list(structures))
    jeton = tirer_jeton()
    with transaction.atomic():
        _remplacer(acteur, email, organisation, role, maintenant)
        invitation = Invitation.objects.create(
            email=email,
            organisation=organisation,
            role=role,
            jeton=empreinte_du_jeton(jeton),
            creee_le=maintenant,
            expire_le=maintenant + duree_de_validite(),
            invitee_par=acteur.utilisateur,
        )
        invitation.structures.set(confiees)
        apres = {"role": role, "expire_le": invitation.expire_le, "structures": sorted(s.pk for s in confiees)}
        journaliser(actes.INVITATION_ENVOYEE, invitation, auteur=acteur.auteur, apres=apres)
    envoyer_invitation(invitation, adresse_de(jeton))
    return invitation


def _structures_a_confier(
    acteur: Acteur, organisation: Organisation, role: str, demandees: list[Structure]
) -> list[Structure]:
    """Return the structures to write: none means "all of the carrier", which only who sees all of it may entrust."""
    if role not in ROLES_STRUCTURE:
        return []
    confiables, toutes = structures_confiables(acteur, organisation)
    if any(structure not in confiables for structure in demandees):
        raise EntreeInvalide("Une des structures choisies n'est pas de celles que vous pouvez confier.")
    return demandees if demandees or toutes else confiables


def _remplacer(acteur: Acteur, email: str, organisation: Organisation, role: str, maintenant: datetime) -> None:
    """Cancel the invitation still open for the same address, organisation and role."""
    email = Utilisateur.objects.adresse(email)
    ouvertes = Invitation.objects.en_attente(maintenant).filter(email=email, organisation=organisation, role=role)
    for ancienne in ouvertes:
        _annuler(acteur, ancienne, maintenant)


@transaction.atomic
def annuler_invitation(acteur: Acteur, cle: int, *, maintenant: datetime) -> Invitation:
    """Cancel an invitation: its link opens nothing any more.

    Raises:
        ActionRefusee: the person could not have sent it.
        EntreeInvalide: it is no longer open.
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=cle)
    if raison := policies.refus_d_annuler(acteur, invitation):
        raise ActionRefusee(raison)
    if invitation.etat(maintenant) != "en attente":
        raise EntreeInvalide(f"Cette invitation est déjà {invitation.etat(maintenant)}.")
    _annuler(acteur, invitation, maintenant)
    return invitation


def _annuler(acteur: Acteur, invitation: Invitation, maintenant: datetime) -> None:
    invitation.annulee_le = maintenant
    invitation.save(update_fields=["annulee_le"])
    journaliser(actes.INVITATION_ANNULEE, invitation, auteur=acteur.auteur, apres={"annulee_le": maintenant})


@transaction.atomic
def accepter_invitation(
    jeton: str,
    *,
    maintenant: datetime,
    utilisateur: Utilisateur | None = None,
    prenom: str = "",
    nom: str = "",
    mot_de_passe: str = "",
    requete_id: str = "",
) -> Adhesion:
    """Accept once: create the account if the address has none, and open the membership from today.

    Args:
        utilisateur: the person logged in; required when the address already has an account.

    Raises:
        ActionRefusee: the invitation is for another account, or that account must log in first.
        EntreeInvalide: the link no longer holds, or the password is too weak.
    """
    ouvertes = Invitation.objects.select_for_update(of=("self",)).en_attente(maintenant)
    invitation = ouvertes.select_related("organisation").filter(jeton=empreinte_du_jeton(jeton)).first()
    if invitation is None:
        raise EntreeInvalide(LIEN_MORT)
    verifier_nouvelle_adhesion(invitation.email, invitation.organisation, invitation.role)
    if utilisateur is None:
        utilisateur = _ouvrir_compte(invitation, prenom=prenom, nom=nom, mot_de_passe=mot_de_passe)
    elif utilisateur.email != invitation.email:
        raise ActionRefusee("Cette invitation est pour une autre adresse. Déconnectez-vous, puis rouvrez le lien.")
    invitation.acceptee_le = maintenant
    invitation.save(update_fields=["acceptee_le"])
    auteur = Acteur.de(utilisateur, requete_id=requete_id, organisation=invitation.organisation).auteur
    adhesion = ouvrir_adhesion(
        utilisateur,
        invitation.organisation,
        invitation.role,
        debut=timezone.localdate(maintenant),
        auteur=auteur,
        structures=invitation.structures.all(),
    )
    journaliser(actes.INVITATION_ACCEPTEE, invitation, auteur=auteur, apres={"acceptee_le": maintenant})
    return adhesion


def _ouvrir_compte(invitation: Invitation, *, prenom: str, nom: str, mot_de_passe: str) -> Utilisateur:
    if Utilisateur.objects.filter(email=invitation.email).exists():
        raise ActionRefusee("Cette adresse a déjà un compte. Connectez-vous, puis rouvrez le lien de l'invitation.")
    return enregistrer_compte(invitation.email, prenom=prenom, nom=nom, mot_de_passe=mot_de_passe, auteur=None)
