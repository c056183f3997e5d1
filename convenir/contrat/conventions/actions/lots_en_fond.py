"""The batch of a département in the background: bit by bit, each its own transaction, so that it may be resumed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils import timezone

from convenir.contrat.conventions.actions.lots import LigneDeLot, a_preparer, preparer_avenants
from convenir.contrat.conventions.actions.operations import Suite, ouvrage, par_lots
from convenir.contrat.conventions.models import GenreOperation, Operation
from convenir.socle.comptes.acteur import Acteur

TAILLE = 200
PREPAREE, A_REVOIR, ECARTEE = "préparée", "à revoir", "écartée"


@ouvrage(GenreOperation.LOT)
def preparer_le_lot(acteur: Acteur, operation: Operation, suite: Suite) -> None:
    """Prepare the avenants and annexes of a year; what is already prepared is left alone."""
    assert operation.annee is not None
    cles = a_preparer(operation.departement_id, operation.annee)
    suite.compter(len(cles))
    for lot in par_lots(cles, TAILLE):
        rapport = preparer_avenants(
            acteur, operation.departement_id, operation.annee, essai=operation.essai, jour=timezone.localdate(),
            maintenant=timezone.now(), seulement=lot,
        )  # fmt: skip
        lignes = [_ligne(x, A_REVOIR if x.exception else PREPAREE) for x in rapport.preparees]
        suite.avancer(lignes + [_ligne(x, ECARTEE) for x in rapport.ecartees])


def _ligne(ligne: LigneDeLot, issue: str) -> dict[str, Any]:
    return asdict(ligne) | {"issue": issue, "detail": ligne.exception}
