"""What the commission is told: written by the service, read by the members."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from convenir.contrat.dossiers.csv_francais import en_csv
from convenir.contrat.suivi.actions.commission import informer_commission, membres
from convenir.contrat.suivi.forms import FormulaireCommission
from convenir.contrat.suivi.models import InformationCommission
from convenir.contrat.suivi.queries.commission import informations_lisibles, lignes_du_jour, lire
from convenir.contrat.suivi.views.commun import aujourdhui, departement_choisi, departements_couverts
from convenir.socle.commun.francais import pluriel
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import acteur_de_la_requete, exige, traiter

PAR_PAGE = 25
COLONNES = ("reference", "structure", "etat", "faits")


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
        "difficiles": [x for x in lignes if x["difficulte"]], "autres": [x for x in lignes if not x["difficulte"]],
        "membres": destinataires, "passees": informations_lisibles(acteur).filter(departement=departement)[:20],
    }  # fmt: skip
    prevenus = pluriel(len(destinataires), "membre est prévenu", "membres sont prévenus")
    dit = f"L’information de la commission est enregistrée : {prevenus}."
    vers = f"{reverse('suivi:commission')}?departement={departement.pk}"
    return traiter(request, formulaire, "suivi/commission.html", contexte, acte, dit, vers)


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
    contexte = {
        "information": dite, "lue": lue, "difficiles": [x for x in lue.lignes if x.get("difficulte")],
        "autres": [x for x in lue.lignes if not x.get("difficulte")],
    }  # fmt: skip
    return render(request, "suivi/information.html", contexte)


@exige(Capacite.VOIR_COMMISSION)
def commission_exporter(request: HttpRequest, cle: int) -> StreamingHttpResponse:
    """Send what the commission was told, as it was recorded, as far as the person reads it."""
    dite = _information(request, cle)
    lignes = lire(acteur_de_la_requete(request), dite).lignes
    rangs = ([*(x[c] for c in COLONNES), x.get("difficulte", "")] for x in lignes)
    return en_csv(f"commission-{dite.jour}", (*COLONNES, "en_difficulte"), rangs)
