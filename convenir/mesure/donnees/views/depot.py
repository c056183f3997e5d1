"""Deposit of a delivery."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from convenir.mesure.donnees import actions, mots_de_passe, policies, queries, tasks
from convenir.mesure.donnees.forms import FormulaireDepot
from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.televersement import VersLesDepots
from convenir.mesure.donnees.views.commun import depot
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.pages import acteur_de_la_requete


@csrf_exempt  # checked below, once the upload handler is set: reading the token reads the files
@depot
@require_http_methods(["GET", "POST"])
def deposer(request: HttpRequest) -> HttpResponse:
    """Show the form, or take in the files and start their control in the background."""
    request.upload_handlers = [VersLesDepots(request)]
    return _deposer(request)


@csrf_protect
def _deposer(request: HttpRequest) -> HttpResponse:
    recu = request.method == "POST"
    acteur = acteur_de_la_requete(request)
    propre = policies.depose_pour_sa_mission_locale(acteur)
    recus = (request.POST, request.FILES) if recu else ()
    formulaire = FormulaireDepot(
        *recus,
        propre=propre,
        correspondances=queries.correspondances(acteur),
        initial={"correspondance": queries.derniere_correspondance(acteur)},
    )
    if recu and formulaire.is_valid():
        try:
            genre = formulaire.cleaned_data["genre"]
            livraison = actions.deposer(
                formulaire.envoyes(),
                acteur,
                source=Source(genre) if genre else None,
                correspondance=formulaire.cleaned_data["correspondance"],
            )
        except ErreurMetier as erreur:
            formulaire.add_error("fichiers", str(erreur))
        else:
            _demander_le_controle(request, livraison, formulaire)
            return redirect(livraison)
    return render(request, "donnees/deposer.html", {"formulaire": formulaire, "propre": propre})


def _demander_le_controle(request: HttpRequest, livraison: Livraison, formulaire: FormulaireDepot) -> None:
    masque = mots_de_passe.confier(livraison.dossier_depot, formulaire.cleaned_data["mot_de_passe"])
    encodage = formulaire.cleaned_data["encodage"]
    tasks.confier(tasks.controler, livraison, acteur_de_la_requete(request), masque=masque, encodage=encodage)
    messages.success(request, f"Les fichiers sont reçus. Source reconnue : {livraison.get_source_display()}.")
