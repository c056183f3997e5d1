"""What the views of every module share: asking for a capability, and the page of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from convenir.socle.comptes.capacites import Capacite, raison_du_refus

Vue = Callable[..., HttpResponse]


def exige(capacite: Capacite) -> Callable[[Vue], Vue]:
    """Decorate a view so that only a role holding the capability enters; the others get a page that says why."""

    def decorer(vue: Vue) -> Vue:
        @wraps(vue)
        def gardee(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            raison = raison_du_refus(request.acteur, capacite)  # type: ignore[attr-defined]
            return page_de_refus(request, raison) if raison else vue(request, *args, **kwargs)

        gardee.capacite = capacite  # type: ignore[attr-defined]
        return gardee

    return decorer


def page_de_refus(request: HttpRequest, raison: str) -> HttpResponse:
    """Answer 403 with the reason and what to do."""
    return render(request, "comptes/refus.html", {"raison": raison}, status=403)
