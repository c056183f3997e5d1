"""Reasons of the exits: drawn from the own probability of the unit, its category and the planted local patterns."""

from __future__ import annotations

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import AUCUN
from convenir.mesure.donnees.generateur.marges import marges, tirer
from convenir.mesure.donnees.generateur.monde import Monde
from convenir.mesure.donnees.generateur.sejours import Sejours, mois_de_sortie, part_categorie

CLASSES = ("durable", "transition", "positive", "autre", "retrait")
SEJOUR_COURT = 90  # days: below, fewer dynamic exits and more withdrawals
SANS_MOTIF = 0
MOTIF_INCONNU = 77  # a code no delivered table holds


def tirer_motifs(
    rng: np.random.Generator, monde: Monde, s: Sejours, derniere_annee: int, erreurs: float
) -> np.ndarray:
    """Code of the reason of each exit, `SANS_MOTIF` while the stay is open.

    Args:
        erreurs: share of the exits given a reason that no table knows.
    """
    n = len(s)
    classe = _classes(rng, monde, s, derniere_annee)
    codes = np.zeros(n, dtype=np.int64)
    for rang, nom in enumerate(CLASSES):
        dans = classe == rang
        poids = marges()["motifs"][nom]
        codes[dans] = np.array(list(poids))[tirer(rng, poids, int(dans.sum()))]
    codes[rng.random(n) < erreurs] = MOTIF_INCONNU
    return np.where(s.sortie == AUCUN, SANS_MOTIF, codes)


def _classes(rng: np.random.Generator, monde: Monde, s: Sejours, derniere_annee: int) -> np.ndarray:
    n = len(s)
    court = s.dernier_jour - s.debut < SEJOUR_COURT
    dynamique = np.array([u.dynamique for u in monde.unites])[s.unite] * np.where(court, 0.55, 1.03)
    moyenne = part_categorie("dynamique", s)
    durable = dynamique * part_categorie("durable", s) / moyenne
    transition = dynamique * part_categorie("transition", s) / moyenne
    plus = _hausse_locale(monde, s, derniere_annee)
    durable = durable + plus
    dynamique = np.minimum(dynamique + plus, 0.97)
    retrait = marges()["retrait"] * np.where(court, 2.5, 0.8)
    u, retire = rng.random(n), rng.random(n) < retrait
    bornes = np.stack([durable, durable + transition, np.maximum(dynamique, durable + transition)])
    classe: np.ndarray = (u >= bornes).sum(axis=0)
    return np.where(retire, len(CLASSES) - 1, classe)


def _hausse_locale(monde: Monde, s: Sejours, derniere_annee: int) -> np.ndarray:
    """Planted pattern: more durable exits, the last year, in one département of each region."""
    local = marges()["motifs_locaux"]["hausse_durable"]
    ici = monde.departement.rang == local["rang"]
    return np.where(ici & (mois_de_sortie(s) // 12 == derniere_annee), local["points"] / 100, 0.0)
