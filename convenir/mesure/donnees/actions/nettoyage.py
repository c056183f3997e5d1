"""What a dead import leaves is swept at the next start: working folders, folders never put in force, deposits."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from convenir.mesure.donnees.actions import actes
from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.states import EtatLivraison, verifier
from convenir.mesure.donnees.verrou import ImportEnCours, attendre_les_transactions, dossier_entrepot, verrou
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur

E = EtatLivraison
ATTENTE_MAXIMALE = timedelta(hours=24)
SYSTEME = "Reprise après interruption"


def nettoyer() -> bool:
    """Sweep what dead imports left; do nothing while one is alive.

    Returns:
        whether the sweep was done.
    """
    try:
        with verrou():
            balayer()
    except ImportEnCours:
        return False
    return True


def balayer() -> None:
    """Sweep, the lock being held: whatever looks busy is therefore dead."""
    with transaction.atomic():
        attendre_les_transactions()
    _interrompre_les_controles()
    vivantes = dict(Livraison.objects.exclude(etat=E.APPLIQUEE).values_list("uuid", "etat"))
    appliquees = set(Livraison.objects.filter(etat=E.APPLIQUEE).values_list("uuid", flat=True))
    preparees = {uuid for uuid, etat in vivantes.items() if etat in (E.CONTROLEE, E.A_CONFIRMER)}
    entrepot = dossier_entrepot()
    for dossier in _dossiers(entrepot):
        uuid = _uuid(dossier)
        if uuid in preparees:
            # It died between the move and the commit: back to where it can be applied again.
            dossier.rename(entrepot / ".travail" / dossier.name)
        elif uuid not in appliquees:
            shutil.rmtree(dossier, ignore_errors=True)
    for dossier in _dossiers(entrepot / ".travail"):
        if _uuid(dossier) not in preparees:
            shutil.rmtree(dossier, ignore_errors=True)
    attendues = {uuid for uuid, etat in vivantes.items() if etat in (E.RECUE, E.A_RELIER)}
    for dossier in _dossiers(Path(settings.DOSSIER_DONNEES) / ".depots"):
        if _uuid(dossier) not in attendues:
            shutil.rmtree(dossier, ignore_errors=True)


def _interrompre_les_controles() -> None:
    """Mark as interrupted the deliveries whose control died, and those that no worker took in a day."""
    limite = timezone.now() - ATTENTE_MAXIMALE
    for livraison in Livraison.objects.filter(etat__in=[E.RECUE, E.A_RELIER]):
        attend = livraison.etat == E.A_RELIER or livraison.demarree_le is None
        if attend and livraison.recue_le > limite:
            continue
        livraison.message = (
            "Les colonnes n'ont pas été reliées en un jour ; les fichiers sont effacés."
            if livraison.etat == E.A_RELIER
            else "Le contrôle s'est arrêté avant la fin."
            if livraison.demarree_le
            else "Aucun traitement n'a pris cette livraison en un jour. Prévenez l'administration de la plateforme."
        )
        with transaction.atomic():
            livraison.etat, livraison.etape = verifier("interrompre", livraison.etat).vers, ""
            livraison.save(update_fields=["etat", "etape", "message"])
            journaliser(actes.INTERROMPUE, livraison, auteur=Auteur.systeme(SYSTEME))
    Livraison.objects.filter(etat__in=[E.CONTROLEE, E.A_CONFIRMER]).exclude(etape="").update(etape="")


def _dossiers(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return [d for d in sorted(parent.iterdir()) if d.is_dir() and not d.name.startswith(".")]


def _uuid(dossier: Path) -> UUID | None:
    try:
        return UUID(dossier.name)
    except ValueError:
        return None
