"""Add a value in two steps (see what it changes, then write it), withdraw one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.pages import accepter, acteur_de_la_requete, exige
from convenir.socle.reglementation import actions
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.forms import FormulaireMotif, FormulaireValeur
from convenir.socle.reglementation.models import ValeurAjoutee
from convenir.socle.reglementation.views.commun import contexte


@require_http_methods(["GET", "POST"])
@exige(Capacite.AJOUTER_PARAMETRE)
def ajouter_valeur(request: HttpRequest) -> HttpResponse:
    """Ask for the value, show what it changes, then write it."""
    if request.method == "GET":
        formulaire = FormulaireValeur(initial={"code": request.GET.get("code", "")}, catalogue=catalogue())
        return _saisir(request, formulaire)
    formulaire = FormulaireValeur(request.POST, catalogue=catalogue())
    etape = request.POST.get("etape", "verifier")
    if not formulaire.is_valid() or etape == "modifier":
        return _saisir(request, formulaire)
    try:
        if etape == "enregistrer":
            return _enregistrer(request, formulaire)
        vue = actions.apercu(formulaire.saisie())
    except EntreeInvalide as erreur:
        formulaire.add_error(None, str(erreur))
        return _saisir(request, formulaire)
    contenu = {**contexte(request, ""), "formulaire": formulaire, "apercu": vue, "saisie": formulaire.saisie()}
    return render(request, "reglementation/confirmer_valeur.html", contenu)


def _saisir(request: HttpRequest, formulaire: FormulaireValeur) -> HttpResponse:
    contenu = {**contexte(request, ""), "formulaire": formulaire}
    return render(request, "reglementation/ajouter_valeur.html", contenu)


def _enregistrer(request: HttpRequest, formulaire: FormulaireValeur) -> HttpResponse:
    ligne = actions.ajouter_valeur(acteur_de_la_requete(request), formulaire.saisie())
    messages.success(request, "La valeur est ajoutée. Les calculs figés gardent la leur ; les autres sont à refaire.")
    return redirect("reglementation:parametre", code=ligne.code)


@require_http_methods(["GET", "POST"])
@exige(Capacite.AJOUTER_PARAMETRE)
def retirer_valeur(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then withdraw an added value."""
    ligne = get_object_or_404(ValeurAjoutee, pk=pk, retire_le__isnull=True)
    formulaire = FormulaireMotif(request.POST or None)
    acte = lambda: actions.retirer_valeur(acteur_de_la_requete(request), pk, formulaire.cleaned_data["motif"])
    if accepter(request, formulaire, acte, "La valeur est retirée. Elle reste dans l'histoire du paramètre."):
        return redirect("reglementation:parametre", code=ligne.code)
    definition = catalogue().parametres.get(ligne.code)
    contenu = {**contexte(request, ""), "ligne": ligne, "definition": definition, "formulaire": formulaire}
    return render(request, "reglementation/retirer_valeur.html", contenu)
