"""How a result is read beside what was expected: the four words of the product, and no other. Pure."""

from __future__ import annotations

from decimal import Decimal

AU_DESSUS = "au-dessus de l’attendu"
AU_DESSOUS = "au-dessous de l’attendu"
NON_DISTINGUABLE = "non distinguable"
INSUFFISANTES = "données insuffisantes"


def lire_taux(
    objectif: Decimal | None, intervalle: tuple[Decimal, Decimal] | None, effectif: int, effectif_minimum: int
) -> str:
    """Read a rate beside its objective.

    Args:
        objectif: agreed rate, in percent; None when there is none, and nothing is read.
        intervalle: 95 % interval of the observed rate, in percent.
        effectif: exits examined.
        effectif_minimum: count under which a rate says nothing (parameter `iae.sorties.seuil_effectif_taux`).
    """
    if objectif is None:
        return ""
    if intervalle is None or effectif < effectif_minimum:
        return INSUFFISANTES
    bas, haut = intervalle
    if bas > objectif:
        return AU_DESSUS
    return AU_DESSOUS if haut < objectif else NON_DISTINGUABLE
