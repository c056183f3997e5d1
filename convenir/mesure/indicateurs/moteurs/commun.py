"""What an engine does for a calculation, and how a long calculation is stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import duckdb
import sqlglot
from sqlglot import exp

from convenir.socle.commun.erreurs import EntreeInvalide, ErreurMetier

MOTEURS = ("duckdb", "spark")
# The dialect in which the trees are written; each engine has them written again in its own.
DIALECTE = "duckdb"


@dataclass(frozen=True)
class Requete:
    """A query: the text it is written with, its tree, and its text for an engine."""

    texte: str

    @property
    def arbre(self) -> exp.Query:
        """The tree."""
        lu = sqlglot.parse_one(self.texte, dialect=DIALECTE)
        assert isinstance(lu, exp.Query), self.texte
        return lu

    def sql(self, dialecte: str) -> str:
        """Return the text for an engine: as written in its own dialect, through the tree in another."""
        return self.texte if dialecte == DIALECTE else _ecrire(self, dialecte)


@lru_cache(maxsize=1024)
def _ecrire(requete: Requete, dialecte: str) -> str:
    return requete.arbre.sql(dialecte, copy=False)


class ValeurIllisible(Exception):
    """A value of the files has not the declared type."""


class MoteurInterrompu(Exception):
    """The engine stopped because it was asked to."""


class CalculAnnule(ErreurMetier):
    """Someone stopped the calculation: nothing is written."""


class Moteur(Protocol):
    """Runs trees over files; `base`, a DuckDB database of this machine, gives small tables and receives results."""

    nom: str
    base: duckdb.DuckDBPyConnection

    @property
    def local(self) -> Moteur:
        """The engine of this machine that reads small tables and finishes: itself, or the one beside the cluster."""

    def lire_table(self, nom: str, motif: str) -> frozenset[str]:
        """Make the files of a table readable under a name and return their columns.

        Args:
            nom: name given to the table.
            motif: path of a file, or pattern of several; `.csv` or Parquet.
        """

    def creer(self, nom: str, requete: Requete) -> None:
        """Keep the rows of a tree under a name, for the trees that follow."""

    def rapporter(self, nom: str, requete: Requete) -> None:
        """Bring the rows of a tree, which are few, into a table of `base`."""

    def donner(self, nom: str) -> None:
        """Make a small table of `base` readable by the trees."""

    def un(self, requete: Requete) -> tuple[object, ...]:
        """Return the only row of a tree."""

    def interrompre(self) -> None:
        """Stop what is running, from another thread."""

    def fermer(self) -> None:
        """Free everything; the temporary folder is removed by the caller."""


class Annulation:
    """A token that stops a calculation, from any thread; it serves once."""

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._demandee = False
        self._moteur: Moteur | None = None

    @property
    def demandee(self) -> bool:
        """Tell whether the calculation must stop."""
        return self._demandee

    def demander(self) -> None:
        """Ask the calculation to stop; the engine stops at once if it is running."""
        with self._verrou:
            self._demandee = True
            if self._moteur is not None:
                self._moteur.interrompre()

    def suivre(self, moteur: Moteur | None) -> None:
        """Say which engine to interrupt; none when the calculation has ended."""
        with self._verrou:
            self._moteur = moteur

    def verifier(self) -> None:
        """Stop here if that was asked.

        Raises:
            CalculAnnule: it was.
        """
        if self._demandee:
            raise CalculAnnule("Le calcul a été arrêté à votre demande. Rien n'est écrit.")


def ouvrir_moteur(nom: str, dossiers: Iterable[Path], temporaire: Path, fils: int | None = None) -> Moteur:
    """Open an engine that reads some folders.

    Args:
        nom: one of `MOTEURS`.
        dossiers: folders that may be read.
        temporaire: folder for what does not fit in memory.
        fils: number of threads; none = one per processor.

    Raises:
        EntreeInvalide: unknown engine, or one that is not installed.
    """
    if nom == "duckdb":
        from convenir.mesure.indicateurs.moteurs.duckdb import MoteurDuckdb

        return MoteurDuckdb(dossiers, temporaire, fils)
    if nom == "spark":
        from convenir.mesure.indicateurs.moteurs.spark import MoteurSpark

        return MoteurSpark(dossiers, temporaire)
    raise EntreeInvalide(f"Le moteur « {nom} » n'existe pas. Moteurs connus : {', '.join(MOTEURS)}.")
