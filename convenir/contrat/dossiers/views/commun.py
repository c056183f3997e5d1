"""What the pages of a file share: finding it, making an act and saying what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone

from convenir.contrat.dossiers import policies
from convenir.contrat.dossiers.actions import Enregistrement
from convenir.contrat.dossiers.models import Dossier
from convenir.contrat.dossiers.queries import dossier_visible
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.pages import acteur_de_la_requete

REFERENCE = r"(?P<reference>CONV-[0-9A-Z]{2,4}-[0-9]{4}-[A-Z]{2,4}-[0-9]{4,})"


def dossier_ou_404(request: HttpRequest, reference: str) -> Dossier:
    """Return the file of a convention, if this person may see it.

    Raises:
        Http404: it does not exist for them.
    """
    dossier = dossier_visible(acteur_de_la_requete(request), reference)
    if dossier is None:
        raise Http404("Ce dossier n’existe pas, ou n’est pas dans votre périmètre.")
    return dossier


def dossier_entier(request: HttpRequest, reference: str) -> tuple[Dossier, Acteur]:
    """Return the file for whoever reads the whole of it, and that person.

    Raises:
        Http404: it does not exist for them, or they only read their projection of it.
    """
    trouve, acteur = dossier_ou_404(request, reference), acteur_de_la_requete(request)
    if not policies.lit_en_entier(acteur):
        raise Http404("Cette page est celle de la structure et du service instructeur.")
    return trouve, acteur


def enregistrement_discret(resultat: Enregistrement, nom: Callable[[str], str]) -> JsonResponse:
    """Answer the script that saves while one writes: versions written, what was refused, who wrote meanwhile."""
    return JsonResponse(
        {
            "ecrites": {f"v-{nom(c)}": version for c, version in resultat.ecrites.items()},
            "refusees": {nom(c): message for c, message in resultat.refusees.items()},
            "conflits": [nom(c.champ) for c in resultat.conflits],
            "heure": f"{timezone.localtime():%H h %M}",
        }
    )


def est_discret(request: HttpRequest) -> bool:
    """Tell whether the script that saves while one writes is asking."""
    return request.headers.get("X-Requested-With") == "convenir"


def aujourdhui() -> date:
    """Return the day in France."""
    return timezone.localdate()
