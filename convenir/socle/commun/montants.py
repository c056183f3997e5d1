"""Amounts in euros: `Decimal`, rounded only where a text says so."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

Montant = Decimal


def arrondir(valeur: Decimal, decimales: int = 2) -> Decimal:
    """Round half up, the rule of the annexes financières.

    Args:
        valeur: any Decimal.
        decimales: number of decimals kept (2 = cents).
    """
    return valeur.quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP)


def montant_annexe(etp: Decimal, unitaire: Decimal, mois: int) -> Montant:
    """Total of an annexe financière, in euros.

    Twelve months: ETP × unit amount rounded to the cent. Otherwise the month is rounded first, then multiplied
    (rule read off the ASP extracts, exact on all of them; décisions, § 4).

    Args:
        etp: conventioned posts, in ETP.
        unitaire: annual amount of one ETP, in euros.
        mois: months covered by the annexe, at least 1.

    Raises:
        ValueError: if `mois` is not positive.
    """
    if mois < 1:
        raise ValueError("Une annexe couvre au moins un mois.")
    if mois == 12:
        return arrondir(etp * unitaire)
    return arrondir(etp * unitaire / 12) * mois
