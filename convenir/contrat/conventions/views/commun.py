"""What the views share: find a convention in sight, turn an error of the domain into a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries import convention_visible
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.vues import acteur_de_la_requete


def trouver(request: HttpRequest, reference: str) -> Convention:
    """Return a convention that the person may see.

    Raises:
        Http404: it does not exist for this person.
    """
    convention = convention_visible(acteur_de_la_requete(request), reference)
    if convention is None:
        raise Http404
    return convention


def tenter(request: HttpRequest, acte: Callable[[], Any], fait: str | Callable[[Any], str]) -> bool:
    """Do an act and say so, in words or from what it returned, or say why not; return whether it was done."""
    try:
        resultat = acte()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return False
    messages.success(request, fait if isinstance(fait, str) else fait(resultat))
    return True
