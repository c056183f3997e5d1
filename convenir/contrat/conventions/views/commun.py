"""What the views share: find a convention in sight."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.queries import convention_visible
from convenir.socle.comptes.pages import acteur_de_la_requete


def trouver(request: HttpRequest, reference: str) -> Convention:
    """Return a convention that the person may see.

    Raises:
        Http404: it does not exist for this person.
    """
    convention = convention_visible(acteur_de_la_requete(request), reference)
    if convention is None:
        raise Http404
    return convention
