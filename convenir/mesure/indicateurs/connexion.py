"""A DuckDB connection that reads the records and writes its results in given folders, and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import duckdb

MEMOIRE = "2GB"


def ouvrir(dossiers: Iterable[Path], debordement: Path, fils: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database shut into `dossiers`; nothing is ever downloaded.

    Args:
        dossiers: folders that may be read or written.
        debordement: folder for what does not fit in memory.
        fils: number of threads; none = one per processor, two at least.
    """
    permis = ", ".join(texte(f"{chemin}/") for chemin in {*dossiers, debordement})
    base = duckdb.connect(":memory:")
    base.execute(
        f"SET threads={fils or max(2, os.cpu_count() or 2)}; SET memory_limit='{MEMOIRE}';"
        f"SET temp_directory={texte(str(debordement))};"
        "SET autoinstall_known_extensions=false; SET autoload_known_extensions=false;"
        "SET allow_community_extensions=false; SET preserve_insertion_order=true;"
        f"SET allowed_directories=[{permis}]; SET enable_external_access=false; SET lock_configuration=true;"
    )
    return base


def texte(valeur: str) -> str:
    """Write a SQL string literal."""
    return "'" + valeur.replace("'", "''") + "'"


def table(
    base: duckdb.DuckDBPyConnection, nom: str, colonnes: dict[str, str], lignes: Iterable[tuple[object, ...]]
) -> None:
    """Make a small table from Python rows."""
    declarees = ", ".join(f"{c} {t}" for c, t in colonnes.items())
    base.execute(f"CREATE OR REPLACE TEMP TABLE {nom} ({declarees})")
    lues = list(lignes)
    if lues:
        base.executemany(f"INSERT INTO {nom} VALUES ({', '.join('?' * len(colonnes))})", lues)
