"""The tables of a folder, CSV or Parquet: only the columns used, typed as the published Table Schema says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import duckdb

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.formats import TypeColonne, tables_missions_locales
from convenir.mesure.indicateurs.moteurs import Moteur, Requete
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
    """Reads of the tables by an engine."""

    moteur: Moteur
    dossier: Dossier
    colonnes: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def base(self) -> duckdb.DuckDBPyConnection:
        """Database of this machine that finishes the calculation."""
        return self.moteur.base

    @cached_property
    def locales(self) -> Tables:
        """The same tables read on this machine: the network and what is declared for it, a few thousand rows."""
        return self if self.moteur.local is self.moteur else Tables(self.moteur.local, self.dossier)

    def a(self, *tables: str) -> bool:
        """Tell whether every table is there."""
        return self.dossier.a(*tables)

    def creer(self, nom: str, requete: str) -> None:
        """Keep the rows of a query for the queries that follow."""
        self.moteur.creer(nom, Requete(requete))

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
        return f"SELECT {choisies} FROM lue_{table}"

    def _sans_ml(self, table: str) -> bool:
        if "ml_id" not in self._presentes(table):
            return True
        return bool(self.moteur.un(Requete(f"SELECT count(*) FROM lue_{table} WHERE ml_id IS NULL"))[0])

    def _avec_ml(self, table: str, voulues: Iterable[str], types: dict[str, str]) -> str:
        """Read with the mission locale of the youth, when there is only one, where the row has none."""
        presentes = self._presentes(table)
        self._presentes("jeune")
        ml = "coalesce(CAST(x.ml_id AS VARCHAR), u.ml_id)" if "ml_id" in presentes else "u.ml_id"
        choisies = ", ".join(
            f"{ml} AS ml_id"
            if c == "ml_id"
            else f"CAST({f'x.{c}' if c in presentes else 'NULL'} AS {types[c]}) AS {c}"
            for c in voulues
        )
        return (
            f"SELECT {choisies} FROM lue_{table} AS x LEFT JOIN (SELECT CAST(jeune_id AS VARCHAR) AS jeune_id, "
            "CAST(min(ml_id) AS VARCHAR) AS ml_id FROM lue_jeune GROUP BY CAST(jeune_id AS VARCHAR) "
            "HAVING min(ml_id) = max(ml_id)) AS u ON u.jeune_id = CAST(x.jeune_id AS VARCHAR)"
        )

    def _presentes(self, table: str) -> frozenset[str]:
        if table not in self.colonnes:
            motif = self.dossier.motifs[table]
            try:
                self.colonnes[table] = self.moteur.lire_table(f"lue_{table}", motif)
            except RuntimeError:  # an interruption says nothing of the file
                raise
            except Exception as erreur:
                raise EntreeInvalide(
                    f"{Path(motif).name} ne se lit pas. Attendu : CSV UTF-8 à virgules, ou Parquet."
                ) from erreur
        return self.colonnes[table]


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
    return str(valeur).lower() if isinstance(valeur, int) else texte(str(valeur))
