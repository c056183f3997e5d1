"""What a person decides of a delivery: apply it, give it up, put it in force again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from convenir.mesure.donnees import actions, tasks
from convenir.mesure.donnees.forms import FormulaireMotif, FormulaireRemise
from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.views.commun import depot, la_livraison
from convenir.mesure.donnees.views.detail import page
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.pages import acteur_de_la_requete, agir


@require_POST
@depot
def appliquer(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Ask for the application of a controlled delivery; it runs in the background."""
    livraison = la_livraison(request, identifiant)
    formulaire = FormulaireMotif(request.POST, rapport=livraison.rapport)
    if not formulaire.is_valid():
        return page(request, livraison, motif=formulaire, statut=400)
    return _demander(request, livraison, actions.demander_application, tasks.appliquer, formulaire)


@require_POST
@depot
def oublier(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Ask for the indicators of a private delivery; its records are then deleted."""
    livraison = la_livraison(request, identifiant)
    formulaire = FormulaireMotif(request.POST, rapport={"seuils": livraison.rapport.get("seuils")})
    if not formulaire.is_valid():
        return page(request, livraison, motif=formulaire, statut=400)
    return _demander(request, livraison, actions.demander_le_calcul, tasks.calculer_et_oublier, formulaire)


def _demander(
    request: HttpRequest, livraison: Livraison, acte: Callable[..., object], tache: Any, formulaire: FormulaireMotif
) -> HttpResponse:
    """Make the act that asks for a task, then leave the task for the background."""
    acteur = acteur_de_la_requete(request)
    try:
        acte(livraison, acteur, **formulaire.cleaned_data)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        tasks.confier(tache, livraison, acteur)
    return redirect(livraison)


@require_POST
@depot
def abandonner(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Give up a delivery that is not applied."""
    livraison = la_livraison(request, identifiant)
    acte = lambda: actions.abandonner(livraison, acteur_de_la_requete(request))
    return agir(request, acte, "La livraison est abandonnée. Rien n'a été modifié.", livraison)


@require_POST
@depot
def remettre(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Put an earlier delivery in force again."""
    livraison = la_livraison(request, identifiant)
    formulaire = FormulaireRemise(request.POST)
    if not formulaire.is_valid():
        return page(request, livraison, remise=formulaire, statut=400)
    motif, acteur = formulaire.cleaned_data["motif"], acteur_de_la_requete(request)
    acte = lambda: actions.remettre_en_vigueur(livraison, motif, acteur)
    return agir(request, acte, "Cette livraison est de nouveau en vigueur.", livraison)
