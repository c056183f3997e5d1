"""Formats of the sources, as data: one YAML file per source, read strictly."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from convenir.mesure.donnees.formats.schema import (
    Colonne,
    Disposition,
    FormatInvalide,
    TypeColonne,
    Vue,
    lire_vues,
)

__all__ = [
    "VUE_AGREGATS",
    "Colonne",
    "Disposition",
    "FormatInvalide",
    "TypeColonne",
    "Vue",
    "lire_vues",
    "tables_missions_locales",
    "vue_agregats_ml",
    "vues_fluxiae",
]


@cache
def vues_fluxiae() -> dict[str, Vue]:
    """Return the forty-six views of a FluxIAE delivery by name (`AnnexeFinanciere`, `RefMotifSort`…)."""
    return lire_vues(Path(__file__).with_name("fluxiae.yaml"))


@cache
def tables_missions_locales() -> dict[str, Vue]:
    """Return the nineteen tables of the records of missions locales by name (`jeune`, `actualite`…)."""
    return lire_vues(Path(__file__).with_name("missions_locales.yaml"))


VUE_AGREGATS = "AgregatMl"


@cache
def vue_agregats_ml() -> Vue:
    """Return the one view of the indicators of missions locales computed elsewhere."""
    return lire_vues(Path(__file__).with_name("agregats_ml.yaml"))[VUE_AGREGATS]
