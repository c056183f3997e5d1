"""What the views of every module share: asking for a capability, and the page of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.comptes.models import Utilisateur

Vue = Callable[..., HttpResponseBase]


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


def page_de_refus(request: HttpRequest, raison: str) -> HttpResponse:
    """Answer 403 with the reason and what to do."""
    return render(request, "comptes/refus.html", {"raison": raison}, status=403)


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
