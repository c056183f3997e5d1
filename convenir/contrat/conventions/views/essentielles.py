"""Essential data of the grant agreements: what is published of a year, what is not and why, the file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from convenir.contrat.conventions.queries.essentielles import Publication, peut_publier, publication
from convenir.contrat.conventions.rules.essentielles import rangs
from convenir.socle.commun.periodes import lire_annee
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, page_de_refus
from convenir.socle.documents.tableurs import ecrire_csv_sans_marque as sans_marque
from convenir.socle.reglementation.queries import a_jour

REFUS = "Ces données se publient par qui attribue : l'État, ou un financeur pour ce qu'il accorde."
PREMIERE = 2017  # conventions signées à partir du 1er août 2017


def _annee(request: HttpRequest) -> int:
    courante = timezone.localdate().year
    annee = lire_annee(request.GET.get("annee", "")) or courante
    if not PREMIERE <= annee <= courante:
        raise Http404(f"Les données essentielles se publient depuis {PREMIERE}.")
    return annee


def _lire(request: HttpRequest) -> Publication:
    return publication(acteur_de_la_requete(request), _annee(request))


@exige(Capacite.VOIR_CONVENTIONS)
def page(request: HttpRequest) -> HttpResponse:
    """Show what the file of a year holds, and what it leaves out with the reason."""
    if not peut_publier(acteur_de_la_requete(request)):
        return page_de_refus(request, REFUS)
    lue = _lire(request)
    seuil = a_jour().valeur("subventions.publication.seuil", timezone.localdate())
    contexte = {
        "p": lue, "seuil": seuil.nombre, "total": sum(s.montant for s in lue.publiees),
        "annees": range(timezone.localdate().year, PREMIERE - 1, -1),
    }  # fmt: skip
    return render(request, "conventions/essentielles.html", contexte)


@exige(Capacite.VOIR_CONVENTIONS)
def exporter(request: HttpRequest) -> HttpResponseBase:
    """Send the file of a year, in the public format."""
    if not peut_publier(acteur_de_la_requete(request)):
        return page_de_refus(request, REFUS)
    lue = _lire(request)
    reponse = StreamingHttpResponse(sans_marque(rangs(lue.publiees)), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="subventions-{lue.annee}.csv"'
    return reponse
