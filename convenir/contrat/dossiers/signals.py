"""A move made anywhere has the same consequences for the file."""

from __future__ import annotations

from collections.abc import Sequence

from convenir.contrat.conventions.annonces import STRUCTURE, TOUR, Annonce, completer
from convenir.contrat.conventions.suites import Evenement, apres
from convenir.contrat.dossiers.suites import apres_passage

completer("commenter", Annonce("une question rouverte", (STRUCTURE,), TOUR, "Répondez-y : l’instruction continue."))
completer("repondre_commentaire", Annonce("réponse à une question rouverte", ("service",), TOUR))


@apres
def apres_les_passages(evenements: Sequence[Evenement]) -> None:
    """React to the moves made."""
    for evenement in evenements:
        if evenement.passage is not None:
            apres_passage(evenement.passage)
