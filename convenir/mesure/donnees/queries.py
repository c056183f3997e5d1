"""Reads of the deliveries and of what they brought."""

from __future__ import annotations

from django.db.models import QuerySet, Sum

from convenir.mesure.donnees.models import Livraison


def livraisons() -> QuerySet[Livraison]:
    """Return every delivery with its counts of lines, the latest first."""
    return Livraison.objects.annotate(
        lues=Sum("fichiers__lignes_lues"), a_lecart=Sum("fichiers__quarantaine")
    ).order_by("-recue_le", "-pk")
