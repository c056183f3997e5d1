"""The follow-up tables of the negotiated objectives, and their export."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from convenir.contrat.objectifs import suivi as tables
from convenir.contrat.objectifs.rules import EVOLUTIONS
from convenir.socle.commun.periodes import lire_annee
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige
from convenir.socle.documents import tableurs
from convenir.socle.organisations.categories import Categorie
from convenir.socle.territoires.models import Departement

PAR_PAGE = 50


@exige(Capacite.VOIR_OBJECTIFS)
def suivi(request: HttpRequest) -> HttpResponse:
    """Show the counts by outcome, the answers to the questions of 2011, then the lines."""
    acteur = acteur_de_la_requete(request)
    annees = tables.annees_suivies(acteur)
    filtre = _filtre(request, annees)
    lignes = tables.lignes(acteur, filtre)
    page = Paginator(lignes, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "filtre": filtre, "annees": annees, "page": page, "categories": Categorie.choices, "taux": tables.TAUX,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "groupes": {code: nom for code, (nom, _) in tables.GROUPES.items()}, "groupe": tables.GROUPES[filtre.par][0],
        "rangs": tables.compter(lignes, filtre.par), "evolutions": EVOLUTIONS.values(),
        "reponses": tables.reponses(lignes, filtre.taux), "departements": _departements(request),
        "nom_du_taux": tables.TAUX[filtre.taux],
    }  # fmt: skip
    return render(request, "objectifs/suivi.html", contexte)


@exige(Capacite.VOIR_OBJECTIFS)
def exporter(request: HttpRequest, format_export: str) -> HttpResponseBase:
    """Export every line, whatever their number, with the counts on a second sheet."""
    if format_export not in tableurs.FORMATS:
        raise Http404("Formats : csv, xlsx, ods.")
    acteur = acteur_de_la_requete(request)
    filtre = _filtre(request, tables.annees_suivies(acteur))
    lignes = tables.lignes(acteur, filtre)
    feuilles = [
        tableurs.Feuille("Objectifs", tables.rangs_a_exporter(lignes, filtre.taux)),
        tableurs.Feuille("Comptes", tables.comptes_a_exporter(lignes, filtre.par)),
    ]
    return tableurs.repondre(feuilles, format_export, f"objectifs-negocies-{filtre.annee}")


def _filtre(request: HttpRequest, annees: list[int]) -> tables.Filtre:
    """Read what is asked; what is not a choice is as if not asked."""
    annee = lire_annee(request.GET.get("annee", ""))
    taux, par = request.GET.get("taux", ""), request.GET.get("par", "")
    return tables.Filtre(
        annee=annee or (annees[0] if annees else timezone.localdate().year),
        taux=taux if taux in tables.TAUX else tables.DYNAMIQUE,
        categorie=_parmi(request.GET.get("categorie", ""), Categorie.values),
        departement=request.GET.get("departement", "")[:4],
        region=request.GET.get("region", "")[:4],
        par=par if par in tables.GROUPES else "categorie",
    )


def _parmi(valeur: str, choix: list[str]) -> str:
    return valeur if valeur in choix else ""


def _departements(request: HttpRequest) -> list[Departement]:
    """Return the départements a person may choose among: those of their perimeter."""
    perimetre = acteur_de_la_requete(request).perimetre
    if perimetre.niveau == "france":
        return list(Departement.objects.all())
    if perimetre.niveau == "region":
        return list(Departement.objects.filter(region__in=perimetre.codes))
    return []
