"""DuckDB: the default engine, shut into the folders that it reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from convenir.mesure.base_fermee import texte
from convenir.mesure.indicateurs import connexion
from convenir.mesure.indicateurs.moteurs.commun import MoteurInterrompu, Requete, ValeurIllisible


@contextmanager
def erreurs_de_duckdb() -> Iterator[None]:
    """Say in the engines' common words what DuckDB says."""
    try:
        yield
    except duckdb.InterruptException as erreur:
        raise MoteurInterrompu from erreur
    except duckdb.ConversionException as erreur:
        raise ValeurIllisible(str(erreur).splitlines()[0]) from erreur


class MoteurDuckdb:
    """Runs the trees in the database of this machine itself."""

    nom = "duckdb"

    def __init__(self, dossiers: Iterable[Path], temporaire: Path, fils: int | None = None) -> None:
        self.base = connexion.ouvrir(dossiers, temporaire, fils)

    @property
    def local(self) -> MoteurDuckdb:
        """This very engine."""
        return self

    def lire_table(self, nom: str, motif: str) -> frozenset[str]:
        """Make a view of the files."""
        lecteur = (
            f"read_csv({texte(motif)}, header=true, delim=',', quote='\"', all_varchar=true, nullstr='')"
            if motif.endswith(".csv")
            else f"read_parquet({texte(motif)}, union_by_name=true, hive_partitioning=false)"
        )
        self.base.execute(f"CREATE OR REPLACE TEMP VIEW {nom} AS SELECT * FROM {lecteur}")
        return frozenset(ligne[0] for ligne in self.base.execute(f"DESCRIBE {nom}").fetchall())

    def creer(self, nom: str, requete: Requete) -> None:
        """Keep the rows in a table, in memory or spilled."""
        with erreurs_de_duckdb():
            self.base.execute(f"CREATE OR REPLACE TEMP TABLE {nom} AS {requete.sql('duckdb')}")

    rapporter = creer

    def donner(self, nom: str) -> None:
        """Nothing to do: the trees read the same database."""

    def un(self, requete: Requete) -> tuple[object, ...]:
        """Return the only row."""
        with erreurs_de_duckdb():
            return self.base.execute(requete.sql("duckdb")).fetchone() or ()

    def interrompre(self) -> None:
        """Stop the running query."""
        self.base.interrupt()

    def fermer(self) -> None:
        """Close the database."""
        self.base.close()
