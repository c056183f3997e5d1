"""The pseudonymised copy of a file: same rows, same order, the same bytes for the same content."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

NOM_COPIE = "conserve.parquet"
LIGNE = "ligne"
_ECHANTILLON = 20_000
_PART_DISTINCTE = 0.2
_EN_ATTENTE = 2


class EcrivainCopie:
    """Writes the tables of one file in a thread, while the next are read."""

    def __init__(self, chemin: Path) -> None:
        self.chemin = chemin
        self._fil = ThreadPoolExecutor(1)
        self._attente: deque[Future[None]] = deque()
        self._sortie: pq.ParquetWriter | None = None

    def __enter__(self) -> EcrivainCopie:
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._fil.shutdown(wait=True, cancel_futures=genre is not None)
        if self._sortie is not None:
            self._sortie.close()

    def ecrire(self, table: pa.Table) -> None:
        """Queue a table; an error of an earlier one is raised here."""
        while len(self._attente) >= _EN_ATTENTE:
            self._attente.popleft().result()
        self._attente.append(self._fil.submit(self._ecrire, table))

    def terminer(self, schema: pa.Schema) -> str:
        """Write what is queued, close, and return the SHA-256 of the copy; `schema` serves a file without rows."""
        while self._attente:
            self._attente.popleft().result()
        if self._sortie is None:
            self._ouvrir(schema.empty_table())
        sortie, self._sortie = self._sortie, None
        if sortie is not None:
            sortie.close()
        with self.chemin.open("rb") as fichier:
            return hashlib.file_digest(fichier, "sha256").hexdigest()

    def _ecrire(self, table: pa.Table) -> None:
        if self._sortie is None:
            self._ouvrir(table)
        if self._sortie is not None:
            self._sortie.write_table(table)

    def _ouvrir(self, table: pa.Table) -> None:
        self.chemin.parent.mkdir(parents=True, exist_ok=True)
        self._sortie = pq.ParquetWriter(
            self.chemin,
            table.schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=_repetitives(table),
            column_encoding=None,
            write_statistics=[LIGNE],
            store_schema=False,
        )


def _repetitives(table: pa.Table) -> list[str]:
    """Columns with few distinct values, for which a dictionary pays."""
    debut = table.slice(0, _ECHANTILLON)
    seuil = max(1, int(debut.num_rows * _PART_DISTINCTE))
    textes = [c for c in table.schema.names if c != LIGNE]
    return [c for c in textes if pc.count_distinct(debut[c]).as_py() <= seuil]
