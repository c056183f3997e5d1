"""The table of anomalies, filled view after view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.connexion import parquet
from convenir.mesure.donnees.controle.verifications import Gravite

COLONNES = ("fichier", "ligne", "colonne", "valeur", "message")
FICHIER = "anomalies.parquet"
SUITE = "anomalies-suite.parquet"
# Beyond, a rejected value is cut in the report; the copy keeps it whole. NUL bytes are dropped: databases refuse them.
VALEUR_MONTREE = 200


def creer(base: duckdb.DuckDBPyConnection) -> None:
    """Create the empty table."""
    base.execute(
        "CREATE TEMP TABLE anomalies (vue VARCHAR, fichier VARCHAR, ligne BIGINT, colonne VARCHAR, valeur VARCHAR, "
        "message VARCHAR, gravite VARCHAR)"
    )


def ajouter(
    base: duckdb.DuckDBPyConnection,
    vue: str,
    fichier: str,
    relation: str,
    colonne: str,
    condition: str,
    message: str,
    gravite: Gravite,
    valeur: str = "''",
) -> None:
    """Write one anomaly per line of `relation` that meets `condition`."""
    montree = f"left(replace(CAST({valeur} AS VARCHAR), chr(0), ''), {VALEUR_MONTREE})"
    base.execute(
        f"INSERT INTO anomalies SELECT {texte(vue)}, {texte(fichier)}, ligne, {texte(colonne)}, {montree}, "
        f"{texte(message)}, {texte(gravite)} FROM {relation} WHERE {condition}"
    )


def ecrire(base: duckdb.DuckDBPyConnection, dossier: Path) -> Path:
    """Write every anomaly to the folder of the delivery, by file and line."""
    chemin = dossier / FICHIER
    base.execute(
        "COPY (SELECT * FROM anomalies ORDER BY vue, fichier, ligne, colonne, message) "
        f"TO {texte(str(chemin))} (FORMAT parquet, COMPRESSION zstd)"
    )
    return chemin


def ecrire_la_suite(dossier: Path, vue: str, lignes: Sequence[Mapping[str, Any]]) -> None:
    """Write beside the others the warnings that only the whole delivery could tell."""
    texte_pa, noms = pa.string(), ("vue", *COLONNES, "gravite")
    schema = pa.schema([(nom, pa.int64() if nom == "ligne" else texte_pa) for nom in noms])
    pleines = [{**ligne, "vue": vue, "gravite": str(Gravite.AVERTISSEMENT)} for ligne in lignes]
    pq.write_table(pa.Table.from_pylist(pleines, schema=schema), dossier / SUITE, compression="zstd")


def motif_des_anomalies(dossier: Path) -> Path:
    """Return the pattern of the files that hold every anomaly of a delivery."""
    return dossier / "anomalies*.parquet"


def lire(base: duckdb.DuckDBPyConnection, chemin: Path, *, avertissements: bool, limite: int) -> list[dict[str, Any]]:
    """Return at most `limite` anomalies as the report writes them."""
    operateur = "=" if avertissements else "<>"
    # A missing line number (an anomaly of the whole file) sorts first.
    lignes = base.execute(
        f"SELECT {', '.join(COLONNES)} FROM {parquet(chemin)} WHERE (gravite IN ('avertissement', 'doublon')) "
        f"{operateur} true ORDER BY vue, fichier, ligne NULLS FIRST, colonne, message LIMIT {limite}"
    ).fetchall()
    return [dict(zip(COLONNES, ligne, strict=True)) for ligne in lignes]
