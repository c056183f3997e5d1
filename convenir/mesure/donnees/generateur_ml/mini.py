"""Small explicit worlds, to check by eye: written from rows a person can read, as CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from convenir.mesure.donnees.formats import Disposition, TypeColonne, Vue, tables_missions_locales
from convenir.mesure.donnees.formats.arrow import schema_arrow
from convenir.socle.commun.lecture_yaml import lire_yaml_sur

Ligne = Mapping[str, Any]
Forme = Literal["csv", "parquet"]


@dataclass(frozen=True)
class Attendu:
    """A value of the tiny world, counted by hand: year 2025, or 31 December 2025 for a stock."""

    niveau: str
    code: str
    indicateur: str
    dispositif: str
    numerateur: Decimal
    denominateur: Decimal | None


@cache
def _mini() -> dict[str, Any]:
    lu: dict[str, Any] = lire_yaml_sur(Path(__file__).with_name("mini.yaml").read_text(encoding="utf-8"))
    return lu


def tables_mini() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the tiny world by table, free to be changed by the caller; `mini.yaml` tells its story."""
    return {table: [dict(ligne) for ligne in lignes] for table, lignes in _mini()["tables"].items()}


def attendus_mini() -> list[Attendu]:
    """Return the values of the tiny world counted by hand."""
    return [
        Attendu(niveau, code, indicateur, dispositif, Decimal(str(num)), None if den is None else Decimal(str(den)))
        for niveau, code, indicateur, dispositif, num, den in _mini()["attendus"]
    ]


def generer_mini_ml(
    sortie: Path,
    *,
    forme: Forme = "csv",
    en_plus: Mapping[str, Sequence[Ligne]] | None = None,
    sans: Iterable[str] = (),
) -> dict[str, Path]:
    """Write the tiny world: two missions locales, eight youths, the year 2025; returns the files by table.

    Args:
        sortie: folder, created if absent.
        en_plus: rows added to those of the tiny world, by table.
        sans: tables that are not written at all.
    """
    tables = tables_mini()
    for table, lignes in (en_plus or {}).items():
        tables[table] = [*tables[table], *map(dict, lignes)]
    return ecrire_tables_ml(sortie, tables, forme=forme, sans=sans)


def ecrire_tables_ml(
    sortie: Path, tables: Mapping[str, Sequence[Ligne]], *, forme: Forme = "csv", sans: Iterable[str] = ()
) -> dict[str, Path]:
    """Write explicit rows, one file for each of the nineteen tables; a table without a row is written empty.

    As CSV, columns dropped on entry are written as received and a value is written as it is, so that a wrong one can
    be tested; as Parquet, only kept columns are written, with their types.

    Raises:
        KeyError: unknown table or column.
        pyarrow.ArrowInvalid: as Parquet, a value of the wrong type.
    """
    vues = tables_missions_locales()
    inconnues = tables.keys() - vues.keys()
    if inconnues:
        raise KeyError(f"Tables inconnues : {', '.join(sorted(inconnues))}.")
    sortie.mkdir(parents=True, exist_ok=True)
    ecrire = _ecrire_csv if forme == "csv" else _ecrire_parquet
    chemins = {}
    for nom in [n for n in vues if n not in set(sans)]:
        lignes = tables.get(nom, ())
        _verifier(vues[nom], lignes)
        chemins[nom] = sortie / f"{nom}.{forme}"
        ecrire(chemins[nom], vues[nom], lignes)
    return chemins


def _verifier(vue: Vue, lignes: Sequence[Ligne]) -> None:
    inconnues = {nom for ligne in lignes for nom in ligne if vue.colonne(nom) is None}
    if inconnues:
        raise KeyError(f"Colonnes inconnues de {vue.nom} : {', '.join(sorted(inconnues))}.")


def _ecrire_csv(chemin: Path, vue: Vue, lignes: Sequence[Ligne]) -> None:
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        ecrivain = csv.writer(fichier, lineterminator="\n")
        ecrivain.writerow(c.nom for c in vue.colonnes)
        ecrivain.writerows([_texte(ligne.get(c.nom)) for c in vue.colonnes] for ligne in lignes)


def _texte(valeur: object) -> str:
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    return valeur.isoformat(timespec="seconds") if isinstance(valeur, datetime) else str(valeur)


def _ecrire_parquet(chemin: Path, vue: Vue, lignes: Sequence[Ligne]) -> None:
    decimales = {c.nom for c in vue.colonnes if c.type is TypeColonne.DECIMAL}
    gardees = [c.nom for c in vue.colonnes if c.disposition is not Disposition.SUPPRIMER]
    contenu = [
        {n: Decimal(str(ligne[n])) if n in decimales and ligne.get(n) is not None else ligne.get(n) for n in gardees}
        for ligne in lignes
    ]
    pq.write_table(pa.Table.from_pylist(contenu, schema=schema_arrow(vue)), chemin)
