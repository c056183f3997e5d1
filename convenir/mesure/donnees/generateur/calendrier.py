"""Calendar on arrays: days are counts since 1970, months are counts since year 0."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np

ORIGINE = date(1970, 1, 1).toordinal()
AUCUN = -(2**31)  # a day that does not exist (open stay)


def jour_de(jour: date) -> int:
    """Count of a day since 1 January 1970."""
    return jour.toordinal() - ORIGINE


def mois_de(jour: date) -> int:
    """Count of the month of a day."""
    return jour.year * 12 + jour.month - 1


def debuts_de_mois(mois: np.ndarray) -> np.ndarray:
    """First day of each month."""
    jours: np.ndarray = (mois - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return jours


def mois_des_jours(jours: np.ndarray) -> np.ndarray:
    """Month of each day."""
    mois: np.ndarray = jours.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    return mois


def ajouter_mois(jours: np.ndarray, nombre: np.ndarray | int) -> np.ndarray:
    """Same day of the month, `nombre` months later; the last day of a shorter month."""
    mois = mois_des_jours(jours)
    quantieme = jours - debuts_de_mois(mois)
    cible = mois + nombre
    debut, suivant = debuts_de_mois(cible), debuts_de_mois(cible + 1)
    return np.minimum(debut + quantieme, suivant - 1)


def extraction_apres(jusquau: date) -> datetime:
    """Instant of the weekly delivery that follows a day: the first Monday at least three days later."""
    jour = jusquau + timedelta(days=3)
    lundi = jour + timedelta(days=-jour.weekday() % 7)
    return datetime.combine(lundi, time(6, 30, 4))


def fenetre(annees: tuple[int, ...], jusquau: date) -> np.ndarray:
    """Months a delivery covers: those of the years, ended on `jusquau` at the latest."""
    mois = np.array([annee * 12 + rang for annee in annees for rang in range(12)], dtype=np.int64)
    fins = debuts_de_mois(mois + 1)
    return mois[fins <= jour_de(jusquau) + 1]
