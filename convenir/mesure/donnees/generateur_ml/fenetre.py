"""The period covered, and how activity spreads over its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import jour_de, mois_des_jours
from convenir.mesure.donnees.generateur_ml.marges import marges
from convenir.socle.commun.erreurs import EntreeInvalide

# Interviews of the last half-year before the period are given too: the five months of the JDI rule need them.
REPRISE = 183
ANCIENNETE_MAXIMALE = 12 * 366
DELAI_D_EXTRACTION = 15
FERIES = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
MAXIMUM_D_ANNEES = 3


@dataclass(frozen=True)
class Fenetre:
    """Years that follow one another, known until a day; days are counts since 1970."""

    annees: tuple[int, ...]
    jusquau: date

    @property
    def debut(self) -> int:
        return jour_de(date(self.annees[0], 1, 1))

    @property
    def fin(self) -> int:
        return jour_de(self.jusquau)

    @property
    def extraction(self) -> int:
        return self.fin + DELAI_D_EXTRACTION

    @property
    def base(self) -> int:
        """First day the season is known for."""
        return self.debut - ANCIENNETE_MAXIMALE

    @cached_property
    def activite(self) -> np.ndarray:
        """Activity cumulated before each day from `base`: one unit a year on average, nothing at week-ends."""
        return self._cumul("activite")

    @cached_property
    def arrivees(self) -> np.ndarray:
        """Arrivals cumulated before each day."""
        return self._cumul("arrivees")

    @cached_property
    def duree(self) -> float:
        """Length of the period in units of activity: about the number of years."""
        return float(self.activite[self.fin + 1 - self.base] - self.activite[self.debut - self.base])

    def _cumul(self, saison: str) -> np.ndarray:
        jours = np.arange(self.base, self.extraction + 2)
        poids = np.array(marges()["saison"][saison], float)[mois_des_jours(jours) % 12]
        poids[en_fin_de_semaine(jours)] = 0
        poids[_feries(jours)] = 0
        annees = len(jours) / 365.25
        cumul = np.concatenate([[0.0], np.cumsum(poids)])
        return np.asarray(cumul * annees / cumul[-1])

    def poser(self, rng: np.random.Generator, cumul: np.ndarray, debut: np.ndarray, fin: np.ndarray) -> np.ndarray:
        """Draw a day in each [debut, fin], following the season; `debut` where the interval holds no activity."""
        bas, haut = cumul[debut - self.base], cumul[np.maximum(fin, debut) + 1 - self.base]
        jours = np.searchsorted(cumul, bas + rng.random(len(debut)) * (haut - bas), side="right") - 1 + self.base
        return np.clip(jours, debut, np.maximum(fin, debut))

    def annee(self, jours: np.ndarray) -> np.ndarray:
        """Year each day is filed under: what precedes the period goes with its first year."""
        return np.maximum(mois_des_jours(jours) // 12, self.annees[0]).astype(np.int16)


def en_fin_de_semaine(jours: np.ndarray) -> np.ndarray:
    """Tell which days are Saturdays or Sundays; 1 January 1970 was a Thursday."""
    return np.asarray((jours + 3) % 7 >= 5)


def jour_ouvre(jours: np.ndarray) -> np.ndarray:
    """The day itself, or the Friday before a week-end."""
    return np.asarray(jours - np.maximum((jours + 3) % 7 - 4, 0))


def _feries(jours: np.ndarray) -> np.ndarray:
    dates = jours.astype("datetime64[D]")
    mois = dates.astype("datetime64[M]")
    quantieme = (dates - mois).astype(int) + 1
    rang = (mois.astype(int) % 12 + 1) * 100 + quantieme
    return np.isin(rang, [m * 100 + q for m, q in FERIES])


def preparer_fenetre(annee: int, annees: int = 1, jusquau: date | None = None) -> Fenetre:
    """Build the period: `annees` years ended by `annee`.

    Raises:
        EntreeInvalide: wrong year, number of years out of 1 to 3, `jusquau` outside the last year.
    """
    if not 2008 <= annee <= 2100:
        raise EntreeInvalide(f"L'année {annee} ne convient pas : donnez une année de 2008 à 2100.")
    if not 1 <= annees <= MAXIMUM_D_ANNEES:
        raise EntreeInvalide(f"Le nombre d'années va de 1 à {MAXIMUM_D_ANNEES} : {annees} ne convient pas.")
    fin = jusquau or date(annee, 12, 31)
    if not date(annee, 1, 31) <= fin <= date(annee, 12, 31):
        raise EntreeInvalide(f"Le dernier jour connu doit être compris entre le 31 janvier et le 31 décembre {annee}.")
    return Fenetre(tuple(range(annee - annees + 1, annee + 1)), fin)
