"""Imports run in the background. No task holds a password: see `mots_de_passe.py`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django_tasks import task

from convenir.mesure.donnees import actions, mots_de_passe
from convenir.mesure.donnees.models import Livraison
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.comptes.queries import acteur_de


def confier(tache: Any, livraison: Livraison, acteur: Acteur, **arguments: str) -> None:
    """Leave a task of a delivery for the background, in the name of a person, once what was written is kept."""
    utilisateur, adhesion = acteur.utilisateur, acteur.adhesion
    if utilisateur is None or adhesion is None:
        raise ValueError("Une tâche de fond agit au nom d'une personne.")
    noms = {"utilisateur": utilisateur.pk, "adhesion": adhesion.pk, **arguments}
    transaction.on_commit(lambda: tache.enqueue(str(livraison.uuid), **noms))


@task()
def controler(identifiant: str, utilisateur: int, adhesion: int, masque: str = "", encodage: str = "") -> None:
    """Control a deposit in the name of the person who made it."""
    livraison = Livraison.objects.get(uuid=identifiant)
    mot_de_passe = mots_de_passe.reprendre(livraison.dossier_depot, masque)
    try:
        actions.controler_depot(
            livraison.uuid, _acteur(utilisateur, adhesion), mot_de_passe=mot_de_passe, encodage=encodage or None
        )
    except ErreurMetier as erreur:
        Livraison.objects.filter(uuid=identifiant).update(message=str(erreur))


@task()
def appliquer(identifiant: str, utilisateur: int, adhesion: int) -> None:
    """Put a controlled delivery in force in the name of the person who asked for it."""
    try:
        actions.appliquer_depot(UUID(identifiant), _acteur(utilisateur, adhesion))
    except ErreurMetier as erreur:
        Livraison.objects.filter(uuid=identifiant).update(message=str(erreur))


@task()
def calculer_et_oublier(identifiant: str, utilisateur: int, adhesion: int) -> None:
    """Compute the indicators of a private delivery, then delete its records."""
    try:
        actions.calculer_et_oublier(UUID(identifiant), _acteur(utilisateur, adhesion))
    except ErreurMetier as erreur:
        Livraison.objects.filter(uuid=identifiant).update(message=str(erreur), etape="")


def _acteur(utilisateur: int, adhesion: int) -> Acteur:
    return acteur_de(Utilisateur.objects.get(pk=utilisateur), choisie=adhesion)
