"""A DuckDB connection that reads and writes in given folders only, downloads nothing and keeps its memory bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from convenir.mesure import base_fermee
from convenir.mesure.base_fermee import texte

MEMOIRE = "900MB"
FILS = 2


@contextmanager
def connexion(
    dossiers: Sequence[Path], debordement: Path, fils: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an in-memory database shut into `dossiers`.

    Args:
        dossiers: folders that may be read and written; nothing else can be.
        debordement: folder, inside one of them, for what does not fit in memory.
        fils: number of threads; none = `FILS`.
    """
    base = base_fermee.ouvrir(dossiers, debordement, memoire=MEMOIRE, fils=fils or FILS)
    try:
        yield base
    finally:
        base.close()


def nom(identifiant: str) -> str:
    """Write a SQL identifier."""
    return '"' + identifiant.replace('"', '""') + '"'


def parquet(motif: Path | str, *, hive: bool = False) -> str:
    """Write the reading of Parquet files."""
    return f"read_parquet({texte(str(motif))}, hive_partitioning={str(hive).lower()})"
