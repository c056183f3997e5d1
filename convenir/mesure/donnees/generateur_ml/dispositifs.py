"""Entries into the programmes, and exits from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import jour_de
from convenir.mesure.donnees.generateur_ml.fenetre import Fenetre, jour_ouvre
from convenir.mesure.donnees.generateur_ml.jeunes import Jeunes
from convenir.mesure.donnees.generateur_ml.marges import marges, tirer
from convenir.mesure.donnees.generateur_ml.reseau import MissionLocale

CODES = tuple(marges()["dispositifs"])
CIVIS, COTRAITANCE = CODES.index("CIVIS"), CODES.index("COTRAITANCE")
ISSUES = tuple(marges()["sorties"])
EMPLOI, ALTERNANCE, FORMATION, RECHERCHE, INCONNUE = range(5)
MOTIFS = ("objectif_atteint", "fin_de_droit", "abandon", "demenagement", "limite_age", "fin_administrative")
RENOUVELLEMENTS = 6
DUREE_MINIMALE, DUREE_MAXIMALE = 21, 900
PRESENT = 2**30  # exit day of those who are still in
ANCIEN_APRES = 240


@dataclass(frozen=True)
class Parcours:
    """Parallel arrays; `sortie` is `PRESENT` for a youth still in the programme at the end of the period."""

    jeune: np.ndarray
    dispositif: np.ndarray
    entree: np.ndarray
    sortie: np.ndarray
    issue: np.ndarray
    motif: np.ndarray
    financable: np.ndarray

    def __len__(self) -> int:
        return len(self.jeune)

    @property
    def sorti(self) -> np.ndarray:
        return np.asarray(self.sortie < PRESENT)


def tirer_parcours(
    rng: np.random.Generator, j: Jeunes, missions: tuple[MissionLocale, ...], fenetre: Fenetre
) -> Parcours:
    """Draw the stays in each programme of its time; those ended before the period are left out."""
    morceaux = [_sejours(rng, j, fenetre, rang, marges()["dispositifs"][code]) for rang, code in enumerate(CODES)]
    jeune, dispositif, entree, sortie = (np.concatenate(colonne) for colonne in zip(*morceaux, strict=True))
    sortie, balayes = _menage(rng, j.ml[jeune], entree, sortie, missions, fenetre)
    utiles = (entree <= fenetre.fin) & (sortie >= fenetre.debut)
    ordre = np.flatnonzero(utiles)[np.argsort(jeune[utiles], kind="stable")]
    jeune, dispositif, entree, sortie, balayes = (t[ordre] for t in (jeune, dispositif, entree, sortie, balayes))
    sortie = np.where(sortie > fenetre.fin, PRESENT, sortie)
    issue = np.where(balayes, INCONNUE, _issues(rng, j, jeune, missions))
    return Parcours(
        jeune.astype(np.int32), dispositif.astype(np.int8), entree.astype(np.int32), sortie.astype(np.int32),
        np.where(sortie < PRESENT, issue, INCONNUE).astype(np.int8), _motifs(rng, j, jeune, sortie, issue, balayes),
        rng.random(len(jeune)) < marges()["financable"],
    )  # fmt: skip


def _sejours(
    rng: np.random.Generator, j: Jeunes, fenetre: Fenetre, rang: int, regles: dict[str, object]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Stays in one programme: a wait, a stay, a wait again, while the youth is active and the programme exists."""
    ouverture, fermeture = jour_de(_jour(regles["debut"])), jour_de(_jour(regles["fin"]))
    if ouverture > fenetre.fin or fermeture < fenetre.debut - DUREE_MAXIMALE:
        vide = np.zeros(0, np.int64)
        return vide, vide, vide, vide
    attente, duree, dispersion = (float(str(regles[k])) for k in ("attente", "duree", "dispersion"))
    actifs = np.arange(len(j))
    jour = np.maximum(j.creation, ouverture) + rng.exponential(attente * 0.45, len(j))
    trouves = []
    for _ in range(RENOUVELLEMENTS):
        dans = (jour <= j.fin[actifs]) & (jour <= fermeture)
        actifs, jour = actifs[dans], jour[dans]
        if not len(actifs):
            break
        entree = np.maximum(jour_ouvre(jour.astype(np.int64)), j.creation[actifs])
        longueur = np.clip(rng.lognormal(np.log(duree), dispersion, len(actifs)), DUREE_MINIMALE, DUREE_MAXIMALE)
        sortie = jour_ouvre(entree + longueur.astype(np.int64))
        sortie = np.maximum(np.minimum(sortie, j.limite[actifs]), entree)
        trouves.append((actifs, np.full(len(actifs), rang), entree, sortie))
        jour = sortie + 1 + rng.exponential(attente, len(actifs))
    if not trouves:
        return tuple(np.zeros(0, np.int64) for _ in range(4))  # type: ignore[return-value]
    return tuple(np.concatenate(c) for c in zip(*trouves, strict=True))  # type: ignore[return-value]


