"""What the pages of the follow-up share."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest
from django.utils import timezone

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.socle.comptes.pages import acteur_de_la_requete
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


def annee_de_depart(convention: Convention) -> int:
    """Return the year a form proposes: this one, or the nearest that the convention covers."""
    return min(max(aujourdhui().year, convention.debut.year), convention.dernier_jour.year)


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
