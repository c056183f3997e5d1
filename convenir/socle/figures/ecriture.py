"""How a figure writes a value: the same words as everywhere, shorter on an axis."""

from __future__ import annotations

from decimal import Decimal

from convenir.socle.commun.francais import nombre, pourcent
from convenir.socle.figures.echelles import Nombre


def decimales_utiles(valeur: Nombre, maximum: int) -> int:
    """Return how many decimals say the value whole, at most `maximum`."""
    return next((n for n in range(maximum) if Decimal(valeur) == round(Decimal(valeur), n)), maximum)


def part_courte(valeur: Nombre | None) -> str:
    """Write a target or a graduation: « 58 % », « 22,5 % »."""
    return nombre(None) if valeur is None else pourcent(valeur, decimales_utiles(valeur, 1))


def nombre_rond(valeur: float) -> str:
    """Write a graduation, with the decimals it needs: « 2,5 », « 10 »."""
    exact = Decimal(str(valeur)).normalize()
    return nombre(exact, decimales_utiles(exact, 2))
