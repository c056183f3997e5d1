"""What every request goes through: no NUL character, `request.acteur`, a refused action turned into a page."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.pages import page_de_refus
from convenir.socle.comptes.queries import acteur_de

CLE_DE_SESSION = "adhesion"


class SansCaractereNul:
    """Leave NUL characters out of what is asked: they are no text, nobody types them, and PostgreSQL fails on them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Clean the query before anything reads it; an address that holds one is that of no page."""
        if "\x00" in request.path_info:
            raise Http404
        requete = request.META.get("QUERY_STRING", "")
        if "%00" in requete or "\x00" in requete:
            request.META["QUERY_STRING"] = requete.replace("%00", "").replace("\x00", "")
        return self.get_response(request)


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
