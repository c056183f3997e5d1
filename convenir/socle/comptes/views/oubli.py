"""A forgotten password: ask for a link, choose a new one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes import actions
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.forms import FormulaireNouveauMotDePasse, FormulaireOubli
from convenir.socle.comptes.jetons import lire_lien
from convenir.socle.comptes.pages import acteur_de_la_requete


@login_not_required
@require_http_methods(["GET", "POST"])
def demander(request: HttpRequest) -> HttpResponse:
    """Send a link; the answer is the same whether the address has an account or not."""
    formulaire = FormulaireOubli(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            actions.envoyer_lien(
                formulaire.cleaned_data["email"],
                adresse_de=lambda cle, jeton: request.build_absolute_uri(
                    reverse("comptes:nouveau_mot_de_passe", args=[cle, jeton])
                ),
            )
        except ErreurMetier as erreur:
            formulaire.add_error(None, str(erreur))
        else:
            return render(request, "comptes/lien_envoye.html", {"email": formulaire.cleaned_data["email"]})
    return render(request, "comptes/mot_de_passe_oublie.html", {"formulaire": formulaire})


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def choisir(request: HttpRequest, cle: str, jeton: str) -> HttpResponse:
    """Choose a new password from the link; every open session of the account ends."""
    utilisateur = lire_lien(cle, jeton)
    if utilisateur is None:
        return render(request, "comptes/lien_mort.html", status=410)
    formulaire = FormulaireNouveauMotDePasse(request.POST or None, utilisateur=utilisateur)
    if request.method == "POST" and formulaire.is_valid():
        auteur = Acteur.de(utilisateur, requete_id=acteur_de_la_requete(request).requete_id).auteur
        actions.changer_mot_de_passe(utilisateur, formulaire.cleaned_data["nouveau"], auteur=auteur)
        messages.success(request, "Votre mot de passe est changé. Connectez-vous.")
        return redirect("comptes:connexion")
    return render(request, "comptes/nouveau_mot_de_passe.html", {"formulaire": formulaire})
