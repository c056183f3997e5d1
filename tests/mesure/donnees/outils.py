"""Reading by SQL, on a connection of its own: no test depends on what another left open."""

from __future__ import annotations

from typing import Any

import duckdb


def lire_sql(requete: str, parametres: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Run a query and return its rows."""
    with duckdb.connect() as base:
        return base.execute(requete, parametres or []).fetchall()
