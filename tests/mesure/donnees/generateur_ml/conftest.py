from __future__ import annotations

from copy import copy
from pathlib import Path

import duckdb
import pytest

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.generateur_ml import generer_ml


class Monde:
    """A generated folder, its summary, and its tables as DuckDB views."""

    def __init__(self, dossier: Path, **demande: object) -> None:
        self.dossier = dossier
        self.resume = generer_ml(dossier, **demande)
        self.base = duckdb.connect()
        for table in tables_missions_locales():
            self.base.execute(f"CREATE VIEW {table} AS SELECT * FROM '{dossier / table}.parquet'")

    def sans(self, ecartees: set[tuple[str, str]], cles: dict[str, str]) -> Monde:
        """The same folder, without the rows of these keys (table, key) and with identical rows counted once."""
        autre = copy(self)
        autre.base = duckdb.connect()
        for table in tables_missions_locales():
            retirees = ", ".join(f"'{cle}'" for nom, cle in ecartees if nom == table) or "''"
            gardees = f"WHERE {cles[table]} NOT IN ({retirees})" if table in cles else ""
            fichier = self.dossier / f"{table}.parquet"
            autre.base.execute(f"CREATE TABLE {table} AS SELECT DISTINCT * FROM '{fichier}' {gardees}")
        return autre

    def lignes(self, sql: str) -> list[tuple]:
        return self.base.execute(sql).fetchall()

    def valeur(self, sql: str) -> object:
        return self.lignes(sql)[0][0]


@pytest.fixture(scope="session")
def region(tmp_path_factory) -> Monde:
    """Pays de la Loire, a tenth of its youths, without fault."""
    return Monde(tmp_path_factory.mktemp("region"), annee=2025, region="52", graine=3, echelle=0.1, erreurs=0.0)


@pytest.fixture(scope="session")
def trois_ans(tmp_path_factory) -> Monde:
    """Bretagne over three years of the 2012 frame, with faults."""
    return Monde(
        tmp_path_factory.mktemp("trois_ans"),
        annee=2012,
        annees=3,
        region="Bretagne",
        graine=5,
        echelle=0.05,
        erreurs=0.01,
    )
