"""French wording in templates: the filters of `socle.commun.francais`, always available."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.http import QueryDict
from django.utils import timezone

from convenir.socle.commun import francais

register = template.Library()

register.filter("nombre", francais.nombre)
register.filter("pourcent", francais.pourcent)
register.filter("points", francais.points)
register.filter("euros", francais.euros)
register.filter("etp", francais.etp)
register.filter("siret", francais.siret)


def _date(valeur: date | datetime | None) -> date | None:
    if isinstance(valeur, datetime):
        return timezone.localtime(valeur).date() if timezone.is_aware(valeur) else valeur.date()
    return valeur


@register.filter
def jour(valeur: date | datetime | None) -> str:
    """Write a date in words."""
    return francais.jour(_date(valeur))


@register.filter
def jour_semaine(valeur: date | datetime | None) -> str:
    """Write a date in words with the day of the week."""
    return francais.jour(_date(valeur), semaine=True)


@register.filter
def instant(valeur: datetime | None) -> str:
    """Write a moment: « 11 octobre 2026, 6 h 30 »."""
    if valeur is None:
        return francais.jour(None)
    local = timezone.localtime(valeur)
    return f"{francais.jour(local.date())}, {local.hour}{francais.INSECABLE}h{francais.INSECABLE}{local.minute:02d}"


@register.filter
def pluriel(compte: int, formes: str) -> str:
    """Write a count and its noun: `{{ n|pluriel:"sortie,sorties" }}`."""
    singulier, _, au_pluriel = formes.partition(",")
    return francais.pluriel(compte, singulier, au_pluriel or None)


@register.simple_tag(takes_context=True)
def avec_parametres(context: template.Context, **changements: object) -> str:
    """Return the query string of this page with some parameters changed; None removes one."""
    parametres: QueryDict = context["request"].GET.copy()
    for nom, valeur in changements.items():
        if valeur is None:
            parametres.pop(nom, None)
        else:
            parametres[nom] = str(valeur)
    return f"?{parametres.urlencode()}"
