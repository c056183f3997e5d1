"""Set `request.acteur` on every request, and turn a refused action into a page that says why."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.queries import acteur_de
from convenir.socle.comptes.vues import page_de_refus

CLE_DE_SESSION = "adhesion"


class ActeurCourant:
    """Read the memberships in force today and the one chosen in the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set `request.acteur`, then answer."""
        requete_id = getattr(request, "requete_id", "")
        request.acteur = acteur_de(  # type: ignore[attr-defined]
            request.user, choisie=request.session.get(CLE_DE_SESSION), requete_id=requete_id
        )
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer an `ActionRefusee` left by a view with a 403 page."""
        return page_de_refus(request, str(exception)) if isinstance(exception, ActionRefusee) else None
