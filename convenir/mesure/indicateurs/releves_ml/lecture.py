# ruff: noqa: E501 - a SQL clause stays on its line
"""The tables of a folder, CSV or Parquet: only the columns used, typed as the published Table Schema says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from convenir.mesure.donnees.formats import TypeColonne, tables_missions_locales
from convenir.mesure.indicateurs.connexion import texte
from convenir.socle.commun.erreurs import EntreeInvalide

TYPES = {
    TypeColonne.ENTIER: "BIGINT", TypeColonne.TEXTE: "VARCHAR", TypeColonne.DATE: "DATE",
    TypeColonne.HORODATAGE: "TIMESTAMP", TypeColonne.BOOLEEN: "BOOLEAN", TypeColonne.DUREE: "VARCHAR",
}  # fmt: skip
# Tables of a youth whose file may lack the mission locale: it is then that of the youth, when there is only one.
ML_DEDUITE = ("jeune_etat", "proposition", "situation", "mise_en_relation", "periode_entreprise", "parrainage")
INDISPENSABLES = ("structure", "jeune")


@dataclass(frozen=True)
class Dossier:
    """A folder of records: the file, or files, of each table present."""

    chemin: Path
    motifs: dict[str, str]

    def a(self, *tables: str) -> bool:
        """Tell whether every table is there."""
        return all(t in self.motifs for t in tables)


def ouvrir_dossier(chemin: Path) -> Dossier:
    """Find the tables of a folder: `<table>.parquet`, `<table>.csv`, or the records left by an import.

    Raises:
        EntreeInvalide: no such folder, or neither `structure` nor `jeune` in it.
    """
    if not chemin.is_dir():
        raise EntreeInvalide(f"{chemin} n'est pas un dossier. Donnez celui qui contient les tables (jeune.csv, …).")
    motifs = {}
    for table in tables_missions_locales():
        candidats = (f"{table}.parquet", f"{table}.csv", f"{table}/enregistrements/**/*.parquet", f"{table}/*.parquet")
        trouve = next((c for c in candidats if any(chemin.glob(c))), None)
        if trouve:
            motifs[table] = str(chemin.resolve() / trouve)
    for table in INDISPENSABLES:
        if table not in motifs:
            raise EntreeInvalide(
                f"Le dossier {chemin.name} n'a pas de table « {table} » ({table}.csv ou {table}.parquet). "
                "Sans elle, aucun jeune ni aucune mission locale n'est connu."
            )
    return Dossier(chemin.resolve(), motifs)


@dataclass
class Tables:
    """Reads of the tables by a connection."""

    base: duckdb.DuckDBPyConnection
    dossier: Dossier
    colonnes: dict[str, frozenset[str]] = field(default_factory=dict)

    def a(self, *tables: str) -> bool:
        """Tell whether every table is there."""
        return self.dossier.a(*tables)

    def lire(self, table: str, *voulues: str) -> str:
        """Return the SELECT of some columns, NULL where the file has not got them; no row if the table is absent.

        Raises:
            EntreeInvalide: the file cannot be read.
        """
        vue = tables_missions_locales()[table]
        types = {c.nom: _type(c.type, c.echelle or 0) for c in vue.conservees}
        if table not in self.dossier.motifs:
            return f"SELECT {', '.join(f'CAST(NULL AS {types[c]}) AS {c}' for c in voulues)} WHERE false"
        presentes = self._presentes(table)
        absentes = [c for c in vue.cle if c not in presentes and not (c == "ml_id" and table in ML_DEDUITE)]
        if absentes:
            raise EntreeInvalide(
                f"La table {table} n'a pas de colonne « {absentes[0]} », sans laquelle rien ne se lit."
            )
        if "ml_id" in voulues and table in ML_DEDUITE and self._sans_ml(table):
            return self._avec_ml(table, voulues, types)
        choisies = ", ".join(f"CAST({c if c in presentes else 'NULL'} AS {types[c]}) AS {c}" for c in voulues)
        return f"SELECT {choisies} FROM {self._source(table)}"

    def _sans_ml(self, table: str) -> bool:
        if "ml_id" not in self._presentes(table):
            return True
        ligne = self.base.execute(
            f"SELECT coalesce(bool_or(ml_id IS NULL), false) FROM {self._source(table)}"
        ).fetchone()
        return bool(ligne and ligne[0])

    def _avec_ml(self, table: str, voulues: Iterable[str], types: dict[str, str]) -> str:
        presentes = self._presentes(table)
        ml = "coalesce(CAST(x.ml_id AS VARCHAR), u.ml_id)" if "ml_id" in presentes else "u.ml_id"
        choisies = ", ".join(
            f"{ml} AS ml_id"
            if c == "ml_id"
            else f"CAST({f'x.{c}' if c in presentes else 'NULL'} AS {types[c]}) AS {c}"
            for c in voulues
        )
        return (
            f"SELECT {choisies} FROM {self._source(table)} AS x LEFT JOIN (SELECT CAST(jeune_id AS VARCHAR) AS jeune_id, "
            f"CAST(min(ml_id) AS VARCHAR) AS ml_id FROM {self._source('jeune')} GROUP BY ALL "
            "HAVING count(DISTINCT ml_id) = 1) AS u ON u.jeune_id = CAST(x.jeune_id AS VARCHAR)"
        )

    def _presentes(self, table: str) -> frozenset[str]:
        if table not in self.colonnes:
            try:
                lignes = self.base.execute(f"DESCRIBE SELECT * FROM {self._source(table)}").fetchall()
            except duckdb.Error as erreur:
                nom = Path(self.dossier.motifs[table]).name
                raise EntreeInvalide(f"{nom} ne se lit pas. Attendu : CSV UTF-8 à virgules, ou Parquet.") from erreur
            self.colonnes[table] = frozenset(ligne[0] for ligne in lignes)
        return self.colonnes[table]

    def _source(self, table: str) -> str:
        motif = self.dossier.motifs[table]
        if motif.endswith(".csv"):
            return f"read_csv({texte(motif)}, header=true, delim=',', quote='\"', all_varchar=true, nullstr='')"
        return f"read_parquet({texte(motif)}, union_by_name=true, hive_partitioning=false)"


def _type(type_: TypeColonne, echelle: int) -> str:
    return f"DECIMAL(18,{echelle})" if type_ is TypeColonne.DECIMAL else TYPES[type_]


def table(
    base: duckdb.DuckDBPyConnection, nom: str, colonnes: Mapping[str, str], lignes: Iterable[tuple[object, ...]]
) -> None:
    """Make a table of a few thousand rows in one statement."""
    declarees = ", ".join(f"{c} {t}" for c, t in colonnes.items())
    base.execute(f"CREATE OR REPLACE TEMP TABLE {nom} ({declarees})")
    valeurs = ", ".join("(" + ", ".join(_litteral(v) for v in ligne) + ")" for ligne in lignes)
    if valeurs:
        base.execute(f"INSERT INTO {nom} VALUES {valeurs}")


def _litteral(valeur: object) -> str:
    return str(valeur) if isinstance(valeur, int) else texte(str(valeur))
