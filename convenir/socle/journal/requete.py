"""A number for each request, found again in the journal and in the answer's headers."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class IdentifiantDeRequete:
    """Middleware: set `request.requete_id`, drawn here and never taken from the visitor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Number the request and repeat the number in the answer."""
        request.requete_id = uuid.uuid4().hex  # type: ignore[attr-defined]
        reponse = self.get_response(request)
        reponse["X-Requete-Id"] = request.requete_id  # type: ignore[attr-defined]
        return reponse
