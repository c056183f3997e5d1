"""A DuckDB database in memory, shut into given folders: nothing else is read or written, nothing is downloaded.

The one place where the engine is locked; who opens it says how much memory and how many threads it may take.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb


def ouvrir(dossiers: Iterable[Path], debordement: Path, *, memoire: str, fils: int) -> duckdb.DuckDBPyConnection:
    """Open a locked database.

    Args:
        dossiers: folders that may be read and written.
        debordement: folder for what does not fit in memory, inside one of them.
        memoire: most it may take, as DuckDB writes it.
        fils: number of threads.
    """
    permis = ", ".join(texte(f"{dossier}/") for dossier in dossiers)
    base = duckdb.connect(":memory:")
    base.execute(
        f"SET threads={fils}; SET memory_limit={texte(memoire)}; SET temp_directory={texte(str(debordement))};"
        "SET autoinstall_known_extensions=false; SET autoload_known_extensions=false;"
        "SET allow_community_extensions=false; SET preserve_insertion_order=true;"
        f"SET allowed_directories=[{permis}]; SET enable_external_access=false; SET lock_configuration=true;"
    )
    return base


def texte(valeur: str) -> str:
    """Write a SQL string literal."""
    return "'" + valeur.replace("'", "''") + "'"
