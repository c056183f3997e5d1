"""What the pages of a file share: finding it, making an act and saying what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from convenir.contrat.dossiers.models import Dossier
from convenir.contrat.dossiers.queries import dossier_visible
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.vues import acteur_de_la_requete

REFERENCE = r"(?P<reference>CONV-[0-9A-Z]{2,4}-[0-9]{4}-[A-Z]{2,4}-[0-9]{4,})"


def dossier_ou_404(request: HttpRequest, reference: str) -> Dossier:
    """Return the file of a convention, if this person may see it.

    Raises:
        Http404: it does not exist for them.
    """
    dossier = dossier_visible(acteur_de_la_requete(request), reference)
    if dossier is None:
        raise Http404("Ce dossier n’existe pas, ou n’est pas dans votre périmètre.")
    return dossier


def aujourdhui() -> date:
    """Return the day in France."""
    return timezone.localdate()


def agir(request: HttpRequest, acte: Callable[[], object], dit: str, vers: str) -> HttpResponse:
    """Make an act, say what came of it, go back to a page."""
    try:
        acte()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, dit)
    return redirect(vers)
