"""Margins of the invented world, read once from `marges.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from convenir.socle.commun.lecture_yaml import lire_yaml_sur

Poids = dict[Any, float]


@dataclass(frozen=True)
class MargesCategorie:
    """Shares and sizes of one category."""

    part: float
    etp_median: float
    etp_dispersion: float
    etp_par_present: float
    femmes: float
    moins_26: float
    plus_50: float
    rsa: float
    ass: float
    aah: float
    rqth: float
    qpv: float
    dynamique: float
    durable: float
    transition: float
    heures_maximales: int
    gains_horaires: float
    encadrement: float
    orienteurs: Poids
    formes: Poids
    codes_naf: list[str]
    romes: list[str]
    saison: list[float]


@cache
def marges() -> dict[str, Any]:
    """Return every margin, the categories as `MargesCategorie`."""
    contenu: dict[str, Any] = lire_yaml_sur((Path(__file__).parent / "marges.yaml").read_text(encoding="utf-8"))
    contenu["categories"] = {c: MargesCategorie(**valeurs) for c, valeurs in contenu["categories"].items()}
    return contenu


def categories() -> dict[str, MargesCategorie]:
    """Return the margins by category, in a fixed order: ACI, EI, AI, ETTI, EITI."""
    trouvees: dict[str, MargesCategorie] = marges()["categories"]
    return trouvees


CODES_CATEGORIES = ("ACI", "EI", "AI", "ETTI", "EITI")


def par_categorie(champ: str) -> np.ndarray:
    """Return one margin as an array indexed by the rank of the category in `CODES_CATEGORIES`."""
    return np.array([getattr(categories()[code], champ) for code in CODES_CATEGORIES])


def tirer(rng: np.random.Generator, poids: Poids, taille: int) -> np.ndarray:
    """Draw ranks of the keys of `poids`, in proportion to their weights."""
    valeurs = np.array(list(poids.values()), dtype=float)
    return np.searchsorted(np.cumsum(valeurs / valeurs.sum())[:-1], rng.random(taille), side="right")


def smic_horaire(annee: int) -> float:
    """Hourly wage used to invent salaries; the nearest known year when the year is unknown."""
    connus: dict[int, float] = marges()["smic_horaire"]
    return connus[min(connus, key=lambda connue: abs(connue - annee))]
