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
    """Show every delivery, the latest first."""
    page = Paginator(queries.livraisons(), PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "donnees/livraisons.html", {"page": page})
