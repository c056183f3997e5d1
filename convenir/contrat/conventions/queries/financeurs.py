"""Who may fund a convention, or expect something of it: the organisations of its territory."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from convenir.contrat.conventions.models import Convention
from convenir.socle.organisations.models import Nature, Organisation


def financeurs_possibles(convention: Convention) -> QuerySet[Organisation]:
    """Return the funders of the territory, other than the State: its département, its région, national ones."""
    return Organisation.objects.filter(_ici(convention), nature=Nature.COLLECTIVITE).order_by("nom", "pk")


def parties_possibles(convention: Convention) -> QuerySet[Organisation]:
    """Return who may expect something of a convention: the service that instructs it, France Travail, its funders."""
    natures = (Nature.COLLECTIVITE, Nature.FRANCE_TRAVAIL)
    parties = Q(_ici(convention), nature__in=natures) | Q(pk=convention.service_id)
    return Organisation.objects.filter(parties).order_by("nom", "pk")


def prescripteurs_possibles(convention: Convention) -> QuerySet[Organisation]:
    """Return who may commit: France Travail, funders and missions locales of the territory, the carrier itself."""
    natures = (Nature.COLLECTIVITE, Nature.FRANCE_TRAVAIL)
    qui = Q(_ici(convention), nature__in=natures) | Q(mission_locale__departement=convention.departement_id)
    if convention.organisation is not None:
        qui |= Q(pk=convention.organisation.pk)
    return Organisation.objects.filter(qui).distinct().order_by("nom", "pk")


def _ici(convention: Convention) -> Q:
    departement = convention.departement
    ici = Q(departement=departement) | Q(departement=None, region=departement.region)
    return ici | Q(departement=None, region=None)
