"""Long works run in the background, in the name of the person who asked for them."""

from __future__ import annotations

from django_tasks import task

from convenir.contrat.conventions.actions import operations
from convenir.contrat.conventions.models import Operation
from convenir.socle.comptes.models import Utilisateur
from convenir.socle.comptes.queries import acteur_de


@task()
def executer(cle: int, utilisateur: int, adhesion: int) -> None:
    """Do a work that was asked for."""
    acteur = acteur_de(Utilisateur.objects.get(pk=utilisateur), choisie=adhesion)
    operations.executer(acteur, Operation.objects.get(pk=cle))
