"""What every page needs: menu, banner, brand. Costs no SQL query."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from convenir.restitution.portail import menu


def portail(request: HttpRequest) -> dict[str, Any]:
    """Return the menu of this person and the marks of this deployment."""
    commun = {"donnees_fictives": settings.DONNEES_FICTIVES, "marque_etat": settings.MARQUE_ETAT}
    acteur = getattr(request, "acteur", None)
    if acteur is None or acteur.utilisateur is None:
        return commun
    return commun | {
        "acteur": acteur,
        "menu": menu.liens(menu.ENTREES, acteur, request.path),
        "rubrique": menu.pages_de_la_rubrique(acteur, request.path),
        "outils": menu.liens(menu.OUTILS, acteur, request.path),
    }
