"""Spark: the same trees on a cluster, or on this machine with `local[*]`. Needs the `spark` extra and Java 17."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from glob import iglob
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convenir.mesure.base_fermee import texte
from convenir.mesure.indicateurs.moteurs.commun import MoteurInterrompu, Requete, ValeurIllisible
from convenir.mesure.indicateurs.moteurs.duckdb import MoteurDuckdb, erreurs_de_duckdb
from convenir.socle.commun.erreurs import EntreeInvalide

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Address of the cluster; by default, two threads of this machine.
MAITRE = "CONVENIR_SPARK_MASTER"
REGLAGES = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    # A value of the wrong type is an error, never NULL; an integer never wraps.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.legacy.charVarcharAsString": "true",
}
LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.adaptive.enabled": "true",
    "spark.driver.memory": "3g",
}
ILLISIBLES = ("CAST_INVALID_INPUT", "CANNOT_PARSE", "NUMERIC_VALUE_OUT_OF_RANGE", "INVALID_FRACTION")


def session(reglages: Mapping[str, str] | None = None) -> SparkSession:
    """Return the session of this process, started at the first call and kept.

    Args:
        reglages: settings of Spark in addition to those of Convenir, at the first call.

    Raises:
        EntreeInvalide: pyspark or Java is not installed.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as erreur:
        raise EntreeInvalide(
            "Le moteur Spark n'est pas installé. Installez « convenir[spark] » et Java 17, "
            "ou calculez avec --moteur duckdb."
        ) from erreur
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise EntreeInvalide("Spark demande Java 17, introuvable ici. Installez-le, ou calculez avec --moteur duckdb.")
    maitre = os.environ.get(MAITRE, "local[2]")
    construite = SparkSession.builder.appName("convenir").master(maitre)
    for cle, valeur in (REGLAGES | (LOCAL if maitre.startswith("local") else {}) | dict(reglages or {})).items():
        construite = construite.config(cle, valeur)
    ouverte = construite.getOrCreate()
    ouverte.sparkContext.setLogLevel("OFF")
    return ouverte


@contextmanager
def erreurs_de_spark() -> Iterator[None]:
    """Say in the engines' common words what Spark says."""
    try:
        yield
    except Exception as erreur:
        message = str(erreur)
        if "cancelled" in message.lower():
            raise MoteurInterrompu from erreur
        if any(mot in message for mot in ILLISIBLES):
            raise ValeurIllisible(next(x for x in message.splitlines() if any(m in x for m in ILLISIBLES))) from erreur
        raise


class MoteurSpark:
    """Runs the trees on Spark; what they bring back is finished by the DuckDB database of this machine."""

    nom = "spark"

    def __init__(self, dossiers: Iterable[Path], temporaire: Path) -> None:
        self.spark = session()
        self._local = MoteurDuckdb(dossiers, temporaire)
        self.base = self._local.base
        self.temporaire = temporaire
        self.vues: set[str] = set()

    @property
    def local(self) -> MoteurDuckdb:
        """DuckDB, beside the cluster."""
        return self._local

    def lire_table(self, nom: str, motif: str) -> frozenset[str]:
        """Make a view of the files."""
        chemins = sorted(iglob(motif, recursive=True))
        if motif.endswith(".csv"):
            lue = self.spark.read.csv(chemins, header=True, quote='"', escape='"', multiLine=True, nullValue="")
        else:
            lue = self.spark.read.option("mergeSchema", str(len(chemins) > 1).lower()).parquet(*chemins)
        self._vue(nom, lue)
        return frozenset(lue.columns)

    def creer(self, nom: str, requete: Requete) -> None:
        """Keep the rows in Parquet: the plans that follow start from there."""
        self._vue(nom, self.spark.read.parquet(self._ecrire(nom, requete)))

    def rapporter(self, nom: str, requete: Requete) -> None:
        """Bring the rows back by way of Parquet."""
        motif = texte(f"{self._ecrire(nom, requete)}/*.parquet")
        with erreurs_de_duckdb():
            self.base.execute(f"CREATE OR REPLACE TEMP TABLE {nom} AS SELECT * FROM read_parquet({motif})")

    def donner(self, nom: str) -> None:
        """Give a small table by way of Parquet."""
        chemin = self.temporaire / f"{nom}.parquet"
        self.base.execute(f"COPY {nom} TO {texte(str(chemin))} (FORMAT parquet)")
        self._vue(nom, self.spark.read.parquet(str(chemin)))

    def un(self, requete: Requete) -> tuple[object, ...]:
        """Return the only row."""
        with erreurs_de_spark():
            return tuple(self.spark.sql(requete.sql("spark")).collect()[0])

    def interrompre(self) -> None:
        """Stop the running jobs and the finishing query."""
        self.spark.sparkContext.cancelAllJobs()
        self.base.interrupt()

    def fermer(self) -> None:
        """Forget the views; the session stays for the next calculation."""
        for nom in self.vues:
            self.spark.catalog.dropTempView(nom)
        self.base.close()

    def _vue(self, nom: str, lue: Any) -> None:
        lue.createOrReplaceTempView(nom)
        self.vues.add(nom)

    def _ecrire(self, nom: str, requete: Requete) -> str:
        chemin = str(self.temporaire / f"spark_{nom}_{len(list(self.temporaire.iterdir()))}")
        with erreurs_de_spark():
            self.spark.sql(requete.sql("spark")).write.parquet(chemin)
        return chemin
