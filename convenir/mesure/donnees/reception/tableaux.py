"""Rows of a Parquet file, as tables of texts: the same control then applies whatever the container."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from convenir.mesure.donnees.reception.anomalies import Anomalie, Gravite, refus
from convenir.mesure.donnees.reception.entetes import Tete
from convenir.mesure.donnees.reception.lecture import Morceau

RANGEES = 131_072
AUCUNE_LIGNE = "la table n'a aucune ligne"


@dataclass
class LectureParquet:
    """Reads the rows of a Parquet file; their line is their rank, from one."""

    fichier: str
    tete: Tete
    rangs: list[int]
    lignes: int = 0
    ecartees: int = 0
    sans_fin: bool = False
    anomalies: list[Anomalie] = field(default_factory=list)

    def morceaux(self, source: pq.ParquetFile) -> Iterator[Morceau]:
        """Yield the rows, a bounded number at a time.

        Raises:
            LivraisonRefusee: damaged file, value that is not simple, main table without a row.
        """
        noms = source.schema_arrow.names
        lus = [rang for rang in self.rangs if rang < len(noms)]
        try:
            for lot in source.iter_batches(batch_size=RANGEES, columns=[noms[rang] for rang in lus] or noms[:1]):
                colonnes = {noms[rang]: rang for rang in lus}
                textes = {str(colonnes[n]): en_texte(lot.column(n)) for n in lot.schema.names if n in colonnes}
                yield self._morceau(textes, lot.num_rows)
        except (pa.ArrowException, OSError):
            raise refus(self.fichier, "le fichier Parquet est abîmé ou porte des valeurs composées") from None
        self.anomalies += conclure(self.fichier, self.tete, self.lignes)

    def _morceau(self, textes: dict[str, pa.Array], nombre: int) -> Morceau:
        debut = self.lignes + 1
        self.lignes += nombre
        textes |= constantes(self.tete, nombre)
        return Morceau(pa.table(textes), np.arange(debut, debut + nombre, dtype=np.int64))


def en_texte(colonne: pa.Array) -> pa.Array:
    """Return the values as texts; an empty text is no value."""
    if pa.types.is_dictionary(colonne.type):
        colonne = colonne.dictionary_decode()
    if pa.types.is_floating(colonne.type):
        # 3.0 is the integer three, which pandas writes as a float as soon as a value is absent.
        entiers = pc.cast(colonne, pa.int64(), safe=False)
        juste = pc.fill_null(pc.equal(pc.cast(entiers, colonne.type), colonne), True)
        if pc.all(juste).as_py() is not False:
            colonne = entiers
    textes = pc.cast(colonne, pa.string())
    return pc.if_else(pc.fill_null(pc.equal(textes, ""), False), pa.scalar(None, pa.string()), textes)


def constantes(tete: Tete, nombre: int) -> dict[str, pa.Array]:
    """Return the columns that the mapping fills with one value."""
    return {str(rang): pa.repeat(pa.scalar(valeur), nombre) for rang, valeur in tete.constantes.items()}


def conclure(fichier: str, tete: Tete, lignes: int) -> list[Anomalie]:
    """Refuse a main table without a row; say that another one has none.

    Raises:
        LivraisonRefusee: no youth, or no structure.
    """
    if lignes:
        return []
    if tete.vue.principale:
        raise refus(fichier, f"{AUCUNE_LIGNE} : il n'y a rien à importer")
    return [Anomalie(fichier, f"{AUCUNE_LIGNE} ; ses indicateurs vaudront zéro", Gravite.AVERTISSEMENT)]
