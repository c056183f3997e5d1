"""Draw a reference inside the transaction of the act: two concurrent draws never give the same."""

from __future__ import annotations

from django.db import connection

from convenir.contrat.conventions.models import Numerotation
from convenir.contrat.conventions.rules.references import Reference


def tirer_reference(departement: str, annee: int, categorie: str) -> Reference:
    """Return the next reference of a département, a year and a category (`ML` for a mission locale).

    The row of the numbering stays locked until the transaction ends: an abandoned act gives its number back.

    Raises:
        RuntimeError: outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Tirez la référence dans la transaction de l'acte (transaction.atomic).")
    compte, _ = Numerotation.objects.select_for_update().get_or_create(
        departement=departement, annee=annee, categorie=categorie
    )
    compte.dernier += 1
    compte.save(update_fields=["dernier"])
    return Reference(departement, annee, categorie, compte.dernier)
