"""Fast writing of rows: columns are Arrow string arrays, joined at once into the bytes of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from convenir.mesure.donnees.generateur.calendrier import jour_de
from convenir.mesure.donnees.generateur.ecriture import SEPARATEUR, FichierFluxIAE

# A column is a constant text, an array of texts, or pieces set end to end (« 1234 », « . », « 56 »).
Piece: TypeAlias = "str | pa.Array"
Colonne: TypeAlias = "Piece | Sequence[Piece]"

_PREMIER_JOUR, _DERNIER_JOUR = date(1930, 1, 1), date(2050, 12, 31)


@cache
def _table_des_jours() -> pa.Array:
    jours = range(_PREMIER_JOUR.toordinal(), _DERNIER_JOUR.toordinal() + 1)
    return pa.array(["", *(f"{date.fromordinal(j):%d/%m/%Y}" for j in jours)])


@cache
def _table_a_deux_chiffres() -> pa.Array:
    return pa.array([f"{n:02d}" for n in range(100)])


@cache
def _table_a_quatre_chiffres() -> pa.Array:
    return pa.array([f"{n:04d}" for n in range(10_000)])


def choisir(textes: Sequence[str] | pa.Array, rangs: np.ndarray) -> pa.Array:
    """Texts chosen by rank."""
    table = textes if isinstance(textes, pa.Array) else pa.array(list(textes), type=pa.string())
    return table.take(pa.array(rangs))


def jours(valeurs: np.ndarray, present: np.ndarray | None = None) -> pa.Array:
    """Days written JJ/MM/AAAA; empty where `present` is false."""
    rangs = valeurs - jour_de(_PREMIER_JOUR) + 1
    return choisir(_table_des_jours(), rangs if present is None else np.where(present, rangs, 0))


def entiers(valeurs: np.ndarray, present: np.ndarray | None = None) -> pa.Array:
    """Whole numbers; empty where `present` is false."""
    textes = pc.cast(pa.array(valeurs), pa.string())
    return textes if present is None else vider(textes, present)


def vider(textes: pa.Array, present: np.ndarray) -> pa.Array:
    """Empty the cells where `present` is false."""
    return pc.if_else(pa.array(present), textes, "")


def booleens(valeurs: np.ndarray) -> pa.Array:
    """`true` or `false`."""
    return choisir(("false", "true"), valeurs.astype(np.int8))


def centiemes(valeurs: np.ndarray) -> list[Piece]:
    """Hundredths written with a decimal point: 123456 gives 1234.56; values are not negative."""
    return [entiers(valeurs // 100), ".", choisir(_table_a_deux_chiffres(), valeurs % 100)]


def dix_milliemes(valeurs: np.ndarray) -> list[Piece]:
    """Ten-thousandths written with a decimal point; values are not negative."""
    return [entiers(valeurs // 10_000), ".", choisir(_table_a_quatre_chiffres(), valeurs % 10_000)]


def rendre(colonnes: Sequence[str], valeurs: Mapping[str, Colonne]) -> pa.Array:
    """Join columns into rows ended by a line feed; an absent column is empty.

    Raises:
        ValueError: if a value is given for a column the view does not have.
    """
    inconnues = valeurs.keys() - set(colonnes)
    if inconnues:
        raise ValueError(f"Colonnes inconnues de la vue : {', '.join(sorted(inconnues))}.")
    morceaux: list[Piece] = []
    for rang, nom in enumerate(colonnes):
        if rang:
            morceaux.append(SEPARATEUR)
        valeur = valeurs.get(nom, "")
        morceaux += [valeur] if isinstance(valeur, str | pa.Array) else valeur
    morceaux.append("\n")
    return pc.binary_join_element_wise(*_fondre(morceaux), "")


def _fondre(morceaux: Iterable[Piece]) -> list[Piece]:
    """Merge constants that touch, so that a hundred empty columns cost one."""
    fondus: list[Piece] = []
    for morceau in morceaux:
        if isinstance(morceau, str) and fondus and isinstance(fondus[-1], str):
            fondus[-1] += morceau
        else:
            fondus.append(morceau)
    return fondus


def octets(lignes: pa.Array) -> memoryview:
    """Content of an array of rows, without copy."""
    debut, fin = (np.frombuffer(lignes.buffers()[1], np.int32)[lignes.offset + k] for k in (0, len(lignes)))
    return memoryview(lignes.buffers()[2])[debut:fin]


def ecrire(fichier: FichierFluxIAE, valeurs: Mapping[str, Colonne], lignes: int) -> pa.Array:
    """Append `lignes` rows to a file and return them."""
    rendues = rendre(fichier.colonnes, valeurs) if lignes else pa.array([], type=pa.string())
    if lignes:
        fichier.ecrire_octets(octets(rendues), lignes)
    return rendues
