"""What a value is named by, as enumerations: a small integer on each of a million rows instead of a text."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from convenir.mesure.indicateurs.definitions import Catalogue
from convenir.mesure.indicateurs.parametres import CATEGORIES
from convenir.mesure.indicateurs.valeurs import NIVEAUX, Statut

AGREGATS = "agregats"
# Breakdowns that no definition declares: the compiler makes them.
_ENGENDREES = ("", "categorie", "milieu")


def type_de(nom: str) -> str:
    """Return the SQL type of a column of names."""
    return f"iae_{nom}"


def enumere(nom: str, expression: str) -> str:
    """SQL of an expression as the column of names `nom`."""
    return f"CAST({expression} AS {type_de(nom)}) AS {nom}"


def constante(nom: str, valeur: str) -> str:
    """SQL of one name."""
    return f"CAST('{valeur}' AS {type_de(nom)})"


def declarer(base: duckdb.DuckDBPyConnection, catalogue: Catalogue, annees: Iterable[int]) -> None:
    """Make the types in a fresh database, for the values of some years."""
    noms: dict[str, Iterable[str]] = {
        "niveau": NIVEAUX,
        "indicateur": catalogue.indicateurs,
        "ventilation": [*_ENGENDREES, *catalogue.ventilations, *(f"dispersion_{c}" for c in CATEGORIES)],
        "periode": [p for a in annees for p in _periodes(a)],
        "statut": [str(s) for s in Statut],
        "source": ["", AGREGATS, *_vues(catalogue)],
    }
    for nom, valeurs in noms.items():
        liste = ", ".join(f"'{v}'" for v in dict.fromkeys(valeurs))
        base.execute(f"CREATE TYPE {type_de(nom)} AS ENUM ({liste})")


def _periodes(annee: int) -> list[str]:
    mois = [f"{annee}-{m:02d}" for m in range(1, 13)]
    return [str(annee), *mois, *(f"{m}-cumul" for m in mois)]


def _vues(catalogue: Catalogue) -> list[str]:
    """Views that may feed a value."""
    exigences = {v for s in catalogue.sources.values() for c in s.colonnes.values() for v in c.vues}
    exigences |= {v for equivalentes in catalogue.equivalences.values() for v in equivalentes}
    return sorted({e.partition(".")[0] for e in exigences} | {catalogue.vue_agregee})
