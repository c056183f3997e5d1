"""The pages that the law and honesty ask of a public site."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from convenir.mesure.indicateurs import queries as indicateurs


@login_not_required
def page(request: HttpRequest, nom: str) -> HttpResponse:
    """Render a page of plain text."""
    return render(request, f"portail/{nom}.html")


@login_not_required
def methodes(request: HttpRequest) -> HttpResponse:
    """Every definition of the catalogue, by family."""
    return render(request, "portail/methodes.html", {"familles": indicateurs.definitions_par_famille()})
