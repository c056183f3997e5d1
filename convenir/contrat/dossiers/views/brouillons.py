"""What the short forms share: kept while one writes, proposed back, both texts shown when someone else has written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from convenir.contrat.dossiers import actions
from convenir.contrat.dossiers.actions import EcritEntreTemps, Enregistrement
from convenir.contrat.dossiers.forms import FormulaireCourt
from convenir.contrat.dossiers.models import Dossier, LigneVersionnee
from convenir.contrat.dossiers.views.commun import est_discret
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.acteur import Acteur

DEJA = "« {nom} » est déjà dans la demande. {ecrite}. Enregistrez de nouveau pour remplacer cette ligne."
ENTRE_TEMPS = "Quelqu’un d’autre a écrit entre-temps : le bouton vous montrera les deux textes."


def hors_envoi(
    request: HttpRequest,
    acteur: Acteur,
    dossier: Dossier,
    cible: str,
    formulaire: FormulaireCourt,
    ligne: LigneVersionnee | None,
) -> HttpResponse | None:
    """Answer the script that keeps a draft, or the button that drops it; None when the form itself is sent."""
    if est_discret(request):
        return _garder(request, acteur, dossier, cible, formulaire, ligne)
    if "abandonner" in request.POST:
        actions.abandonner_brouillon(acteur, dossier, cible)
        messages.success(request, "Brouillon abandonné.")
        return redirect(request.get_full_path())
    return None


def _garder(
    request: HttpRequest,
    acteur: Acteur,
    dossier: Dossier,
    cible: str,
    formulaire: FormulaireCourt,
    ligne: LigneVersionnee | None,
) -> JsonResponse:
    lue = request.POST.get("lue", "")[:40]
    try:
        actions.garder(acteur, dossier, cible, formulaire.brut(), lue=lue, maintenant=timezone.now())
    except ErreurMetier as erreur:
        return JsonResponse({"message": str(erreur)}, status=403)
    depasse = ligne is not None and ligne.lecture != lue
    dit = f"Brouillon gardé à {timezone.localtime():%H h %M}."
    suite = ENTRE_TEMPS if depasse else "Il n’est enregistré que par le bouton."
    return JsonResponse({"ecrites": {}, "refusees": {}, "conflits": [cible] if depasse else [],
                         "message": f"{dit} {suite}"})  # fmt: skip


def envoyer(
    request: HttpRequest, formulaire: FormulaireCourt, acte: Callable[[], Any], dit: Callable[[Any], str]
) -> Enregistrement | None:
    """Make the act of a form that was sent and say so; else leave in the form what is wrong, or the two texts."""
    if request.method != "POST" or not formulaire.is_valid():
        return None
    resultat = Enregistrement()
    try:
        messages.success(request, dit(acte()))
    except EcritEntreTemps as erreur:
        a_ajouter, conflit = not formulaire.lecture, erreur.conflit
        formulaire.actualiser(conflit.champ)
        if a_ajouter:
            formulaire.add_error(None, DEJA.format(nom=conflit.libelle, ecrite=conflit.ecrite))
            return None
        resultat.conflits.append(conflit)
    except ErreurMetier as erreur:
        formulaire.add_error(None, str(erreur))
        return None
    return resultat
