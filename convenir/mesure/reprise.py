"""Work in a private DuckDB database, started again from nothing when the engine stops on a check of its own.

DuckDB 2.0.0 stops now and then on an internal check of its dictionary cache (docs/decisions/0003): it then gives no
figure and its database can no longer be used. A fresh database gives the result, the last time on one thread.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import duckdb

T = TypeVar("T")
ESSAIS = 3
_log = logging.getLogger(__name__)


def a_neuf(travail: Callable[[int | None], T]) -> T:
    """Do some work that opens its own database, at most `ESSAIS` times.

    Args:
        travail: opens the database, works and closes it, given the number of threads (None = as usual). It may be
            called again after a stop: whatever it writes must be written over, never added to.

    Raises:
        duckdb.InternalException: the engine stopped every time; nothing wrong was ever given.
    """
    for _ in range(ESSAIS - 1):
        try:
            return travail(None)
        except duckdb.InternalException as erreur:
            _log.warning("Le moteur s'est arrêté, le travail est repris à neuf : %s", str(erreur).partition("\n")[0])
    return travail(1)
