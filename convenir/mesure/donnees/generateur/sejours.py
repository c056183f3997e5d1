"""Stays of people in units: posts filled one stay after another, so that a unit keeps its number of people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import AUCUN, ajouter_mois, debuts_de_mois, mois_des_jours
from convenir.mesure.donnees.generateur.marges import CODES_CATEGORIES, par_categorie
from convenir.mesure.donnees.generateur.monde import Monde

CONTRATS_MAXIMUM = 4
MISE_EN_ROUTE = 30  # months lived before the delivery, so that the first month is like the others
AU_MOIS = np.array([code in ("ACI", "EI") for code in CODES_CATEGORIES])  # contracts of 4 to 6 months
MOYENNE_MOIS = np.array([0.0, 0.0, 8.9, 7.2, 12.0])  # other categories: mean stay in months
PLAFOND_MOIS = np.array([24, 24, 36, 24, 24])


@dataclass
class Sejours:
    """Parallel arrays, one cell for each stay; days since 1970, `sortie` is the last day or AUCUN while open."""

    unite: np.ndarray
    categorie: np.ndarray
    debut: np.ndarray
    sortie: np.ndarray
    fin_prevue: np.ndarray
    durees: np.ndarray
    """Months of each contract, one column for each, zero when there is none (EI and ACI only)."""
    rompu: np.ndarray

    def __len__(self) -> int:
        return len(self.unite)

    def garder(self, masque: np.ndarray) -> Sejours:
        """Keep some of the stays."""
        return Sejours(**{nom: valeur[masque] for nom, valeur in vars(self).items()})

    @property
    def dernier_jour(self) -> np.ndarray:
        """Last day present, the planned end while the stay is open."""
        jours: np.ndarray = np.where(self.sortie == AUCUN, self.fin_prevue, self.sortie)
        return jours


def tirer_sejours(rng: np.random.Generator, monde: Monde, mois: np.ndarray, dernier_jour: int) -> Sejours:
    """Draw every stay that touches the months of the delivery.

    Args:
        dernier_jour: nothing is known after this day: later stays are dropped, later ends left open.
    """
    unites = monde.unites
    presents = np.array([u.etp / u.marges.etp_par_present for u in unites])
    postes = np.maximum(2, np.rint(presents * 1.04)).astype(np.int64)
    unite = np.repeat(np.arange(len(unites)), postes)
    categorie = np.array([u.rang_categorie for u in unites], dtype=np.int64)[unite]
    premier = np.array([u.premier_mois for u in unites])[unite]
    nouvelle = premier > mois[0]
    durees, total, rompu = _durees(rng, categorie, int(mois[-1] - mois[0] + 1))
    debut_mois = _enchainer(rng, total, premier, nouvelle)
    tailles = total.shape[1]
    plats = Sejours(
        unite=np.repeat(unite, tailles),
        categorie=np.repeat(categorie, tailles),
        debut=_premier_jour(rng, debut_mois.ravel()),
        sortie=np.zeros(total.size, dtype=np.int64),
        fin_prevue=np.zeros(total.size, dtype=np.int64),
        durees=durees.reshape(-1, CONTRATS_MAXIMUM),
        rompu=rompu.ravel(),
    )
    plats.fin_prevue = ajouter_mois(plats.debut, total.ravel()) - 1
    plats.sortie = _sorties(rng, plats)
    return _borner(plats, monde, mois, dernier_jour)


def _durees(
    rng: np.random.Generator, categorie: np.ndarray, etendue: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Months of the contracts, of the whole stay, and whether it is broken before its term."""
    colonnes = 4 + (etendue + MISE_EN_ROUTE) // 4
    forme = (len(categorie), colonnes)
    nombre = 1 + np.searchsorted(np.cumsum([0.42, 0.30, 0.18]), rng.random(forme))
    contrats = np.where(rng.random((*forme, CONTRATS_MAXIMUM)) < 0.25, 4, 6)
    contrats = np.where(np.arange(CONTRATS_MAXIMUM) < nombre[..., None], contrats, 0)
    au_mois = AU_MOIS[categorie][:, None]
    autres = 1 + np.floor(rng.exponential(1.0, forme) * (MOYENNE_MOIS[categorie] - 0.5)[:, None].clip(0))
    autres = np.minimum(autres, PLAFOND_MOIS[categorie][:, None]).astype(np.int64)
    contrats = np.where(au_mois[..., None], contrats, 0)
    total = np.where(au_mois, contrats.sum(axis=2), autres)
    return contrats, total, rng.random(forme) < 0.24


