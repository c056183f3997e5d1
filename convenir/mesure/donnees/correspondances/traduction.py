"""Texts of an export written as the published format writes them, column by column, as fast as Arrow does."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from convenir.mesure.donnees.correspondances.modele import ColonneChoisie, forme_de_date
from convenir.mesure.donnees.formats import Colonne, TypeColonne

VRAI, FAUX = "true", "false"
# A year written with two digits is of this century up to this one.
SIECLE = "49"


def traduire(colonne: Colonne, choisie: ColonneChoisie, valeurs: pa.Array) -> pa.Array:
    """Return the texts of a column once its codes, its dates and its yes and no are read.

    A text that the mapping does not know stays as it is: the control then says that it cannot be read.
    """
    if choisie.valeurs:
        valeurs = _remplacer(valeurs, choisie.valeurs)
    if choisie.vrai or choisie.faux:
        valeurs = _remplacer(valeurs, {**dict.fromkeys(choisie.vrai, VRAI), **dict.fromkeys(choisie.faux, FAUX)})
    if choisie.date:
        valeurs = _dater(valeurs, forme_de_date(choisie.date), heure=colonne.type is TypeColonne.HORODATAGE)
    return valeurs


def _remplacer(valeurs: pa.Array, codes: Mapping[str, str]) -> pa.Array:
    """Replace whole texts, spaces around them apart."""
    rangs = pc.index_in(pc.utf8_trim_whitespace(valeurs), value_set=pa.array(list(codes), pa.string()))
    trouves = pc.take(pa.array(list(codes.values()), pa.string()), rangs)
    return pc.coalesce(trouves, valeurs)


def _dater(valeurs: pa.Array, forme: str, *, heure: bool) -> pa.Array:
    """Write dates as `AAAA-MM-JJ`, instants as `AAAA-MM-JJTHH:MM:SS`; the calendar is checked later."""
    lus = pc.extract_regex(valeurs, forme)
    presents = {c.name for c in lus.type}
    parts = {nom: pc.struct_field(lus, [nom]) for nom in presents}
    annee = parts["annee"]
    if "[0-9]{4}" not in forme:
        annee = pc.if_else(pc.greater(parts["annee"], SIECLE), pc.binary_join_element_wise("19", parts["annee"], ""),
                           pc.binary_join_element_wise("20", parts["annee"], ""))  # fmt: skip
    ecrites = pc.binary_join_element_wise(annee, *(_deux(parts[n]) for n in ("mois", "jour")), "-")
    if heure and "heure" in presents:
        heures = [_deux(parts[n]) if n in presents else pa.scalar("00") for n in ("heure", "minute", "seconde")]
        ecrites = pc.binary_join_element_wise(ecrites, pc.binary_join_element_wise(*heures, ":"), "T")
    return pc.coalesce(ecrites, valeurs)


def _deux(chiffres: pa.Array) -> pa.Array:
    return pc.utf8_lpad(chiffres, 2, "0")
