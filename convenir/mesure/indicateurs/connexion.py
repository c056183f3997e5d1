"""A DuckDB connection that reads the records and writes its results in given folders, and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import duckdb

from convenir.mesure import base_fermee

MEMOIRE = "2GB"


def ouvrir(dossiers: Iterable[Path], debordement: Path, fils: int | None = None) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database shut into `dossiers`; nothing is ever downloaded.

    Args:
        dossiers: folders that may be read or written.
        debordement: folder for what does not fit in memory.
        fils: number of threads; none = one per processor, two at least.
    """
    return base_fermee.ouvrir(
        {*dossiers, debordement}, debordement, memoire=MEMOIRE, fils=fils or max(2, os.cpu_count() or 2)
    )


def table(
    base: duckdb.DuckDBPyConnection, nom: str, colonnes: dict[str, str], lignes: Iterable[tuple[object, ...]]
) -> None:
    """Make a small table from Python rows."""
    declarees = ", ".join(f"{c} {t}" for c, t in colonnes.items())
    base.execute(f"CREATE OR REPLACE TEMP TABLE {nom} ({declarees})")
    lues = list(lignes)
    if lues:
        base.executemany(f"INSERT INTO {nom} VALUES ({', '.join('?' * len(colonnes))})", lues)
