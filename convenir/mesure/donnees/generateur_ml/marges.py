"""National margins of the invented network, read from `marges.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from convenir.socle.commun.lecture_yaml import lire_yaml_sur


@cache
def marges() -> dict[str, Any]:
    """Return every margin; see the file for their sources."""
    lues: dict[str, Any] = lire_yaml_sur(Path(__file__).with_name("marges.yaml").read_text(encoding="utf-8"))
    return lues


def au_titre_de(serie: str, annee: int) -> float:
    """Value of a national series for a year: interpolated between two known years, constant beyond them."""
    points = marges()["series"][serie]
    connues = sorted(points)
    return float(np.interp(annee, connues, [points[a] for a in connues]))


def tirer(rng: np.random.Generator, poids: Mapping[str, float], nombre: int) -> np.ndarray:
    """Draw ranks in the list of the keys of `poids`, with these weights."""
    seuils = np.cumsum(np.fromiter(poids.values(), float))
    rangs = np.searchsorted(seuils / seuils[-1], rng.random(nombre, dtype=np.float32), side="right")
    return np.minimum(rangs, len(seuils) - 1).astype(np.int8)
