"""What the pages of every module share: a capability asked for, an act made from a page, the page of a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.comptes.models import Utilisateur

Vue = Callable[..., HttpResponseBase]
Acte = Callable[[], Any]
Dit = str | Callable[[Any], str]  # la phrase, ou ce qui l'écrit depuis le résultat de l'acte


def exige(capacite: Capacite) -> Callable[[Vue], Vue]:
    """Decorate a view so that only a role holding the capability enters; the others get a page that says why."""

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            raison = raison_du_refus(acteur_de_la_requete(request), capacite)
            return page_de_refus(request, raison) if raison else vue(request, *args, **kwargs)

        gardee.capacite = capacite  # type: ignore[attr-defined]
        return gardee

    return decorer


def page_de_refus(request: HttpRequest, raison: str, *, vers: str = "", retour: str = "") -> HttpResponse:
    """Answer 403 with the reason and what to do.

    Args:
        vers: the page to go back to, the home page by default.
        retour: what the way back says.
    """
    return render(request, "comptes/refus.html", {"raison": raison, "vers": vers, "retour": retour}, status=403)


def acteur_de_la_requete(request: HttpRequest) -> Acteur:
    """Return who acts, as the middleware found it."""
    acteur: Acteur = request.acteur  # type: ignore[attr-defined]
    return acteur


def personne_connectee(request: HttpRequest) -> Utilisateur:
    """Return the account of a page behind the login.

    Raises:
        TypeError: on a page open to visitors, where it must not be asked for.
    """
    if not isinstance(request.user, Utilisateur):
        raise TypeError("Cette page est ouverte aux visiteurs : il n'y a pas de compte à lire.")
    return request.user


def tenter(request: HttpRequest, acte: Acte, dit: Dit) -> bool:
    """Make an act and say so, or say why not; return whether it was made."""
    try:
        resultat = acte()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return False
    messages.success(request, _phrase(dit, resultat))
    return True


def agir(request: HttpRequest, acte: Acte, dit: Dit, vers: Any) -> HttpResponse:
    """Make an act, say what came of it, go to a page (what `redirect` takes)."""
    tenter(request, acte, dit)
    return redirect(vers)


def accepter(request: HttpRequest, formulaire: BaseForm, acte: Acte, dit: Dit) -> bool:
    """Make the act of a valid form that was sent, and say so; a refused act is said above what was typed."""
    if request.method != "POST" or not formulaire.is_valid():
        return False
    try:
        resultat = acte()
    except ErreurMetier as erreur:
        formulaire.add_error(None, str(erreur))
        return False
    messages.success(request, _phrase(dit, resultat))
    return True


def traiter(
    request: HttpRequest,
    formulaire: BaseForm,
    gabarit: str,
    contexte: Mapping[str, object],
    acte: Acte,
    dit: Dit,
    vers: Any,
) -> HttpResponse:
    """Show a form, or make its act and go to a page (what `redirect` takes)."""
    if accepter(request, formulaire, acte, dit):
        return redirect(vers)
    statut = 400 if formulaire.errors else 200
    return render(request, gabarit, {**contexte, "formulaire": formulaire}, status=statut)


def _phrase(dit: Dit, resultat: Any) -> str:
    return dit if isinstance(dit, str) else dit(resultat)
