"""List of the deliveries."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from convenir.mesure.donnees import queries
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import exige

PAR_PAGE = 25


@exige(Capacite.VOIR_LIVRAISONS)
def livraisons(request: HttpRequest) -> HttpResponse:
    """Show every delivery, the latest first, and which are in force."""
    pages = Paginator(queries.livraisons(), PAR_PAGE)
    page = pages.get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "pages": pages.get_elided_page_range(page.number),
        "en_vigueur": queries.uuids_en_vigueur(),
        "peut_deposer": request.acteur.peut(Capacite.IMPORTER_DONNEES),  # type: ignore[attr-defined]
    }
    return render(request, "donnees/livraisons.html", contexte)
