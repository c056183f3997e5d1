"""One import at a time: a lock held by the process, freed by the system even if it dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from convenir.socle.commun.erreurs import ErreurMetier

PAUSE = 0.2
# Any number, the same everywhere: "convenir donnees" in the eyes of PostgreSQL.
CLE_POSTGRESQL = 20_251_121


class ImportEnCours(ErreurMetier):
    """Another import holds the lock."""

    def __init__(self) -> None:
        super().__init__("Un autre import est en cours. Attendez qu'il finisse, puis recommencez.")


def dossier_entrepot() -> Path:
    """Return the record store, created if absent."""
    dossier = Path(settings.DOSSIER_DONNEES) / "entrepot"
    (dossier / ".travail").mkdir(parents=True, exist_ok=True)
    return dossier


@contextmanager
def verrou(attente: float = 0) -> Iterator[None]:
    """Hold the import lock.

    Args:
        attente: seconds to wait for it.

    Raises:
        ImportEnCours: if another process still holds it.
    """
    limite = time.monotonic() + attente
    descripteur = os.open(dossier_entrepot() / ".verrou", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _prendre(descripteur):
            if time.monotonic() >= limite:
                raise ImportEnCours
            time.sleep(PAUSE)
        yield
    finally:
        os.close(descripteur)


def attendre_les_transactions() -> None:
    """Hold, to the end of the transaction, what each application of a delivery holds in its own.

    The system frees the lock as soon as a process dies, but PostgreSQL may still be committing what it asked for:
    whoever sweeps or compares waits here for the outcome. SQLite commits in the process itself.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as curseur:
            curseur.execute("SELECT pg_advisory_xact_lock(%s)", [CLE_POSTGRESQL])


def _prendre(descripteur: int) -> bool:
    try:
        fcntl.flock(descripteur, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
