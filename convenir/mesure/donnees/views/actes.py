"""What a person decides of a delivery: apply it, give it up, put it in force again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from convenir.mesure.donnees import actions, tasks
from convenir.mesure.donnees.forms import FormulaireMotif, FormulaireRemise
from convenir.mesure.donnees.views.commun import depot, la_livraison
from convenir.mesure.donnees.views.detail import page
from convenir.socle.commun.erreurs import ErreurMetier


@require_POST
@depot
def appliquer(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Ask for the application of a controlled delivery; it runs in the background."""
    livraison = la_livraison(request, identifiant)
    formulaire = FormulaireMotif(request.POST, rapport=livraison.rapport)
    if not formulaire.is_valid():
        return page(request, livraison, motif=formulaire, statut=400)
    acteur = request.acteur  # type: ignore[attr-defined]
    try:
        actions.demander_application(livraison, acteur, **formulaire.cleaned_data)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        transaction.on_commit(
            lambda: tasks.appliquer.enqueue(
                str(livraison.uuid), utilisateur=acteur.utilisateur.pk, adhesion=acteur.adhesion.pk
            )
        )
    return redirect(livraison)


@require_POST
@depot
def oublier(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Ask for the indicators of a private delivery; its records are then deleted."""
    livraison = la_livraison(request, identifiant)
    formulaire = FormulaireMotif(request.POST, rapport={"seuils": livraison.rapport.get("seuils")})
    if not formulaire.is_valid():
        return page(request, livraison, motif=formulaire, statut=400)
    acteur = request.acteur  # type: ignore[attr-defined]
    try:
        actions.demander_le_calcul(livraison, acteur, **formulaire.cleaned_data)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        transaction.on_commit(
            lambda: tasks.calculer_et_oublier.enqueue(
                str(livraison.uuid), utilisateur=acteur.utilisateur.pk, adhesion=acteur.adhesion.pk
            )
        )
    return redirect(livraison)


@require_POST
@depot
def abandonner(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Give up a delivery that is not applied."""
    livraison = la_livraison(request, identifiant)
    try:
        actions.abandonner(livraison, request.acteur)  # type: ignore[attr-defined]
        messages.success(request, "La livraison est abandonnée. Rien n'a été modifié.")
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    return redirect(livraison)


@require_POST
@depot
def remettre(request: HttpRequest, identifiant: UUID) -> HttpResponse:
    """Put an earlier delivery in force again."""
    livraison = la_livraison(request, identifiant)
    formulaire = FormulaireRemise(request.POST)
    if not formulaire.is_valid():
        return page(request, livraison, remise=formulaire, statut=400)
    try:
        actions.remettre_en_vigueur(livraison, formulaire.cleaned_data["motif"], request.acteur)  # type: ignore[attr-defined]
        messages.success(request, "Cette livraison est de nouveau en vigueur.")
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    return redirect(livraison)
