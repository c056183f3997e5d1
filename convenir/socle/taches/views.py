"""Pages of the notifications: what happened, and how often it is sent."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from convenir.socle.comptes.pages import acteur_de_la_requete, personne_connectee
from convenir.socle.taches import notifications as n
from convenir.socle.taches.forms import FormulairePreferences

PAR_PAGE = 25


def notifications(request: HttpRequest) -> HttpResponse:
    """Show what was told to this person, the latest first."""
    siennes = n.notifications_de(acteur_de_la_requete(request))
    page = Paginator(siennes, PAR_PAGE).get_page(request.GET.get("page"))
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    non_lues = n.non_lues(acteur_de_la_requete(request))
    return render(request, "taches/notifications.html", {"page": page, "pages": pages, "non_lues": non_lues})


@require_POST
def marquer_lues(request: HttpRequest) -> HttpResponse:
    """Mark everything as read: what is read is not sent."""
    n.tout_lire(acteur_de_la_requete(request))
    return redirect("taches:notifications")


def preferences(request: HttpRequest) -> HttpResponse:
    """Choose, kind by kind, how often to be written to."""
    rythmes = n.preferences_de(personne_connectee(request))
    formulaire = FormulairePreferences(request.POST or None, rythmes=rythmes)
    if request.method == "POST" and formulaire.is_valid():
        n.choisir(acteur_de_la_requete(request), formulaire.cleaned_data)
        messages.success(request, "Vos préférences sont enregistrées.")
        return redirect("taches:preferences")
    statut = 400 if formulaire.errors else 200
    return render(request, "taches/preferences.html", {"formulaire": formulaire}, status=statut)
