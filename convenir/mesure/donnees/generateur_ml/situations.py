"""Situations of the youths: a chain without overlap, in which the exits from the programmes are found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convenir.mesure.donnees.generateur_ml import dispositifs
from convenir.mesure.donnees.generateur_ml.actualites import ordonner
from convenir.mesure.donnees.generateur_ml.dispositifs import Parcours
from convenir.mesure.donnees.generateur_ml.fenetre import Fenetre
from convenir.mesure.donnees.generateur_ml.jeunes import Jeunes
from convenir.mesure.donnees.generateur_ml.marges import marges, tirer
from convenir.mesure.donnees.generateur_ml.reseau import MissionLocale

CATEGORIES = (
    "EMPLOI", "ALTERNANCE", "FORMATION", "SCOLARITE", "IMMERSION", "VOLONTARIAT", "DEMANDEUR_EMPLOI", "AUTRE",
)  # fmt: skip
EMPLOI, ALTERNANCE, FORMATION = 0, 1, 2
RECHERCHE = CATEGORIES.index("DEMANDEUR_EMPLOI")
# Kind of contract: code written, shortest and longest planned length in days (0: no planned end), non-market support.
# No length comes near three or six calendar months: the classes of the indicators depend on no reading of « exactly ».
CONTRATS = {
    "CDI": ("CDI", 0, 0, False),
    "CDD_court": ("CDD", 8, 80, False),
    "CDD_moyen": ("CDD", 100, 170, False),
    "CDD_long": ("CDD", 200, 420, False),
    "INTERIM": ("INTERIM", 5, 80, False),
    "SAISONNIER": ("SAISONNIER", 30, 85, False),
    "CIE": ("CIE", 100, 170, False),
    "CAE": ("CAE", 200, 365, True),
    "EAV": ("EAV", 365, 1095, True),
    "APPRENTISSAGE": ("APPRENTISSAGE", 365, 730, False),
    "PROFESSIONNALISATION": ("PROFESSIONNALISATION", 200, 365, False),
}
GENRES = tuple(CONTRATS)
DURABLES = [GENRES.index(g) for g in ("CDI", "CDD_long", "APPRENTISSAGE", "PROFESSIONNALISATION")]
SANS_CONTRAT = -1
EN_COURS = 2**30
DUREES = {"FORMATION": (40, 280), "SCOLARITE": (150, 300), "IMMERSION": (5, 28), "VOLONTARIAT": (180, 240)}


@dataclass(frozen=True)
class Situations:
    """Parallel arrays sorted by year, youth and day; `fin` and `prevue` are `EN_COURS` when empty."""

    jeune: np.ndarray
    debut: np.ndarray
    fin: np.ndarray
    prevue: np.ndarray
    categorie: np.ndarray
    contrat: np.ndarray
    qualifiante: np.ndarray
    annee: np.ndarray
    de_parcours: np.ndarray
    """For each parcours, rank of the situation at exit, or -1."""

    def __len__(self) -> int:
        return len(self.jeune)

    @property
    def durable(self) -> np.ndarray:
        """CDI, CDD of more than six months, alternance: subsidised non-market contracts never are."""
        return np.isin(self.contrat, DURABLES)


def tirer_situations(
    rng: np.random.Generator, j: Jeunes, p: Parcours, missions: tuple[MissionLocale, ...], fenetre: Fenetre,
    contacts: float,
) -> Situations:  # fmt: skip
    """Draw first situations, those of the exits, and others on the way; then close each when the next begins.

    Args:
        contacts: youths in contact in a year, which the number of situations follows.
    """
    sorties = np.flatnonzero(p.sorti & (p.issue != dispositifs.INCONNUE))
    morceaux = [_a_la_sortie(rng, p, sorties), _initiales(rng, j, fenetre), _en_chemin(rng, j, fenetre, contacts)]
    jeune, jour, categorie = (np.concatenate(c) for c in zip(*morceaux, strict=True))
    ordre = ordonner(np.zeros(len(jeune), np.int64), jeune, jour - fenetre.base)
    jeune, jour, categorie = jeune[ordre], jour[ordre], categorie[ordre]
    neuve = np.ones(len(jeune), bool)
    neuve[1:] = (jeune[1:] != jeune[:-1]) | (jour[1:] != jour[:-1])
    # Two situations of a same day: the first kept is that of an exit, written before the others.
    place = np.cumsum(neuve) - 1
    inverse = np.empty(len(ordre), np.int64)
    inverse[ordre] = place
    liens = np.full(len(p), -1)
    liens[sorties] = inverse[: len(sorties)]
    return _dater(rng, j, missions, fenetre, jeune[neuve], jour[neuve], categorie[neuve], liens)


def _a_la_sortie(rng: np.random.Generator, p: Parcours, sorties: np.ndarray) -> tuple[np.ndarray, ...]:
    table = np.array([EMPLOI, ALTERNANCE, FORMATION, RECHERCHE], np.int8)
    jour = np.maximum(p.sortie[sorties] - rng.integers(0, 6, len(sorties)), p.entree[sorties])
    return p.jeune[sorties], jour, table[p.issue[sorties]]


def _initiales(rng: np.random.Generator, j: Jeunes, fenetre: Fenetre) -> tuple[np.ndarray, ...]:
    poids = marges()["situations"]["initiales"]
    tirees = tirer(rng, poids, len(j))
    table = np.array([CATEGORIES.index(c) if c in CATEGORIES else -1 for c in poids], np.int8)
    presents = np.flatnonzero(table[tirees] >= 0)
    return presents, np.maximum(j.creation, fenetre.debut - 365)[presents], table[tirees[presents]]


def _en_chemin(rng: np.random.Generator, j: Jeunes, fenetre: Fenetre, contacts: float) -> tuple[np.ndarray, ...]:
    debut = np.maximum(j.creation, fenetre.debut - 365) + 1
    longueur = np.maximum(j.fin - debut, 0)
    dans = np.maximum(j.fin - np.maximum(debut, fenetre.debut), 0)
    taux = marges()["situations"]["par_contact"] * contacts * fenetre.duree / max(float(dans.sum()), 1.0)
    nombres = rng.poisson(longueur * taux)
    jeune = np.repeat(np.arange(len(j)), nombres)
    jour = debut[jeune] + (rng.random(len(jeune)) * longueur[jeune]).astype(np.int64)
    poids = marges()["situations"]["categories"]
    return jeune, jour, tirer(rng, {c: poids[c] for c in CATEGORIES}, len(jeune))


def _dater(
    rng: np.random.Generator, j: Jeunes, missions: tuple[MissionLocale, ...], fenetre: Fenetre, jeune: np.ndarray,
    jour: np.ndarray, categorie: np.ndarray, liens: np.ndarray,
) -> Situations:  # fmt: skip
    """Draw contracts and lengths, end each situation, keep those that touch the period, sort them."""
    d_une_sortie = np.zeros(len(jeune), bool)
    d_une_sortie[liens[liens >= 0]] = True
    contrat = _contrats(rng, categorie, j.ml[jeune], d_une_sortie, missions, fenetre.annees[-1])
    prevue = _fins_prevues(rng, jour, categorie, contrat)
    fin = _fins(rng, jeune, jour, prevue, fenetre)
    gardes = np.flatnonzero(d_une_sortie | (fin >= fenetre.debut))
    annees = fenetre.annee(jour[gardes])
    gardes = gardes[ordonner(annees - fenetre.annees[0], jeune[gardes], jour[gardes] - fenetre.base)]
    nouvelles = np.full(len(jeune) + 1, -1)
    nouvelles[gardes] = np.arange(len(gardes))
    return Situations(
        jeune[gardes].astype(np.int32), jour[gardes].astype(np.int32), fin[gardes].astype(np.int32),
        prevue[gardes].astype(np.int32), categorie[gardes], contrat[gardes],
        (categorie[gardes] == FORMATION) & (rng.random(len(gardes)) < marges()["situations"]["qualifiante"]),
        fenetre.annee(jour[gardes]), nouvelles[liens],
    )  # fmt: skip


def _contrats(
    rng: np.random.Generator, categorie: np.ndarray, ml: np.ndarray, d_une_sortie: np.ndarray,
    missions: tuple[MissionLocale, ...], annee: int,
) -> np.ndarray:  # fmt: skip
    poids = dict(marges()["contrats"])
    if annee <= marges()["fin_des_contrats_aides"]:
        poids |= marges()["contrats_aides"]
    rangs = np.array([GENRES.index(g) for g in poids], np.int8)
    tires = rangs[tirer(rng, poids, len(categorie))]
    alternance = np.where(
        rng.random(len(categorie)) < 0.68, GENRES.index("APPRENTISSAGE"), GENRES.index("PROFESSIONNALISATION")
    )
    plante = np.array([m.effet == "hausse_durable" for m in missions])[ml] & d_une_sortie
    tires = np.where(plante & (rng.random(len(categorie)) < 0.5), GENRES.index("CDI"), tires)
    contrat = np.where(categorie == EMPLOI, tires, SANS_CONTRAT)
    return np.where(categorie == ALTERNANCE, alternance, contrat).astype(np.int8)


def _fins_prevues(
    rng: np.random.Generator, jour: np.ndarray, categorie: np.ndarray, contrat: np.ndarray
) -> np.ndarray:
    par_contrat = np.array([c[1:3] for c in CONTRATS.values()] + [(0, 0)])
    par_categorie = np.array([DUREES.get(c, (0, 0)) for c in CATEGORIES])
    bornes = np.where((contrat >= 0)[:, None], par_contrat[contrat], par_categorie[categorie])
    longueur = bornes[:, 0] + (rng.random(len(jour)) * (bornes[:, 1] - bornes[:, 0] + 1)).astype(np.int64)
    return np.where(bornes[:, 1] > 0, jour + longueur - 1, EN_COURS)


def _fins(
    rng: np.random.Generator, jeune: np.ndarray, jour: np.ndarray, prevue: np.ndarray, fenetre: Fenetre
) -> np.ndarray:
    """Day each situation ends: as planned or a little before, at the latest the day before the next one."""
    suivante = np.full(len(jeune), EN_COURS)
    meme = jeune[1:] == jeune[:-1]
    suivante[:-1][meme] = jour[1:][meme] - 1
    rompue = (rng.random(len(jeune)) < 0.12) & (prevue < EN_COURS)
    constatee = np.where(rompue, jour + ((prevue - jour) * rng.random(len(jeune))).astype(np.int64), prevue)
    fin = np.maximum(np.minimum(constatee, suivante), jour)
    return np.where(fin > fenetre.fin, EN_COURS, fin)
