"""URLs of the API and of its tokens."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from convenir.restitution.api import views
from convenir.restitution.api.v1 import api

app_name = "api"


def _sans_redirection(motifs: list[Any]) -> list[Any]:
    """Let the API answer 401 itself instead of sending programs to the login page."""
    for motif in motifs:
        motif.callback = login_not_required(motif.callback)
    return motifs


urlpatterns = [
    path("jetons/", views.jetons, name="jetons"),
    path("jetons/<int:cle>/revoquer/", views.revoquer, name="revoquer"),
    path("v1/", (_sans_redirection(api.urls[0]), "api_v1", "api_v1")),
]
