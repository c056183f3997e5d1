"""What the pages of the follow-up share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.vues import acteur_de_la_requete
from convenir.socle.territoires.models import Departement

LIEES = ("structure__porteur", "structure__commune", "mission_locale__organisation", "departement__region", "service",
         "referent", "suppleant")  # fmt: skip


def aujourdhui() -> date:
    """Return the day in France."""
    return timezone.localdate()


def convention_ou_404(request: HttpRequest, reference: str) -> Convention:
    """Return a convention this person may see.

    Raises:
        Http404: it does not exist for them.
    """
    visibles = conventions_visibles(acteur_de_la_requete(request)).select_related(*LIEES)
    convention = visibles.filter(reference=reference.upper()).first()
    if convention is None:
        raise Http404("Cette convention n’existe pas, ou n’est pas dans votre périmètre.")
    return convention


def departements_couverts(request: HttpRequest) -> list[Departement]:
    """Return the départements whole in the perimeter, with their région."""
    acteur = acteur_de_la_requete(request)
    tous = Departement.objects.select_related("region").order_by("pk")
    return [d for d in tous if acteur.perimetre.couvre_departement(d.pk, d.region_id)]


def departement_choisi(request: HttpRequest) -> Departement:
    """Return the département asked for, or the first of the perimeter.

    Raises:
        Http404: the perimeter covers none, or not that one.
    """
    couverts = departements_couverts(request)
    demande = request.POST.get("departement") or request.GET.get("departement", "")
    trouve = next((d for d in couverts if d.pk == demande), None) or (None if demande else next(iter(couverts), None))
    if trouve is None:
        raise Http404("Ce département n’est pas dans votre périmètre.")
    return trouve


def traiter(
    request: HttpRequest,
    formulaire: Form,
    gabarit: str,
    contexte: Mapping[str, object],
    acte: Callable[[], object],
    dit: str,
    vers: str,
) -> HttpResponse:
    """Show a form, or make its act; a refused act is said above the form, which keeps what was typed."""
    if request.method == "POST" and formulaire.is_valid():
        try:
            acte()
        except ErreurMetier as erreur:
            formulaire.add_error(None, str(erreur))
        else:
            messages.success(request, dit)
            return redirect(vers)
    statut = 400 if formulaire.errors else 200
    return render(request, gabarit, {**contexte, "formulaire": formulaire}, status=statut)


def agir(request: HttpRequest, acte: Callable[[], object], dit: str, vers: str) -> HttpResponse:
    """Make an act, say what came of it, go back to a page."""
    try:
        acte()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, dit)
    return redirect(vers)
