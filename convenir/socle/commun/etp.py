"""Full-time equivalents of insertion, from hours and from posts."""

from __future__ import annotations

from decimal import Decimal

ETP = Decimal


def etp_annuels(heures: Decimal, heures_par_etp: Decimal) -> ETP:
    """Annual ETP done: hours over the hours of one annual ETP.

    Raises:
        ValueError: if `heures_par_etp` is not positive.
    """
    if heures_par_etp <= 0:
        raise ValueError("Le nombre d'heures d'un ETP doit être positif.")
    return heures / heures_par_etp


def etp_mensuels(heures_du_mois: Decimal, heures_par_etp: Decimal) -> ETP:
    """Monthly ETP done: the annual ETP of the month's hours, times twelve."""
    return etp_annuels(heures_du_mois, heures_par_etp) * 12
