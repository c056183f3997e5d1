"""Exact arithmetic in SQL: integers with a scale, rounded half up; no float, no division of decimals."""

from __future__ import annotations

from convenir.mesure.indicateurs.valeurs import Unite

DECIMALES = {
    Unite.PERSONNES: 0,
    Unite.NOMBRE: 0,
    Unite.MOIS: 0,
    Unite.EUROS: 2,
    Unite.HEURES: 2,
    Unite.ETP: 6,
    Unite.POURCENT: 6,
    Unite.RATIO: 6,
}
# What a sum is printed with when it is only a numerator or a denominator: counts, cents, ETP.
DECIMALES_PAR_ECHELLE = {0: 0, 2: 2, 12: 6}

# Twice this, and a rounding, hold in 64 bits.
COURT = 4 * 10**18


def arrondir(expression: str, echelle: int, decimales: int) -> str:
    """Return the integer of `expression` (scale `echelle`) rounded half up to `decimales` decimals."""
    if echelle == decimales:
        return expression
    if echelle < decimales:
        return f"({expression} * {10 ** (decimales - echelle)})"
    pas = 10 ** (echelle - decimales)
    # Dividing a 128-bit integer is thirty times slower: it is done only for those that 64 bits cannot hold.
    courte = f"((abs(CAST({expression} AS BIGINT)) * 2 + {pas}) // {2 * pas})"
    longue = f"((abs({expression}) * 2 + {pas}) // {2 * pas})"
    return f"(sign({expression}) * CASE WHEN abs({expression}) < {COURT} THEN {courte} ELSE {longue} END)"


def rapport(numerateur: str, denominateur: str, facteur: int, echelles: tuple[int, int], decimales: int = 6) -> str:
    """Return `facteur × numerateur / denominateur` rounded half up, as an integer with `decimales` decimals.

    Both sums are positive or null; NULL when the denominator is 0.
    """
    exposant = decimales + echelles[1] - echelles[0]
    haut = f"{numerateur} * {facteur * 10 ** max(exposant, 0)}"
    bas = f"NULLIF({denominateur}, 0)" if exposant >= 0 else f"(NULLIF({denominateur}, 0) * {10**-exposant})"
    return f"(({haut}) * 2 + {bas}) // ({bas} * 2)"


def ecrire(expression: str, decimales: str) -> str:
    """Return the text of an integer that has `decimales` (an expression: 0, 2 or 6) decimals, with a point."""

    def fixe(nombre: int) -> str:
        unite = 10**nombre
        entiers = f"CAST(abs({expression}) // {unite} AS VARCHAR)"
        return f"{entiers} || '.' || lpad(CAST(abs({expression}) % {unite} AS VARCHAR), {nombre}, '0')"

    corps = f"CASE {decimales} WHEN 2 THEN {fixe(2)} WHEN 6 THEN {fixe(6)} ELSE CAST(abs({expression}) AS VARCHAR) END"
    return f"CASE WHEN {expression} < 0 THEN '-' ELSE '' END || {corps}"
