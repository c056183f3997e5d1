"""Priority publics of a territory: list and record; their end is that of any local parameter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.vues import acteur_de_la_requete, exige
from convenir.socle.reglementation import actions
from convenir.socle.reglementation.forms import FormulairePriorite
from convenir.socle.reglementation.models import GenreLocal, ParametreLocal
from convenir.socle.reglementation.policies import departements_permis, refus_local
from convenir.socle.reglementation.views.commun import contexte


@require_GET
@exige(Capacite.VOIR_PARAMETRES)
def priorites(request: HttpRequest) -> HttpResponse:
    """List the priority publics of every territory, ended and withdrawn ones included."""
    acteur = acteur_de_la_requete(request)
    lignes = ParametreLocal.objects.filter(genre=GenreLocal.PUBLIC_PRIORITAIRE).select_related("departement")
    contenu = {
        **contexte(request, "priorites"),
        "lignes": [(li, li.elements[1], refus_local(acteur, li.departement) is None) for li in lignes],
        "jour": timezone.localdate(),
    }
    return render(request, "reglementation/priorites.html", contenu)


@require_http_methods(["GET", "POST"])
@exige(Capacite.AJOUTER_PARAMETRE_LOCAL)
def ajouter_priorite(request: HttpRequest) -> HttpResponse:
    """Record the share of a public that a territory seeks."""
    acteur = acteur_de_la_requete(request)
    formulaire = FormulairePriorite(request.POST or None, departements=departements_permis(acteur))
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.ajouter_priorite(acteur, formulaire.saisie())
        except EntreeInvalide as erreur:
            formulaire.add_error(None, str(erreur))
        else:
            messages.success(request, "La priorité est enregistrée. Les fiches du département la montrent.")
            return redirect("reglementation:priorites")
    contenu = {**contexte(request, "priorites"), "formulaire": formulaire}
    return render(request, "reglementation/ajouter_priorite.html", contenu)
