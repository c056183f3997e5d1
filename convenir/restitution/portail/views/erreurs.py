"""The error pages that Django renders without a request: they keep the marks of the site, and touch no database."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader


def erreur_interne(_request: HttpRequest) -> HttpResponse:
    """Say that the platform failed; nothing here may fail in its turn."""
    return _page("500.html", 500)


def page_expiree(_request: HttpRequest, **_raison: str) -> HttpResponse:
    """Say that a form waited too long, or that the browser refuses cookies; the technical reason is not shown."""
    return _page("403_csrf.html", 403)


def _page(modele: str, statut: int) -> HttpResponse:
    contexte = {"donnees_fictives": settings.DONNEES_FICTIVES, "marque_etat": settings.MARQUE_ETAT}
    return HttpResponse(loader.render_to_string(modele, contexte), status=statut)