def _enchainer(rng: np.random.Generator, total: np.ndarray, premier: np.ndarray, nouvelle: np.ndarray) -> np.ndarray:
    """First month of each stay: those of a post follow one another, a month empty now and then."""
    vides = (rng.random(total.shape) < 0.35).astype(np.int64)
    avances = np.cumsum(total + vides, axis=1)
    # An old unit has lived long before the delivery; in a new one people enter within three months.
    anciennete = np.floor(rng.random(len(premier)) * avances[:, 0]).astype(np.int64)
    depart = np.where(nouvelle, premier + rng.integers(0, 3, len(premier)), premier - MISE_EN_ROUTE - anciennete)
    return depart[:, None] + np.concatenate([np.zeros((len(premier), 1), dtype=np.int64), avances[:, :-1]], axis=1)


def _premier_jour(rng: np.random.Generator, mois: np.ndarray) -> np.ndarray:
    """Day of entry: the first of the month or any other; a third of the entries of August wait for September."""
    attendent = (mois % 12 == 7) & (rng.random(len(mois)) < 0.35)
    quantieme = np.where(rng.random(len(mois)) < 0.55, 0, rng.integers(0, 27, len(mois)))
    jours: np.ndarray = debuts_de_mois(mois + attendent) + np.where(attendent, 0, quantieme)
    return jours


def _sorties(rng: np.random.Generator, s: Sejours) -> np.ndarray:
    """Last day: the planned end, or a day drawn in the last contract when broken (a quarter, in its first month)."""
    dernier = np.where(AU_MOIS[s.categorie], _dernier_contrat(s.durees), 0)
    debut = np.where(dernier > 0, ajouter_mois(s.fin_prevue + 1, -dernier), s.debut)
    longueur = np.maximum(s.fin_prevue - debut, 1)
    tot = rng.random(len(s)) < 0.25
    part = rng.random(len(s)) * np.where(tot, np.minimum(1.0, 40 / longueur), 1.0)
    rompue = np.maximum(debut + np.floor(part * longueur).astype(np.int64), s.debut)
    sorties: np.ndarray = np.where(s.rompu, rompue, s.fin_prevue)
    return sorties


def _dernier_contrat(durees: np.ndarray) -> np.ndarray:
    rang = np.maximum((durees > 0).sum(axis=1) - 1, 0)
    derniere: np.ndarray = durees[np.arange(len(durees)), rang]
    return derniere


def _borner(s: Sejours, monde: Monde, mois: np.ndarray, dernier_jour: int) -> Sejours:
    """Cut the stays to the life of their unit and to what is known on the last day."""
    fin_unite = debuts_de_mois(np.array([u.dernier_mois for u in monde.unites]) + 1)[s.unite] - 1
    ferme = fin_unite < debuts_de_mois(mois[-1:] + 1)[0] - 1
    s.sortie = np.where(ferme, np.minimum(s.sortie, fin_unite), s.sortie)
    touche = (s.debut <= np.minimum(dernier_jour, fin_unite)) & (s.sortie >= debuts_de_mois(mois[:1])[0])
    s = s.garder(touche)
    s.sortie = np.where(s.sortie > dernier_jour, AUCUN, s.sortie)
    return s


def mois_de_sortie(s: Sejours) -> np.ndarray:
    """Month of the exit, AUCUN while the stay is open."""
    ouverts = s.sortie == AUCUN
    mois: np.ndarray = np.where(ouverts, AUCUN, mois_des_jours(np.where(ouverts, 0, s.sortie)))
    return mois


def part_categorie(nom: str, s: Sejours) -> np.ndarray:
    """A margin of the category of each stay."""
    return par_categorie(nom)[s.categorie]
