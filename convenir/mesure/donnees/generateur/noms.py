"""Names of invented structures: composed from word lists, unique in a delivery, marked fictitious."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from convenir.mesure.donnees.generateur.identite import MARQUE
from convenir.socle.commun.lecture_yaml import lire_yaml_sur


@cache
def mots() -> dict[str, Any]:
    """Return the word lists."""
    lus: dict[str, Any] = lire_yaml_sur((Path(__file__).parent / "noms.yaml").read_text(encoding="utf-8"))
    return lus


def denomination(rng: np.random.Generator, categorie: str, commune: str, deja: set[str]) -> str:
    """Compose a name for a structure of a category; the commune is added when the name is already taken.

    Args:
        deja: names given so far, to which the new one is added.
    """
    listes = mots()
    modele = _au_hasard(rng, listes[categorie])
    nom = modele.format(lieu=_au_hasard(rng, listes["lieux"]), elan=_au_hasard(rng, listes["elans"]))
    candidats = [nom, f"{nom}, {commune}", *(f"{nom}, {commune} {rang}" for rang in range(2, 100))]
    libre = next(c for c in candidats if c not in deja)
    deja.add(libre)
    return f"{libre} {MARQUE}"


def _au_hasard(rng: np.random.Generator, liste: list[str]) -> str:
    return liste[int(rng.integers(len(liste)))]
