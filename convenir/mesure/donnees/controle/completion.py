"""Mission locale of the rows that do not name it: that of their youth, when there is only one (décisions, § 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.connexion import parquet
from convenir.mesure.donnees.controle.vue import Entree
from convenir.mesure.donnees.formats import VUE_AGREGATS, tables_missions_locales


def completer(base: duckdb.DuckDBPyConnection, entree: Entree, references: Mapping[str, str]) -> Entree:
    """Return the view with its missions locales filled; as it is when nothing is to be filled."""
    if entree.vue.nom == VUE_AGREGATS:
        return _agregats(base, entree)
    if not _deductible(entree) or "jeune" not in references or not _sans_ml(base, entree):
        return entree
    base.execute(
        "CREATE TEMP TABLE IF NOT EXISTS une_mission AS SELECT jeune_id, min(ml_id) AS ml FROM "
        f"{references['jeune']} GROUP BY jeune_id HAVING count(DISTINCT ml_id) = 1"
    )
    copie = parquet(entree.copie)
    if "ml_id" in entree.presentes:
        relation = f"(SELECT c.* REPLACE (COALESCE(NULLIF(c.ml_id, ''), u.ml) AS ml_id) FROM {copie} AS c"
        presentes = entree.presentes
    else:
        relation, presentes = f"(SELECT c.*, u.ml AS ml_id FROM {copie} AS c", (*entree.presentes, "ml_id")
    relation += " LEFT JOIN une_mission AS u ON u.jeune_id = c.jeune_id)"
    return replace(entree, completee=relation, presentes=presentes)


def _agregats(base: duckdb.DuckDBPyConnection, entree: Entree) -> Entree:
    """Say the mission locale of each value, and its year.

    A site is that of the only mission locale of the file, else of the one whose identifier begins its own.
    """
    copie = parquet(entree.copie)
    codes = sorted(c for (c,) in base.execute(
        f"SELECT DISTINCT code_territoire FROM {copie} WHERE niveau = 'ml' AND code_territoire <> ''"
    ).fetchall())  # fmt: skip
    liste = "[" + ", ".join(map(texte, codes)) + "]::VARCHAR[]"
    du_site = (
        texte(codes[0]) if len(codes) == 1 else f"list_filter({liste}, lambda x: starts_with(code_territoire, x))[-1]"
    )
    autres = ", ".join(c for c in entree.presentes if c not in ("ml_id", "annee"))
    relation = (
        f"(SELECT {autres}, ligne, CASE niveau WHEN 'ml' THEN code_territoire "
        f"WHEN 'site' THEN {du_site} END AS ml_id, left(periode, 4) AS annee FROM {copie})"
    )
    presentes = tuple(dict.fromkeys((*entree.presentes, "ml_id", "annee")))
    return replace(entree, completee=relation, presentes=presentes)


def _deductible(entree: Entree) -> bool:
    """Tell whether the view is a table of youths that may lack the mission locale."""
    ml = entree.vue.colonne("ml_id") if entree.vue.nom in tables_missions_locales() else None
    return ml is not None and not ml.obligatoire and "jeune_id" in entree.presentes


def _sans_ml(base: duckdb.DuckDBPyConnection, entree: Entree) -> bool:
    if "ml_id" not in entree.presentes:
        return True
    requete = f"SELECT coalesce(bool_or(COALESCE(ml_id, '') = ''), false) FROM {parquet(entree.copie)}"
    return bool(base.execute(requete).fetchone()[0])  # type: ignore[index]
