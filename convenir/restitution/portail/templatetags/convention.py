"""The way from one page of a convention to the others."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from convenir.contrat.conventions.models import Convention
from convenir.restitution.portail.salles import salles_de
from convenir.socle.comptes.pages import acteur_de_la_requete

register = template.Library()


@register.inclusion_tag("convenir/salles.html", takes_context=True)
def salles(context: template.Context, convention: Convention) -> dict[str, Any]:
    """Print the pages of a convention that the reader may open."""
    request = context["request"]
    return {"salles": salles_de(acteur_de_la_requete(request), convention, request.path, timezone.localdate())}
