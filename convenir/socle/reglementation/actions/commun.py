"""What every act on the law shares: a reason, a signature, a withdrawal that erases nothing."""

from __future__ import annotations

from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.reglementation import memoire
from convenir.socle.reglementation.models import Saisie, ValeurAjoutee
from convenir.socle.reglementation.signals import droit_modifie

S = TypeVar("S", bound=Saisie)


def retirer(ligne: Saisie | None, acteur: Acteur, motif: str, acte: str) -> None:
    """Mark a row as withdrawn and journal it, inside the caller's transaction.

    Raises:
        EntreeInvalide: no reason, no such row, or already withdrawn.
    """
    exiger_motif(motif)
    if ligne is None or ligne.est_retire:
        raise EntreeInvalide("Cette valeur n'existe pas, ou elle est déjà retirée. Relisez l'histoire du paramètre.")
    ligne.retire_le, ligne.retire_par, ligne.motif_retrait = timezone.now(), acteur.auteur.nom, motif.strip()
    ligne.save(update_fields=["retire_le", "retire_par", "motif_retrait"])
    journaliser(acte, ligne, auteur=acteur.auteur, apres={"motif": ligne.motif_retrait})
    annoncer()


def annoncer() -> None:
    """Forget the law read for this request, and say that it changed once the change is committed."""
    memoire.oublier()
    transaction.on_commit(lambda: droit_modifie.send(sender=ValeurAjoutee))


def exiger_motif(motif: str) -> None:
    """Refuse an act without a reason."""
    if not motif.strip():
        raise EntreeInvalide("Indiquez le motif : il reste au journal et dans l'histoire.")


def signer(ligne: S, acteur: Acteur) -> S:
    """Write who adds a row and when."""
    ligne.ajoute_le = timezone.now()
    ligne.ajoute_par, ligne.organisation = acteur.auteur.nom, acteur.auteur.organisation
    return ligne
