"""What replaces an identity before anything is written: keyed hash, month of birth, presence, mask."""

from __future__ import annotations

import hmac
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from convenir.mesure.donnees.formats import Colonne, Disposition
from convenir.mesure.donnees.reception.anomalies import MASQUE

_DATE_ISO = r"^\s*(?P<annee>[0-9]{4})-(?P<mois>[0-9]{2})(?:-(?P<jour>[0-9]{2}))?(?:[T ][0-9:.]+)?\s*$"
_DATE = r"^\s*(?P<jour>[0-9]{2})/(?P<mois>[0-9]{2})/(?P<annee>[0-9]{4})(?:\s+[0-9:]+)?\s*$"
_IDENTIFIANTE = r"[0-9]{6,}|@"
_LONGUEURS = np.array((31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), dtype=np.int32)
_JOURS_DU_MOIS = pa.Array.from_buffers(pa.int32(), 12, [None, pa.py_buffer(_LONGUEURS)])


class Pseudonymiseur:
    """Replaces the values of personal columns, batch by batch; the same key gives the same pseudonyms for ever."""

    def __init__(self, cle: str) -> None:
        if not cle:
            raise ValueError("La clé des pseudonymes est vide.")
        self._cle = cle.encode()

    def remplacer(self, colonne: Colonne, valeurs: pa.Array) -> pa.Array:
        """Return what the copy keeps of a column; the values received appear in no error.

        Raises:
            ValueError: the column is dropped, it has nothing to give.
        """
        if colonne.disposition is Disposition.PSEUDONYME:
            return self.pseudonymes(valeurs)
        if colonne.disposition is Disposition.MOIS:
            mois = mois_de_naissance(valeurs)
            return mois if colonne.devient else premier_du_mois(mois)
        if colonne.disposition is Disposition.PRESENCE:
            return presence(valeurs)
        if colonne.disposition is Disposition.SUPPRIMER:
            raise ValueError(f"La colonne {colonne.nom} n'est pas conservée.")
        if colonne.valeurs:
            return masquer_hors_liste(valeurs, colonne.valeurs)
        return masquer_hors_forme(valeurs, colonne.motif) if colonne.motif else valeurs

    def pseudonymes(self, nirs: pa.Array) -> pa.Array:
        """HMAC-SHA-256, in hexadecimal, of each NIR without its spaces and in capitals; nothing stays nothing."""
        nets = pc.utf8_upper(pc.replace_substring_regex(nirs, r"\s", "")).dictionary_encode()
        cle, condenser = self._cle, hmac.digest
        # A person has several rows in a row: each is digested once a batch.
        faits = [condenser(cle, n.encode(), "sha256").hex() if n else None for n in nets.dictionary.to_pylist()]
        return pc.take(_textes(faits), nets.indices)


def _textes(valeurs: list[str | None]) -> pa.Array:
    """Build an array of ASCII texts from its buffers: `pa.array` would load pandas wherever it is installed."""
    longueurs = np.fromiter((len(v) if v else 0 for v in valeurs), dtype=np.int32, count=len(valeurs))
    bornes = np.concatenate((np.zeros(1, dtype=np.int32), np.cumsum(longueurs, dtype=np.int32)))
    presents = np.packbits(longueurs > 0, bitorder="little")
    octets = "".join(v for v in valeurs if v).encode()
    tampons = [pa.py_buffer(presents), pa.py_buffer(bornes), pa.py_buffer(octets)]
    return pa.Array.from_buffers(pa.string(), len(valeurs), tampons)


def mois_de_naissance(dates: pa.Array) -> pa.Array:
    """Turn `JJ/MM/AAAA` or `AAAA-MM-JJ` into `AAAA-MM`.

    A date that does not exist becomes a mask, which the row checks set aside.
    """
    champs = pc.extract_regex(_en_francais(pc.fill_null(dates, "")), _DATE)
    entiers = [pc.cast(pc.struct_field(champs, [nom]), pa.int32()) for nom in ("jour", "mois", "annee")]
    mois = pc.binary_join_element_wise(*(pc.struct_field(champs, [n]) for n in ("annee", "mois")), "-")
    existe = pc.fill_null(_existe(*entiers), False)
    return pc.if_else(pc.is_null(dates), pa.scalar(None, pa.string()), pc.if_else(existe, mois, MASQUE))


def _en_francais(dates: pa.Array) -> pa.Array:
    """Write `AAAA-MM-JJ` and `AAAA-MM` as `JJ/MM/AAAA`; anything else stays as it is."""
    champs = pc.extract_regex(dates, _DATE_ISO)
    annee, mois, jour = (pc.struct_field(champs, [nom]) for nom in ("annee", "mois", "jour"))
    jour = pc.if_else(pc.fill_null(pc.equal(jour, ""), False), "01", jour)
    return pc.coalesce(pc.binary_join_element_wise(jour, mois, annee, "/"), dates)


def premier_du_mois(mois: pa.Array) -> pa.Array:
    """Turn `AAAA-MM` into the first day of the month; a mask stays a mask."""
    return pc.if_else(pc.equal(mois, MASQUE), MASQUE, pc.binary_join_element_wise(mois, "01", "-"))


def _existe(jour: Any, mois: Any, annee: Any) -> Any:
    """Tell which days are in the calendar, between 1900 and 2100."""
    bornes = (pc.greater_equal(jour, 1), pc.greater_equal(mois, 1), pc.less_equal(mois, 12))
    siecles = (pc.greater_equal(annee, 1900), pc.less_equal(annee, 2100))
    rang = pc.if_else(pc.and_(bornes[1], bornes[2]), pc.subtract(mois, 1), 0)
    longueur = pc.take(_JOURS_DU_MOIS, rang)
    modulo = {n: pc.equal(pc.subtract(annee, pc.multiply(pc.divide(annee, n), n)), 0) for n in (4, 100, 400)}
    bissextile = pc.or_(pc.and_not(modulo[4], modulo[100]), modulo[400])
    longueur = pc.if_else(pc.and_(pc.equal(mois, 2), pc.invert(bissextile)), 28, longueur)
    vrai = pc.less_equal(jour, longueur)
    for condition in (*bornes, *siecles):
        vrai = pc.and_(vrai, condition)
    return vrai


def presence(valeurs: pa.Array) -> pa.Array:
    """Say `true` where something is written, `false` elsewhere."""
    return pc.if_else(pc.is_valid(valeurs), "true", "false")


def masquer_hors_forme(valeurs: pa.Array, motif: str) -> pa.Array:
    """Mask the values that do not have the expected form: a shifted field could be a name or a NIR."""
    conforme = pc.match_substring_regex(valeurs, rf"^\s*(?:{motif})\s*$")
    return pc.if_else(pc.fill_null(conforme, True), valeurs, MASQUE)


def masquer_hors_liste(valeurs: pa.Array, codes: tuple[str, ...]) -> pa.Array:
    """Mask, among the values that are no code, those that look like a number of person or an address."""
    connues = pc.is_in(valeurs, value_set=pa.array(codes, pa.string()))
    suspectes = pc.fill_null(pc.match_substring_regex(valeurs, _IDENTIFIANTE), False)
    return pc.if_else(pc.and_not(suspectes, connues), MASQUE, valeurs)


def nombre_de_masques(valeurs: pa.Array) -> int:
    """Count the masked values of a column."""
    return int(pc.sum(pc.fill_null(pc.equal(valeurs, MASQUE), False)).as_py() or 0)
