"""The page of a person's access tokens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from convenir.restitution.api import actions
from convenir.restitution.api.models import Jeton
from convenir.socle.comptes.pages import acteur_de_la_requete

LIBELLE_MAX = 100


def jetons(request: HttpRequest) -> HttpResponse:
    """List the person's tokens and create one; its secret is shown once, on the answer to the creation."""
    secret, erreur = "", ""
    if request.method == "POST":
        libelle = request.POST.get("libelle", "").strip()
        if libelle and len(libelle) <= LIBELLE_MAX:
            _, secret = actions.creer_jeton(acteur_de_la_requete(request), libelle)
        else:
            erreur = f"Dites à quoi sert le jeton, en {LIBELLE_MAX} signes au plus."
    siens = Jeton.objects.filter(adhesion__utilisateur=acteur_de_la_requete(request).utilisateur)
    contexte = {"jetons": siens.select_related("adhesion__organisation"), "secret": secret, "erreur": erreur}
    return render(request, "api/jetons.html", contexte)


@require_POST
def revoquer(request: HttpRequest, cle: int) -> HttpResponse:
    """Revoke a token."""
    actions.revoquer_jeton(acteur_de_la_requete(request), cle)
    messages.success(request, "Le jeton est révoqué : le programme qui l’utilisait n’a plus accès.")
    return redirect("api:jetons")
