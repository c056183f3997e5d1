"""The typed form of a described view: what a Parquet file of it holds."""

from __future__ import annotations

import pyarrow as pa

from convenir.mesure.donnees.formats.schema import Colonne, TypeColonne, Vue

PRECISION = 18
_TYPES = {
    TypeColonne.ENTIER: pa.int64(),
    TypeColonne.TEXTE: pa.string(),
    TypeColonne.DATE: pa.date32(),
    TypeColonne.HORODATAGE: pa.timestamp("ms"),
    TypeColonne.BOOLEEN: pa.bool_(),
    TypeColonne.DUREE: pa.string(),
}


def type_arrow(colonne: Colonne) -> pa.DataType:
    """Arrow type of the checked values of a column; a decimal has eighteen digits and its own scale."""
    if colonne.type is TypeColonne.DECIMAL:
        return pa.decimal128(PRECISION, colonne.echelle or 0)
    return _TYPES[colonne.type]


def schema_arrow(vue: Vue) -> pa.Schema:
    """Arrow schema of the columns kept of a view, in the order of the description."""
    return pa.schema([(colonne.nom_conserve, type_arrow(colonne)) for colonne in vue.conservees])
