"""Writing of the tables as Parquet, one file each, a few hundred thousand rows in memory at most."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.formats.arrow import schema_arrow

# The size engines read best: enough rows to share between cores, few enough to skip.
GROUPE = 131_072
NIVEAU_ZSTD = 3
Colonnes = Mapping[str, pa.Array]


class FichierDeTable:
    """A table being written; rows of one year share row groups, so that a year is read without the others."""

    def __init__(self, dossier: Path, table: str) -> None:
        self.table, self.chemin = table, dossier / f"{table}.parquet"
        vue = tables_missions_locales()[table]
        self.schema = schema_arrow(vue)
        self.lignes = 0
        self._tampons: dict[int, list[pa.Table]] = {}
        uniques = [c for c in vue.cle if len(vue.cle) == 1 and c.endswith("_id")]
        repetees = [c.name for c in self.schema if pa.types.is_string(c.type) and c.name not in uniques]
        self._ecrivain = pq.ParquetWriter(
            self.chemin, self.schema, compression="zstd", compression_level=NIVEAU_ZSTD,
            use_dictionary=[*repetees, *(c.name for c in self.schema if pa.types.is_date(c.type))],
            column_encoding=dict.fromkeys(uniques, "DELTA_BYTE_ARRAY"),
        )  # fmt: skip

    def ajouter(self, colonnes: Colonnes, annees: np.ndarray | None = None) -> None:
        """Append rows.

        Args:
            colonnes: one array for each column; an absent column is empty.
            annees: year each row is filed under, sorted; all together if None.

        Raises:
            KeyError: a column the table does not have.
        """
        inconnues = colonnes.keys() - set(self.schema.names)
        if inconnues:
            raise KeyError(f"Colonnes inconnues de {self.table} : {', '.join(sorted(inconnues))}.")
        nombre = len(next(iter(colonnes.values())))
        lignes = pa.table([colonnes.get(c.name, pa.nulls(nombre, c.type)) for c in self.schema], schema=self.schema)
        if annees is None:
            self._mettre(0, lignes)
            return
        for annee in np.unique(annees):
            debut, fin = np.searchsorted(annees, [annee, annee + 1])
            self._mettre(int(annee), lignes.slice(debut, fin - debut))

    def _mettre(self, annee: int, lignes: pa.Table) -> None:
        if not len(lignes):
            return
        self.lignes += len(lignes)
        tampon = self._tampons.setdefault(annee, [])
        tampon.append(lignes)
        if sum(map(len, tampon)) >= GROUPE:
            self._vider(annee)

    def _vider(self, annee: int) -> None:
        lignes = pa.concat_tables(self._tampons.pop(annee))
        self._ecrivain.write_table(lignes, row_group_size=max(len(lignes), 1))

    def __enter__(self) -> FichierDeTable:
        return self

    def __exit__(
        self, genre: type[BaseException] | None, erreur: BaseException | None, trace: TracebackType | None
    ) -> None:
        if erreur is None:
            for annee in sorted(self._tampons):
                self._vider(annee)
        self._ecrivain.close()
        if erreur is not None:
            self.chemin.unlink(missing_ok=True)
