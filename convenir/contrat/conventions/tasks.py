"""Long works run in the background, in the name of the person who asked for them."""

from __future__ import annotations

from django_tasks import task

from convenir.contrat.conventions.actions import operations
from convenir.contrat.conventions.models import Operation
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.comptes.queries import acteur_de


def confier(acteur: Acteur, operation: Operation) -> None:
    """Hand a work to the background, in the name of this person."""
    assert acteur.utilisateur is not None
    assert acteur.adhesion is not None
    executer.enqueue(operation.pk, utilisateur=acteur.utilisateur.pk, adhesion=acteur.adhesion.pk)


@task()
def executer(cle: int, utilisateur: int, adhesion: int) -> None:
    """Do a work that was asked for."""
    acteur = acteur_de(Utilisateur.objects.get(pk=utilisateur), choisie=adhesion)
    operations.executer(acteur, Operation.objects.get(pk=cle))
