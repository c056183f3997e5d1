"""Log in, log out, choose the current organisation, one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convenir.socle.comptes.actions import changer_mot_de_passe as changer
from convenir.socle.comptes.forms import FormulaireChangerMotDePasse, FormulaireConnexion
from convenir.socle.comptes.middleware import CLE_DE_SESSION
from convenir.socle.comptes.pages import acteur_de_la_requete, page_de_refus, personne_connectee


class Connexion(LoginView):
    """Log in with an address and a password."""

    template_name = "comptes/connexion.html"
    authentication_form = FormulaireConnexion  # type: ignore[assignment]
    redirect_authenticated_user = True


class Deconnexion(LogoutView):
    """Log out, by POST alone."""


@require_POST
def changer_organisation(request: HttpRequest) -> HttpResponse:
    """Act under another of one's own memberships in force."""
    cle = request.POST.get("adhesion", "")
    choisie = next((a for a in acteur_de_la_requete(request).adhesions if str(a.pk) == cle), None)
    if choisie is None:
        return page_de_refus(request, "Vous n'avez pas d'adhésion en cours à cette organisation.")
    request.session[CLE_DE_SESSION] = choisie.pk
    messages.success(request, f"Vous agissez maintenant pour {choisie.organisation}.")
    return redirect("portail:accueil")


@require_GET
def mon_compte(request: HttpRequest) -> HttpResponse:
    """Show one's memberships and what each lets do."""
    return render(request, "comptes/mon_compte.html", {"adhesions": acteur_de_la_requete(request).adhesions})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def changer_mot_de_passe(request: HttpRequest) -> HttpResponse:
    """Change one's own password; the other sessions of the account end."""
    utilisateur = personne_connectee(request)
    formulaire = FormulaireChangerMotDePasse(request.POST or None, utilisateur=utilisateur)
    if request.method == "POST" and formulaire.is_valid():
        auteur = acteur_de_la_requete(request).auteur
        changer(utilisateur, formulaire.cleaned_data["nouveau"], auteur=auteur)
        update_session_auth_hash(request, utilisateur)
        messages.success(request, "Votre mot de passe est changé.")
        return redirect("comptes:mon_compte")
    return render(request, "comptes/mot_de_passe.html", {"formulaire": formulaire})
