"""Reads of the territories."""

from __future__ import annotations

from django.db.models import Max

from convenir.socle.territoires.models import AncienCode, Commune, Genre, Zonage


def zonages_charges() -> dict[Genre, int | None]:
    """Return the last vintage loaded of each kind of zoning; None says that the zoning is absent."""
    charges = dict(Zonage.objects.order_by().values_list("genre").annotate(Max("millesime")))
    return {genre: charges.get(genre.value) for genre in Genre}


def communes_actuelles() -> dict[str, str]:
    """Return the current commune code by code, old codes included (merged communes, arrondissements)."""
    actuelles = {code: code for code in Commune.objects.values_list("code", flat=True)}
    return dict(AncienCode.objects.values_list("code", "commune")) | actuelles
