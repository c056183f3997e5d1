"""Contacts of the youths with their mission locale, and what is proposed to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convenir.mesure.donnees.generateur_ml.fenetre import REPRISE, Fenetre
from convenir.mesure.donnees.generateur_ml.jeunes import Jeunes
from convenir.mesure.donnees.generateur_ml.marges import au_titre_de, marges, tirer
from convenir.mesure.donnees.generateur_ml.reseau import MissionLocale

TYPES = ("entretien_individuel", "atelier", "info_collective", "telephone", "courrier", "tiers", "autre")
INDIVIDUEL = 0
DERNIER_TYPE_D_ENTRETIEN = 2
DOMAINES = ("professionnel", "social", "vie_sociale")
SOCIAL = 1
THEMES = tuple((domaine, theme) for domaine in DOMAINES for theme in marges()["themes"][domaine])
DOMAINE_DU_THEME = np.array([DOMAINES.index(domaine) for domaine, _ in THEMES], np.int8)


@dataclass(frozen=True)
class Actualites:
    """Parallel arrays sorted by year, youth and day."""

    jeune: np.ndarray
    jour: np.ndarray
    type: np.ndarray
    annee: np.ndarray

    def __len__(self) -> int:
        return len(self.jeune)

    @property
    def entretien(self) -> np.ndarray:
        """Interviews: individual, workshop or collective."""
        return np.asarray(self.type <= DERNIER_TYPE_D_ENTRETIEN)


@dataclass(frozen=True)
class Propositions:
    """Parallel arrays in the order of the actualités they hang on."""

    actualite: np.ndarray
    theme: np.ndarray

    def __len__(self) -> int:
        return len(self.actualite)

    @property
    def domaine(self) -> np.ndarray:
        return np.asarray(DOMAINE_DU_THEME[self.theme])


def contacts_par_an(missions: tuple[MissionLocale, ...], echelle: float, fenetre: Fenetre) -> float:
    """Youths in contact in a year that the margins give to these missions locales."""
    return sum(m.poids for m in missions) * echelle * au_titre_de("jeunes_en_contact", fenetre.annees[-1])


def tirer_actualites(
    rng: np.random.Generator, j: Jeunes, missions: tuple[MissionLocale, ...], fenetre: Fenetre, echelle: float
) -> Actualites:
    """Draw the first contact of each youth, those of the period, and the interviews of the half-year before."""
    contacts = contacts_par_an(missions, echelle, fenetre)
    annee = fenetre.annees[-1]
    individuels = au_titre_de("entretiens_individuels", annee) / au_titre_de("jeunes_en_contact", annee)
    # First contacts are drawn apart: they leave that much less for the others.
    premiers = au_titre_de("premiers_accueils", annee) / au_titre_de("jeunes_en_contact", annee)
    individuels -= premiers * marges()["actualites"]["premier_entretien"]["entretien_individuel"]
    par_contact = individuels + marges()["actualites"]["autres_par_contact"]
    part = individuels / par_contact
    facteurs = np.array([m.effet_de("plus_d_entretiens", 1.0) for m in missions])
    intensite = j.intensite * facteurs[j.ml]

    debut, fin = np.maximum(j.creation, fenetre.debut), j.fin
    exposition = _exposition(fenetre, debut, fin)
    taux = par_contact * contacts * fenetre.duree / max(float((j.intensite * exposition).sum()), 1.0)
    nombres = rng.poisson(intensite * exposition * taux)
    avant = np.maximum(j.creation, fenetre.debut - REPRISE)
    exposition_avant = np.where(j.creation < fenetre.debut, _exposition(fenetre, avant, fenetre.debut - 1), 0)
    reprise = rng.poisson(intensite * exposition_avant * taux * part * (~j.a_distance))

    veille = np.full(int(reprise.sum()), fenetre.debut - 1)
    jeune = np.concatenate([np.arange(len(j)), *(np.repeat(np.arange(len(j)), n) for n in (nombres, reprise))])
    jours = np.concatenate([
        j.creation,
        fenetre.poser(rng, fenetre.activite, np.repeat(debut, nombres), np.repeat(fin, nombres)),
        fenetre.poser(rng, fenetre.activite, np.repeat(avant, reprise), veille),
    ])  # fmt: skip
    types = np.concatenate([
        _premiers(rng, j), _types(rng, np.repeat(j.a_distance, nombres), part), np.zeros(int(reprise.sum()), np.int8),
    ])  # fmt: skip
    return _trier(jeune, jours, types, fenetre)


def _exposition(fenetre: Fenetre, debut: np.ndarray, fin: np.ndarray | int) -> np.ndarray:
    cumul, base = fenetre.activite, fenetre.base
    return np.asarray(cumul[np.maximum(fin, debut - 1) + 1 - base] - cumul[debut - base])


def _premiers(rng: np.random.Generator, j: Jeunes) -> np.ndarray:
    m = marges()["actualites"]
    rangs = np.array([TYPES.index(t) for t in m["premier_entretien"]], np.int8)
    tires = rangs[tirer(rng, m["premier_entretien"], len(j))]
    return np.where(j.a_distance & (rng.random(len(j)) < 0.15), TYPES.index("tiers"), tires).astype(np.int8)


def _types(rng: np.random.Generator, a_distance: np.ndarray, part: float) -> np.ndarray:
    """Kinds of contact; a youth followed at a distance has no interview."""
    autres = marges()["actualites"]["types"]
    types = 1 + tirer(rng, {t: autres[t] for t in TYPES[1:]}, len(a_distance))
    part_des_presents = part / (1 - marges()["actualites"]["a_distance"])
    types[rng.random(len(types), dtype=np.float32) < part_des_presents] = INDIVIDUEL
    loin = a_distance & (types <= DERNIER_TYPE_D_ENTRETIEN)
    types[loin] = TYPES.index("telephone")
    return types.astype(np.int8)


def _trier(jeune: np.ndarray, jours: np.ndarray, types: np.ndarray, fenetre: Fenetre) -> Actualites:
    """Sort by year, youth and day; the key holds the rank of the row, so that equal days keep one order everywhere."""
    annees = fenetre.annee(jours)
    rangs = ordonner(annees - fenetre.annees[0], jeune, jours - fenetre.base)
    return Actualites(jeune[rangs].astype(np.int32), jours[rangs].astype(np.int32), types[rangs], annees[rangs])


def ordonner(annee: np.ndarray, jeune: np.ndarray, jour: np.ndarray) -> np.ndarray:
    """Ranks that sort by year, youth, day, then rank; years below 4, youths below 2^19, days below 2^14, 2^28 rows."""
    groupe = (annee.astype(np.int64) << 33) | (jeune.astype(np.int64) << 14) | jour.astype(np.int64)
    return np.asarray(np.sort((groupe << 28) | np.arange(len(groupe))) & ((1 << 28) - 1))


def tirer_propositions(
    rng: np.random.Generator, a: Actualites, j: Jeunes, missions: tuple[MissionLocale, ...]
) -> Propositions:
    """Draw what is proposed at each contact."""
    moyennes = np.array([marges()["actualites"]["propositions"][t] for t in TYPES])
    # A sum of two draws at half the mean: enough spread, and cheaper than a Poisson law.
    demi = moyennes[a.type].astype(np.float32) / 2
    nombre = np.zeros(len(a), np.int8)
    for _ in range(2):
        nombre += np.floor(demi + rng.random(len(a), dtype=np.float32)).astype(np.int8)
    actualite = np.repeat(np.arange(len(a), dtype=np.int32), nombre)
    poids = {f"{d}.{t}": marges()["themes"][d][t] for d, t in THEMES}
    themes = tirer(rng, poids, len(actualite))
    return Propositions(actualite, _moins_de_social(rng, themes, j.ml[a.jeune[actualite]], missions))


def _moins_de_social(
    rng: np.random.Generator, themes: np.ndarray, ml: np.ndarray, missions: tuple[MissionLocale, ...]
) -> np.ndarray:
    """Where little social help is planted, turn the rest of it into professional propositions."""
    gardes = np.array([m.effet_de("peu_de_social", 1.0) for m in missions])
    if (gardes == 1).all():
        return themes
    perdus = (DOMAINE_DU_THEME[themes] == SOCIAL) & (rng.random(len(themes), dtype=np.float32) > gardes[ml])
    themes[perdus] = 0
    return themes
