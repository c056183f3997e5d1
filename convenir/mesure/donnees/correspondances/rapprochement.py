"""Which column of the format a header most likely is: same words, known synonyms, then close spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from convenir.mesure.donnees.formats import Vue, tables_missions_locales
from convenir.socle.commun.lecture_yaml import lire_yaml_sur

PROCHE = 0.82
# Words that say nothing of what a column holds.
_VIDES = {"de", "du", "des", "la", "le", "les", "l", "d", "en", "a", "un", "une", "code", "date"}


@cache
def synonymes() -> dict[str, tuple[str, ...]]:
    """Return the headers met in exports, by column of the format; a column may be written `table.colonne`."""
    lus = lire_yaml_sur(Path(__file__).with_name("synonymes.yaml").read_text(encoding="utf-8"))
    return {colonne: tuple(map(cle, mots)) for colonne, mots in lus.items()}


def cle(entete: str) -> str:
    """Return a header as it is compared: no accent, lower case, words apart by one space."""
    plat = unicodedata.normalize("NFD", entete.lower()).encode("ascii", "ignore").decode()
    return " ".join(re.findall(r"[a-z0-9]+", plat))


def proposer(vue: Vue, entetes: Sequence[str]) -> dict[str, str]:
    """Return the header proposed for each column of a table; a header serves once, the surest match first."""
    notes = sorted(
        ((_note(vue.nom, nom, vue.par_nom[nom].titre, entete), rang, nom, entete)
         for nom in (c.nom for c in vue.colonnes) for rang, entete in enumerate(entetes)),
        key=lambda n: (-n[0], n[1]),
    )  # fmt: skip
    proposes: dict[str, str] = {}
    for note, _, nom, entete in notes:
        if note >= PROCHE and nom not in proposes and entete not in proposes.values():
            proposes[nom] = entete
    return proposes


def _note(table: str, colonne: str, titre: str, entete: str) -> float:
    """Return how sure it is that a header is a column, from 0 to 1."""
    ecrit = cle(entete)
    noms = [cle(colonne), cle(titre)]
    if ecrit in noms:
        return 1.0
    connus = (*synonymes().get(f"{table}.{colonne}", ()), *synonymes().get(colonne, ()))
    if ecrit in connus:
        return 0.95
    pleins = _pleins(ecrit)
    if not pleins:
        return 0.0
    return (
        max(SequenceMatcher(None, pleins, _pleins(n)).ratio() if _pleins(n) else 0.0 for n in (*noms, *connus)) * 0.94
    )


def _pleins(mots: str) -> str:
    return " ".join(m for m in mots.split() if m not in _VIDES)


def table_probable(nom: str, entetes: Sequence[str], prises: Iterable[str] = ()) -> str:
    """Return the table that a file most likely is, by its name then by its headers; empty if nothing says it."""
    vues: Mapping[str, Vue] = {n: v for n, v in tables_missions_locales().items() if n not in set(prises)}
    radical = cle(re.sub(r"\.(csv|txt|parquet|gz)", "", nom.lower()))
    for table in sorted(vues, key=len, reverse=True):
        if cle(table) == radical:
            return table
    notes = {table: _part_reconnue(vue, entetes) for table, vue in vues.items()}
    meilleure = max(notes, key=lambda t: notes[t], default="")
    return meilleure if meilleure and notes[meilleure] >= 0.5 else ""


def _part_reconnue(vue: Vue, entetes: Sequence[str]) -> float:
    """Return the share of the columns recognised, mandatory ones first."""
    proposes = set(proposer(vue, entetes))
    exigees = {c.nom for c in vue.colonnes if c.obligatoire}
    propres = {c.nom for c in vue.colonnes} - {"jeune_id", "ml_id"}
    if not exigees or not proposes & propres:
        return 0.0
    return 0.7 * len(proposes & exigees) / len(exigees) + 0.3 * len(proposes & propres) / max(1, len(propres))
