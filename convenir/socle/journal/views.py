"""Pages of the journal."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from convenir.socle.journal import actes
from convenir.socle.journal.detail import lignes_de_detail, nom_du_type
from convenir.socle.journal.droits import VOIR, VOIR_TOUT, Demandeur
from convenir.socle.journal.export import lignes_csv
from convenir.socle.journal.forms import FormulaireFiltres
from convenir.socle.journal.models import Entree
from convenir.socle.journal.queries import entrees_lisibles, tete

PAR_PAGE = 50


def _lecture(request: HttpRequest) -> tuple[Demandeur, FormulaireFiltres]:
    """Return the person, once allowed in, and the filters of the address.

    Raises:
        ActionRefusee: answered with a 403 page by the middleware of the accounts.
    """
    acteur: Demandeur = request.acteur  # type: ignore[attr-defined]
    acteur.exiger(VOIR)
    return acteur, FormulaireFiltres(request.GET, avec_organisation=acteur.peut(VOIR_TOUT))


@require_GET
def liste(request: HttpRequest) -> HttpResponse:
    """Show the entries the person may read, filtered, fifty to a page."""
    acteur, formulaire = _lecture(request)
    page = Paginator(entrees_lisibles(acteur, formulaire.filtres()), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "formulaire": formulaire,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "entrees": [_a_lire(entree) for entree in page],
        "tout": acteur.peut(VOIR_TOUT),
        "tete": tete() if acteur.peut(VOIR_TOUT) else None,
        "filtre": any(formulaire.cleaned_data.values()),
    }
    return render(request, "journal/liste.html", contexte)


def _a_lire(entree: Entree) -> dict[str, Any]:
    return {
        "entree": entree,
        "acte": actes.libelle(entree.acte),
        "type": nom_du_type(entree),
        "lignes": lignes_de_detail(entree),
        "efface_le": entree.charge.effacee_le,
    }


@require_GET
def exporter(request: HttpRequest) -> StreamingHttpResponse:
    """Send every entry of the filters as CSV, without a limit."""
    acteur, formulaire = _lecture(request)
    entrees = entrees_lisibles(acteur, formulaire.filtres()).iterator(chunk_size=2000)
    reponse = StreamingHttpResponse(lignes_csv(entrees), content_type="text/csv; charset=utf-8")
    nom = f"journal-{timezone.localdate().isoformat()}.csv"
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    return reponse
