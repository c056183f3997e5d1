"""The fiche of a mission locale: page, months, figure opened onto its source, workbook, JSON."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from convenir.mesure.indicateurs import queries_ml as ml
from convenir.restitution.fiches.assemblage import FicheIndisponible
from convenir.restitution.fiches_ml import assemblage, document, export, export_json, mensuel
from convenir.restitution.fiches_ml.modele import FicheMl
from convenir.restitution.fiches_ml.presentation import FicheMlPresentee
from convenir.restitution.portail import liste_ml
from convenir.restitution.portail.trace_ml import TraceMl
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.periodes import lire_annee
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, page_de_refus
from convenir.socle.documents import tableurs
from convenir.socle.organisations.models import MissionLocale

RESERVE = (
    "Les mois et les découpages ne sont ouverts qu’à l’État et à la mission locale : de petits nombres s’y liraient. "
    "Vous avez les chiffres de l’année."
)
# Les périodes d'une mission locale : année, trimestre, mois, cumul, jour d'un stock.
PERIODE = re.compile(r"(?P<annee>[0-9]{4})(?:-(?:0[1-9]|1[0-2])(?:-cumul|-[0-3][0-9])?|-T[1-4])?")


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def fiche(request: HttpRequest, code: str) -> HttpResponse:
    """Show the fiche of the year asked for, the last computed by default."""
    mission_locale = _mission_locale(request, code)
    try:
        lue = assemblage.assembler(acteur_de_la_requete(request), mission_locale, _annee(request))
    except FicheIndisponible as erreur:
        contexte = {"mission_locale": mission_locale, "raison": str(erreur)}
        return render(request, "portail/ml/fiche_absente.html", contexte)
    return render(request, "portail/ml/fiche.html", {"fiche": lue, "p": FicheMlPresentee(lue), "annees": ml.annees()})


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def mois(request: HttpRequest, code: str) -> HttpResponse:
    """Show this month, the months since January, and the same of last year."""
    mission_locale = _mission_locale(request, code)
    if liste_ml.est_dehors(acteur_de_la_requete(request)):
        return page_de_refus(request, RESERVE)
    demande = request.GET.get("mois", "")
    tableaux = mensuel.tableaux([mission_locale], int(demande) if demande.isdecimal() else None)
    contexte = {"mission_locale": mission_locale, "tableau": tableaux[0] if tableaux else None}
    return render(request, "portail/ml/mois.html", contexte)


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def chiffre(request: HttpRequest, code: str, indicateur: str) -> HttpResponse:
    """Open a figure of a mission locale onto its source, its months and its breakdowns."""
    mission_locale = _mission_locale(request, code)
    trouve = PERIODE.fullmatch(request.GET.get("periode", ""))
    if trouve is None:
        raise Http404("Donnez la période du chiffre, par exemple ?periode=2025.")
    lue = _fiche_de(request, mission_locale, int(trouve["annee"]))
    trace = TraceMl.de(lue, indicateur, trouve[0], request.GET.get("ventilation", ""), request.GET.get("modalite", ""))
    if trace is None:
        raise Http404("Ce chiffre n'existe pas, ou n'est ouvert qu'à l'État et à la mission locale.")
    return render(request, "portail/ml/chiffre.html", {"t": trace})


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def exporter(request: HttpRequest, code: str, format_export: str) -> HttpResponseBase:
    """Export every value of the fiche, with its dictionary and its parameters."""
    if format_export not in tableurs.FORMATS:
        raise Http404
    lue = _fiche_de(request, _mission_locale(request, code), _annee(request))
    return tableurs.repondre(export.classeur(lue), format_export, f"mission-locale-{code}-{lue.annee}")


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def fiche_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the fiche as a tagged PDF, with the hash of its snapshot."""
    lue = _fiche_de(request, _mission_locale(request, code), _annee(request))
    reponse = HttpResponse(document.rendre(lue).octets, content_type="application/pdf")
    reponse["Content-Disposition"] = f'inline; filename="fiche-mission-locale-{lue.annee}-{code}.pdf"'
    return reponse


@exige(Capacite.VOIR_MISSIONS_LOCALES)
def fiche_json(request: HttpRequest, code: str) -> JsonResponse:
    """Answer the fiche as JSON."""
    lue = _fiche_de(request, _mission_locale(request, code), _annee(request))
    contenu = export_json.en_dictionnaire(lue)
    return JsonResponse(contenu, json_dumps_params={"ensure_ascii": False, "indent": 2})


def _fiche_de(request: HttpRequest, mission_locale: MissionLocale, annee: int) -> FicheMl:
    try:
        return assemblage.assembler(acteur_de_la_requete(request), mission_locale, annee)
    except FicheIndisponible as erreur:
        raise Http404(str(erreur)) from None


def _mission_locale(request: HttpRequest, code: str) -> MissionLocale:
    """Return the mission locale, or answer 404: outside the perimeter, it does not exist for this person."""
    try:
        return assemblage.trouver(acteur_de_la_requete(request), code)
    except EntreeInvalide as erreur:
        raise Http404(str(erreur)) from None


def _annee(request: HttpRequest) -> int:
    """Read the year asked for; the last computed one by default."""
    demandee = request.GET.get("annee", "")
    if not demandee:
        return (ml.annees() or [0])[0]
    if (lue := lire_annee(demandee)) is None:
        raise Http404("L'année se donne en quatre chiffres.")
    return lue