def _jour(valeur: object) -> date:
    return valeur if isinstance(valeur, date) else date.fromisoformat(str(valeur))


def _menage(
    rng: np.random.Generator, ml: np.ndarray, entree: np.ndarray, sortie: np.ndarray,
    missions: tuple[MissionLocale, ...], fenetre: Fenetre,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Where it is planted, close old stays all together on 15 December; returns the exits and which were closed so."""
    parts = np.array([m.effet_de("menage", 0.0) for m in missions])
    balayes = np.zeros(len(sortie), bool)
    if parts.any():
        for annee in fenetre.annees:
            jour = int(jour_ouvre(np.array([jour_de(date(annee, 12, 15))]))[0])
            anciens = (entree < jour - ANCIEN_APRES) & (sortie > jour) & (jour <= fenetre.fin)
            pris = anciens & (rng.random(len(sortie)) < parts[ml])
            sortie, balayes = np.where(pris, jour, sortie), balayes | pris
    return sortie, balayes


def _issues(rng: np.random.Generator, j: Jeunes, jeune: np.ndarray, missions: tuple[MissionLocale, ...]) -> np.ndarray:
    """Outcome of each exit: the propensity of the mission locale, the level of the youth, the planted effects."""
    base = marges()["sorties"]
    ml = j.ml[jeune]
    exces = np.array([m.exces_emploi for m in missions])[ml] - 0.35 * j.peu_qualifie[jeune] + 0.15
    emploi = 1 / (1 + np.exp(-(np.log(base["emploi"] / (1 - base["emploi"])) + exces)))
    emploi = emploi + np.array([m.effet_de("hausse_durable", 0.0) for m in missions])[ml]
    inconnue = np.array([m.effet_de("sorties_inconnues", base["inconnue"]) for m in missions])[ml]
    tirage = rng.random(len(jeune))
    connue = tirage >= inconnue
    # Among known outcomes the share of employment is its share of all exits, whatever share is unknown.
    autres = {k: base[k] for k in ("alternance", "formation", "recherche")}
    reste = 1 + tirer(rng, autres, len(jeune))
    en_emploi = rng.random(len(jeune)) < np.minimum(emploi / (1 - base["inconnue"]), 0.95)
    return np.where(connue, np.where(en_emploi, EMPLOI, reste), INCONNUE).astype(np.int8)


def _motifs(
    rng: np.random.Generator, j: Jeunes, jeune: np.ndarray, sortie: np.ndarray, issue: np.ndarray, balayes: np.ndarray
) -> np.ndarray:
    motif = tirer(rng, {"fin_de_droit": 55, "abandon": 33, "demenagement": 12}, len(jeune)) + 1
    motif = np.where(issue <= FORMATION, 0, motif)
    motif = np.where(sortie == j.limite[jeune], MOTIFS.index("limite_age"), motif)
    return np.where(balayes, MOTIFS.index("fin_administrative"), motif).astype(np.int8)
