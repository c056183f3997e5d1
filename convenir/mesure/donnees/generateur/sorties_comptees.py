"""Exits that count in a rate: the rule of each category, applied to the sound world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import AUCUN, ajouter_mois, mois_des_jours
from convenir.mesure.donnees.generateur.lot import Lot
from convenir.mesure.donnees.generateur.marges import CODES_CATEGORIES
from convenir.mesure.donnees.generateur.referentiels import CATEGORIE_DU_MOTIF
from convenir.mesure.donnees.generateur.sejours import AU_MOIS

HEURES_AU_CUMUL = 150  # AI, ETTI
MOIS_DE_PRESENCE = 3  # EI, ACI: strictly more
TOUJOURS = np.array([code == "EITI" for code in CODES_CATEGORIES])
DYNAMIQUES = {1: "durable", 2: "transition", 3: "positive"}
RETRAIT = 5


@dataclass(frozen=True)
class SortiesComptees:
    """Parallel arrays, one cell for each stay; month and year are 0 while the stay is open."""

    sortis: np.ndarray
    mois: np.ndarray
    annee: np.ndarray
    classe: np.ndarray
    """Category of the reason: 1 durable, 2 transition, 3 positive, 4 other, 5 withdrawn, 0 unknown."""
    examinees: np.ndarray


def sorties_comptees(lot: Lot) -> SortiesComptees:
    """Tell which exits of a lot enter the denominator, and in which class."""
    sortie = lot.sejours.sortie
    sortis = sortie != AUCUN
    mois = np.where(sortis, mois_des_jours(np.where(sortis, sortie, 0)), 0)
    classe = np.array([CATEGORIE_DU_MOTIF.get(int(code), 0) for code in lot.motifs])
    examinees = sortis & (classe != RETRAIT) & _prises_en_compte(lot, mois // 12)
    return SortiesComptees(sortis, mois, mois // 12, classe, examinees)


def _prises_en_compte(lot: Lot, annee_sortie: np.ndarray) -> np.ndarray:
    """Rule of the category: presence and an hour for EI and ACI, cumulated hours for AI and ETTI."""
    s, m = lot.sejours, lot.mensuel
    sejour = lot.contrats.sejour[m.contrat]
    heures = np.where(m.remplacee, 0, m.heures)
    cumul = np.bincount(sejour, heures, len(s))
    de_l_annee = np.where(lot.mois[m.colonne] // 12 == annee_sortie[sejour], heures, 0)
    dans_l_annee = np.bincount(sejour, de_l_annee, len(s))
    lendemain = np.where(s.sortie == AUCUN, s.debut, s.sortie) + 1
    present = lendemain > ajouter_mois(s.debut, MOIS_DE_PRESENCE)
    suffit: np.ndarray = np.where(AU_MOIS[s.categorie], present & (dans_l_annee >= 1), cumul >= HEURES_AU_CUMUL)
    return suffit | TOUJOURS[s.categorie]
