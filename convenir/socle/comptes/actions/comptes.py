"""Create an account, close or reopen it, change its password."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction

from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes import actes, policies
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.actions.adhesions import ouvrir_adhesion, verifier_nouvelle_adhesion
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.courriels import envoyer_lien_de_mot_de_passe
from convenir.socle.comptes.jetons import signer_lien
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur
from convenir.socle.organisations.models import Organisation, Structure

DELAI_ENTRE_LIENS = 300  # seconds
Designation = tuple[str, str, str]


def designer(utilisateur: Utilisateur) -> Designation:
    """Return the account as the journal names it: its number, never the person's name or address."""
    return Utilisateur._meta.label_lower, str(utilisateur.pk), f"Compte n° {utilisateur.pk}"


def enregistrer_compte(email: str, *, prenom: str, nom: str, mot_de_passe: str, auteur: Auteur | None) -> Utilisateur:
    """Write an account and journal it, inside the caller's transaction; without an author, the person's own act.

    Raises:
        EntreeInvalide: the address is taken or the password too weak.
    """
    if Utilisateur.objects.filter(email=Utilisateur.objects.adresse(email)).exists():
        raise EntreeInvalide(f"Un compte existe déjà pour {email}.")
    _verifier_mot_de_passe(mot_de_passe, Utilisateur(email=email, prenom=prenom, nom=nom))
    utilisateur = Utilisateur.objects.creer(email, prenom=prenom, nom=nom, mot_de_passe=mot_de_passe)
    auteur = auteur or Acteur.de(utilisateur).auteur
    journaliser(actes.COMPTE_CREE, designer(utilisateur), auteur=auteur)
    return utilisateur


def _verifier_mot_de_passe(mot_de_passe: str, utilisateur: Utilisateur) -> None:
    try:
        validate_password(mot_de_passe, utilisateur)
    except ValidationError as erreur:
        raise EntreeInvalide(" ".join(erreur.messages)) from erreur


@transaction.atomic
def creer_compte(
    acteur: Acteur,
    email: str,
    *,
    prenom: str,
    nom: str,
    mot_de_passe: str,
    organisation: Organisation,
    role: str,
    debut: date,
    structures: Iterable[Structure] = (),
) -> Adhesion:
    """Create an account with its first membership, or add a membership to the account of this address.

    For the command line and the demonstration: it is how the first administrator comes in. People are invited.

    Raises:
        ActionRefusee: the person does not manage accounts, or the role does not exist in this organisation.
        EntreeInvalide: the role is already held, or the password too weak.
    """
    acteur.exiger(Capacite.GERER_COMPTES)
    if raison := policies.refus_d_inviter(acteur, organisation, role):
        raise ActionRefusee(raison)
    verifier_nouvelle_adhesion(email, organisation, role)
    utilisateur = Utilisateur.objects.filter(email=Utilisateur.objects.adresse(email)).first()
    if utilisateur is None:
        utilisateur = enregistrer_compte(
            email, prenom=prenom, nom=nom, mot_de_passe=mot_de_passe, auteur=acteur.auteur
        )
    return ouvrir_adhesion(utilisateur, organisation, role, debut=debut, auteur=acteur.auteur, structures=structures)


@transaction.atomic
def changer_etat_du_compte(acteur: Acteur, cle: int, *, actif: bool, motif: str) -> Utilisateur:
    """Close an account (nobody logs in with it any more) or reopen it; its memberships are not touched.

    Raises:
        ActionRefusee: the person does not manage accounts, or closes their own.
        EntreeInvalide: no reason given.
    """
    acteur.exiger(Capacite.GERER_COMPTES)
    if acteur.utilisateur is not None and acteur.utilisateur.pk == cle:
        raise ActionRefusee("Vous ne pouvez pas désactiver votre propre compte. Demandez-le à une autre personne.")
    if not motif.strip():
        raise EntreeInvalide("Dites pourquoi : le motif est gardé au journal.")
    utilisateur = Utilisateur.objects.select_for_update().get(pk=cle)
    avant, utilisateur.est_actif = utilisateur.est_actif, actif
    utilisateur.save(update_fields=["est_actif"])
    journaliser(
        actes.COMPTE_REACTIVE if actif else actes.COMPTE_DESACTIVE,
        designer(utilisateur),
        auteur=acteur.auteur,
        avant={"est_actif": avant},
        apres={"est_actif": actif, "motif": motif.strip()},
    )
    return utilisateur


@transaction.atomic
def changer_mot_de_passe(utilisateur: Utilisateur, nouveau: str, *, auteur: Auteur) -> None:
    """Change one's own password and journal the act, not the value.

    Raises:
        EntreeInvalide: the password is under the rule of the CNIL.
    """
    _verifier_mot_de_passe(nouveau, utilisateur)
    utilisateur.set_password(nouveau)
    utilisateur.save(update_fields=["password"])
    journaliser(actes.MOT_DE_PASSE_CHANGE, designer(utilisateur), auteur=auteur)


def envoyer_lien(email: str, *, adresse_de: Callable[[str, str], str]) -> None:
    """Send a link to a new password to an active account; nothing tells whether the address has one.

    One message in five minutes to an account, so that nobody is flooded.

    Raises:
        ErreurMetier: the message could not leave.
    """
    adresse = Utilisateur.objects.adresse(email)
    utilisateur = Utilisateur.objects.filter(email=adresse, est_actif=True).first()
    if utilisateur is not None and cache.add(f"comptes.lien.{utilisateur.pk}", 1, DELAI_ENTRE_LIENS):
        envoyer_lien_de_mot_de_passe(utilisateur, adresse_de(*signer_lien(utilisateur)))
