"""The table of anomalies, filled view after view."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.connexion import parquet
from convenir.mesure.donnees.controle.verifications import Gravite

COLONNES = ("fichier", "ligne", "colonne", "valeur", "message")
FICHIER = "anomalies.parquet"
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


def lire(base: duckdb.DuckDBPyConnection, chemin: Path, *, avertissements: bool, limite: int) -> list[dict[str, Any]]:
    """Return at most `limite` anomalies as the report writes them."""
    operateur = "=" if avertissements else "<>"
    # A missing line number (an anomaly of the whole file) sorts first.
    lignes = base.execute(
        f"SELECT {', '.join(COLONNES)} FROM {parquet(chemin)} WHERE (gravite IN ('avertissement', 'doublon')) "
        f"{operateur} true ORDER BY vue, fichier, ligne NULLS FIRST, colonne, message LIMIT {limite}"
    ).fetchall()
    return [dict(zip(COLONNES, ligne, strict=True)) for ligne in lignes]
