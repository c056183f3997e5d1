"""A DuckDB connection that reads and writes in given folders only, downloads nothing and keeps its memory bounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

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
    permis = ", ".join(texte(str(dossier) + "/") for dossier in dossiers)
    base = duckdb.connect(":memory:")
    try:
        base.execute(
            f"SET threads={fils or FILS}; SET memory_limit='{MEMOIRE}'; SET temp_directory={texte(str(debordement))};"
            "SET autoinstall_known_extensions=false; SET autoload_known_extensions=false;"
            "SET allow_community_extensions=false; SET preserve_insertion_order=true;"
            f"SET allowed_directories=[{permis}]; SET enable_external_access=false; SET lock_configuration=true;"
        )
        yield base
    finally:
        base.close()


def texte(valeur: str) -> str:
    """Write a SQL string literal."""
    return "'" + valeur.replace("'", "''") + "'"


def nom(identifiant: str) -> str:
    """Write a SQL identifier."""
    return '"' + identifiant.replace('"', '""') + '"'


def parquet(motif: Path | str, *, hive: bool = False) -> str:
    """Write the reading of Parquet files."""
    return f"read_parquet({texte(str(motif))}, hive_partitioning={str(hive).lower()})"
