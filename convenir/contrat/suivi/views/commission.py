"""What the commission is told: written by the service, read by the members."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from convenir.contrat.suivi.actions.commission import informer_commission, membres
from convenir.contrat.suivi.forms import FormulaireCommission
from convenir.contrat.suivi.models import InformationCommission
from convenir.contrat.suivi.queries.commission import FiltreLignes, informations_lisibles, lignes_du_jour, lire
from convenir.contrat.suivi.views.commun import aujourdhui, departement_choisi, departements_couverts
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, traiter
from convenir.socle.documents.tableurs import repondre_csv

PAR_PAGE = 25
DERNIERES = 5  # celles que rappelle la page où l'on informe ; « Informations de la commission » les a toutes
COLONNES = ("reference", "structure", "etat", "faits")
Lignes = Sequence[dict[str, str]]


def _liste(request: HttpRequest, lignes: Lignes) -> dict[str, Any]:
    """Return one page of the lines asked for, those in difficulty apart, and how many there are of each."""
    filtre = FiltreLignes.lire(request.GET)
    retenues = filtre.retenir(lignes)
    page = Paginator(retenues, PAR_PAGE).get_page(request.GET.get("page"))
    difficiles = sum(bool(x.get("difficulte")) for x in retenues)
    return {
        "filtre": filtre, "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "difficiles": [x for x in page if x.get("difficulte")], "autres": [x for x in page if not x.get("difficulte")],
        "nombre_difficiles": difficiles, "nombre_autres": len(retenues) - difficiles,
    }  # fmt: skip


def _en_csv(request: HttpRequest, nom: str, lignes: Lignes) -> StreamingHttpResponse:
    """Send every line asked for, none cut by the page."""
    retenues = FiltreLignes.lire(request.GET).retenir(lignes)
    rangs = ([*(x[c] for c in COLONNES), x.get("difficulte", "")] for x in retenues)
    return repondre_csv(chain([(*COLONNES, "en_difficulte")], rangs), nom)


@exige(Capacite.INSTRUIRE_CONVENTION)
@require_http_methods(["GET", "POST"])
def commission(request: HttpRequest) -> HttpResponse:
    """Show what the commission would be told today; record it and tell its members."""
    departement, acteur = departement_choisi(request), acteur_de_la_requete(request)
    formulaire = FormulaireCommission(request.POST or None, initial={"jour": aujourdhui()})
    lignes, destinataires = lignes_du_jour(acteur, departement, aujourdhui()), membres(departement)
    acte = lambda: informer_commission(
        acteur, departement, lignes, maintenant=timezone.now(), **formulaire.cleaned_data
    )
    contexte = {
        "departement": departement, "departements": departements_couverts(request), "lignes": lignes,
        "en_difficulte": sum(bool(x["difficulte"]) for x in lignes), "membres": destinataires,
        "passees": informations_lisibles(acteur).filter(departement=departement)[:DERNIERES],
        "export": reverse("suivi:commission_du_jour"), **_liste(request, lignes),
    }  # fmt: skip
    prevenus = pluriel(len(destinataires), "membre est prévenu", "membres sont prévenus")
    dit = f"L’information de la commission est enregistrée : {prevenus}."
    vers = f"{reverse('suivi:commission')}?departement={departement.pk}"
    return traiter(request, formulaire, "suivi/commission.html", contexte, acte, dit, vers)


@exige(Capacite.INSTRUIRE_CONVENTION)
def commission_du_jour(request: HttpRequest) -> StreamingHttpResponse:
    """Send what the commission would be told today, as filtered."""
    departement, jour = departement_choisi(request), aujourdhui()
    lignes = lignes_du_jour(acteur_de_la_requete(request), departement, jour)
    return _en_csv(request, f"commission-{departement.pk}-{jour}", lignes)


@exige(Capacite.VOIR_COMMISSION)
def informations(request: HttpRequest) -> HttpResponse:
    """List what the commissions of the territory were told."""
    page = Paginator(informations_lisibles(acteur_de_la_requete(request)), PAR_PAGE).get_page(request.GET.get("page"))
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return render(request, "suivi/informations.html", {"page": page, "pages": pages})


def _information(request: HttpRequest, cle: int) -> InformationCommission:
    return get_object_or_404(informations_lisibles(acteur_de_la_requete(request)), pk=cle)


@exige(Capacite.VOIR_COMMISSION)
def information(request: HttpRequest, cle: int) -> HttpResponse:
    """Show what the commission was told on a day, as it was recorded."""
    dite = _information(request, cle)
    lue = lire(acteur_de_la_requete(request), dite)
    export = reverse("suivi:commission_exporter", args=[dite.pk])
    contexte = {"information": dite, "lue": lue, "export": export, **_liste(request, lue.lignes)}
    return render(request, "suivi/information.html", contexte)


@exige(Capacite.VOIR_COMMISSION)
def commission_exporter(request: HttpRequest, cle: int) -> StreamingHttpResponse:
    """Send what the commission was told, as it was recorded, as far as the person reads it and as filtered."""
    dite = _information(request, cle)
    return _en_csv(request, f"commission-{dite.jour}", lire(acteur_de_la_requete(request), dite).lignes)
