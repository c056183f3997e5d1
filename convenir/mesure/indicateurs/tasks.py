"""Background work: recompute when a delivery is applied."""

from __future__ import annotations

import logging
from typing import Any

from django_tasks import task

from convenir.mesure.indicateurs.actions import calculer
from convenir.mesure.indicateurs.gel_ml.actions import calculer_missions_locales
from convenir.mesure.indicateurs.gel_ml.entrees import annees_couvertes, entrees_courantes
from convenir.mesure.indicateurs.models import Instantane
from convenir.socle.commun.erreurs import ErreurMetier

_log = logging.getLogger(__name__)


@task()
def recalculer() -> str:
    """Recompute the last years from the deliveries in force; return the hash, empty when there is nothing to do."""
    try:
        return calculer().sha256
    except ErreurMetier as erreur:
        _log.warning("Indicateurs non calculés : %s", erreur)
        return ""


@task()
def recalculer_missions_locales() -> str:
    """Freeze the missions locales from what is in force; return the hash, empty when there is nothing."""
    entrees = entrees_courantes()
    try:
        return calculer_missions_locales(annees_couvertes(entrees), entrees).sha256
    except ErreurMetier as erreur:
        _log.warning("Indicateurs des missions locales non calculés : %s", erreur)
        return ""


def a_la_livraison_ml(**_: Any) -> None:
    """Ask for a new calculation: a delivery of missions locales has just been applied."""
    recalculer_missions_locales.enqueue()


def a_la_livraison(**_: Any) -> None:
    """Ask for a new calculation: a delivery has just been applied."""
    recalculer.enqueue()


def au_changement_du_droit(**_: Any) -> None:
    """Ask for a new calculation if there is one to redo: frozen snapshots keep their own law."""
    if Instantane.objects.filter(dispositif="iae").exists():
        recalculer.enqueue()
    if Instantane.objects.filter(dispositif="ml").exists():
        recalculer_missions_locales.enqueue()
