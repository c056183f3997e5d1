"""The data dictionary: search, one page for each indicator, the documents to annex to the notice."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from convenir.mesure.indicateurs.queries import IndicateurInconnu
from convenir.restitution.dictionnaire import documents, exemples
from convenir.restitution.dictionnaire.lecture import DISPOSITIFS, dictionnaire, entree, par_famille
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.reglementation.queries import a_jour


@login_not_required
def index(request: HttpRequest) -> HttpResponse:
    """List the indicators of a scheme that hold every word asked for."""
    dispositif = request.GET.get("dispositif") or "ml"
    if dispositif not in DISPOSITIFS:
        raise Http404("Ce dispositif n'existe pas.")
    q = request.GET.get("q", "").strip()[:100]
    toutes = dictionnaire(dispositif, a_jour(), timezone.localdate())
    retenues = [e for e in toutes if e.repond_a(q.split())]
    return render(
        request,
        "portail/dictionnaire/index.html",
        {
            "q": q, "dispositif": dispositif, "dispositifs": DISPOSITIFS.items(), "familles": par_famille(retenues),
            "nombre": len(retenues), "total": len(toutes),
        },
    )  # fmt: skip


@login_not_required
def indicateur(request: HttpRequest, dispositif: str, code: str) -> HttpResponse:
    """Show one indicator: definition, formula, parameters of the day, worked example, history."""
    try:
        lue = entree(dispositif, code, a_jour(), timezone.localdate())
    except (IndicateurInconnu, EntreeInvalide) as erreur:
        raise Http404(str(erreur)) from None
    travailles = [(e, exemples.lignes_de(e.tables, e.territoire)) for e in lue.exemples]
    return render(
        request,
        "portail/dictionnaire/indicateur.html",
        {
            "e": lue, "dispositif": DISPOSITIFS[dispositif], "travailles": travailles,
            "histoire": exemples.histoire() if travailles else (),
        },
    )  # fmt: skip


@login_not_required
def exporter(request: HttpRequest, dispositif: str, format_export: str) -> HttpResponse:  # noqa: ARG001
    """Answer the whole dictionary of a scheme as PDF, workbook or JSON."""
    if dispositif not in DISPOSITIFS or format_export not in documents.FORMATS:
        raise Http404
    jour = timezone.localdate()
    instant = datetime(jour.year, jour.month, jour.day, tzinfo=UTC)
    octets = documents.ecrire(dispositif, format_export, a_jour(), instant, fictif=settings.DONNEES_FICTIVES)
    reponse = HttpResponse(octets, content_type=documents.FORMATS[format_export])
    reponse["Content-Disposition"] = f'inline; filename="dictionnaire-{dispositif}.{format_export}"'
    return reponse
