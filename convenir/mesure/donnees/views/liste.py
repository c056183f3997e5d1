"""List of the deliveries."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from convenir.mesure.donnees import policies, queries
from convenir.mesure.donnees.views.commun import lecture
from convenir.socle.comptes.pages import acteur_de_la_requete
from convenir.socle.territoires.queries import zonages_charges

PAR_PAGE = 25


@lecture
def livraisons(request: HttpRequest) -> HttpResponse:
    """Show the deliveries that the person may read, the latest first, and which are in force."""
    acteur = acteur_de_la_requete(request)
    pages = Paginator(queries.livraisons(acteur), PAR_PAGE)
    page = pages.get_page(request.GET.get("page"))
    contexte = {
        "page": page,
        "pages": pages.get_elided_page_range(page.number),
        "en_vigueur": queries.uuids_en_vigueur(),
        "peut_deposer": policies.peut_deposer(acteur),
        "propre": policies.depose_pour_sa_mission_locale(acteur),
        "zonages": [(genre.label, millesime) for genre, millesime in zonages_charges().items()],
    }
    return render(request, "donnees/livraisons.html", contexte)
