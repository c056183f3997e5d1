"""From arrays of numbers to Arrow columns; -1, or what a mask hides, is an empty value."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pyarrow as pa

_CHIFFRES = np.frombuffer(b"".join(f"{octet:02x}".encode() for octet in range(256)), np.uint8).reshape(256, 2)
_BITS = 48
_MASQUE = np.uint64((1 << _BITS) - 1)
LONGUEUR_DU_PSEUDONYME = 12


def pseudonymes(personnes: np.ndarray, graine: int) -> pa.Array:
    """Pseudonyms of twelve hexadecimal digits: two persons never share one, a person keeps hers in every file.

    Args:
        personnes: numbers below 2^48.
        graine: another seed gives other pseudonyms.
    """
    x = personnes.astype(np.uint64) ^ np.uint64((graine * 0x9E3779B97F4A7C15) & ((1 << _BITS) - 1))
    for facteur in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):  # odd factors: each step can be undone
        x = (x * np.uint64(facteur)) & _MASQUE
        x ^= x >> np.uint64(_BITS // 2)
    octets = x.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 2:]
    contenu = np.ascontiguousarray(_CHIFFRES[octets]).reshape(-1)
    bornes = np.arange(len(x) + 1, dtype=np.int32) * LONGUEUR_DU_PSEUDONYME
    return pa.StringArray.from_buffers(len(x), pa.py_buffer(bornes), pa.py_buffer(contenu))


def identifiants(rang: int, nombre: int) -> pa.Array:
    """Identifiers that follow one another, unique in the country: rank of the département, then nine digits."""
    return pa.array(np.arange(nombre, dtype=np.int64) + rang * 10**9 + 1).cast(pa.string())


def prendre(table: pa.Array, rangs: np.ndarray) -> pa.Array:
    """Values of a table by rank; a negative rank is empty."""
    absents = rangs < 0
    return table.take(pa.array(rangs, mask=absents) if absents.any() else pa.array(rangs))


def textes(codes: Sequence[str], rangs: np.ndarray) -> pa.Array:
    """Codes by rank; a negative rank is empty."""
    return prendre(pa.array(list(codes), type=pa.string()), rangs)


def decimaux(valeurs: Sequence[str], rangs: np.ndarray, echelle: int) -> pa.Array:
    """Decimals by rank among a few values; a negative rank is empty."""
    table = pa.array([Decimal(v) for v in valeurs], type=pa.decimal128(18, echelle))
    return prendre(table, rangs)


def jours(valeurs: np.ndarray, vides: np.ndarray | None = None) -> pa.Array:
    """Days since 1970, empty where `vides`."""
    return pa.array(valeurs.astype(np.int32), mask=vides).view(pa.date32())


def instants(jour: np.ndarray, seconde: np.ndarray) -> pa.Array:
    """Instants, from a day and a second of that day."""
    return pa.array((jour.astype(np.int64) * 86_400 + seconde) * 1_000).view(pa.timestamp("ms"))


def booleens(valeurs: np.ndarray, vides: np.ndarray | None = None) -> pa.Array:
    """Booleans, empty where `vides`."""
    return pa.array(valeurs.astype(bool), mask=vides)


def vides(nombre: int, genre: pa.DataType) -> pa.Array:
    """A column without a value."""
    return pa.nulls(nombre, genre)


def sirets_fictifs(numeros: np.ndarray) -> pa.Array:
    """SIRET of the never attributed range `000…`, Luhn-valid; numbers below 100,000 × 9,999."""
    siren, etablissement = numeros % 100_000, numeros // 100_000 + 1
    debut = _avec_cle(siren * 10, 8) if len(numeros) else siren
    corps = debut * 10_000 + etablissement
    return _sur_quatorze(_avec_cle(corps * 10, 13))


def _avec_cle(nombre: np.ndarray, chiffres: int) -> np.ndarray:
    """Complete `nombre`, which ends with a zero, by its Luhn digit."""
    total, reste = np.zeros(len(nombre), np.int64), nombre // 10
    for rang in range(chiffres):
        chiffre = reste % 10 * (2 if rang % 2 == 0 else 1)
        total += chiffre - 9 * (chiffre > 9)
        reste = reste // 10
    return nombre + (-total % 10)


def _sur_quatorze(nombres: np.ndarray) -> pa.Array:
    poids = 10 ** np.arange(13, -1, -1, dtype=np.int64)
    contenu = (nombres[:, None] // poids % 10 + ord("0")).astype(np.uint8)
    bornes = np.arange(len(nombres) + 1, dtype=np.int32) * 14
    return pa.StringArray.from_buffers(len(nombres), pa.py_buffer(bornes), pa.py_buffer(np.ascontiguousarray(contenu)))
