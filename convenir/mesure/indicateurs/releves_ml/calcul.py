# ruff: noqa: E501 - a SQL clause stays on its line
"""The calculation: a folder of records in, sorted values out. It reads and writes no database."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import duckdb

from convenir.mesure.indicateurs import connexion
from convenir.mesure.indicateurs.calcul import ecrire_csv
from convenir.mesure.indicateurs.entrees import geographie
from convenir.mesure.indicateurs.perimetre import PerimetreCharge, perimetre
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grille_de
from convenir.mesure.indicateurs.releves_ml.comptage import compter, deplier, preparer_comptage
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, TermeMl
from convenir.mesure.indicateurs.releves_ml.etats import preparer_etats, preparer_reseau
from convenir.mesure.indicateurs.releves_ml.invariants import verifier
from convenir.mesure.indicateurs.releves_ml.lecture import Dossier, Tables, ouvrir_dossier
from convenir.mesure.indicateurs.releves_ml.regles import Regles, regles
from convenir.mesure.indicateurs.releves_ml.relations import Relations
from convenir.mesure.indicateurs.releves_ml.valeurs_ml import completer, ecrire_valeurs
from convenir.mesure.reprise import a_neuf
from convenir.socle.commun.erreurs import EntreeInvalide

PROPOSITIONS = ("ACT08", "ACT09", "ACT10")


@dataclass
class CalculMl:
    """A finished calculation: its values are in the table `valeurs` of a private DuckDB database."""

    base: duckdb.DuckDBPyConnection
    temporaire: Path
    catalogues: dict[int, CatalogueMl]
    regles: dict[int, Regles]
    perimetre: PerimetreCharge

    def __enter__(self) -> CalculMl:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.base.close()
        shutil.rmtree(self.temporaire, ignore_errors=True)

    @property
    def lignes(self) -> int:
        """Number of values."""
        ligne = self.base.execute("SELECT count(*) FROM valeurs").fetchone()
        return int(ligne[0]) if ligne else 0

    def ecrire_csv(self, chemin: Path, niveaux: Collection[str] = ()) -> str:
        """Write the values as the one CSV of both schemes (see `indicateurs.calcul`) and return its SHA-256.

        Args:
            chemin: file to write.
            niveaux: levels to keep; all if empty.
        """
        return ecrire_csv(self, chemin, niveaux)


def calculer_ml(
    dossier: Path, annees: Iterable[int], *, grille: str | None = None,
    mois: int | Mapping[int, int] = 12, lire_regles: Callable[[int], Regles] = regles,
) -> CalculMl:  # fmt: skip
    """Compute every indicator of some years from a folder of records.

    Args:
        dossier: folder of the tables, CSV or Parquet.
        annees: calendar years.
        grille: frame; the one in force in each year if None.
        mois: closed months, of each year or by year (12 for a year not named); later events are left out.
        lire_regles: parameters of a year.

    Raises:
        EntreeInvalide: the folder cannot be read, or holds no youth.
        InvariantRompu: a figure contradicts another.
    """
    lu, voulues = ouvrir_dossier(dossier), sorted(set(annees))
    return a_neuf(lambda fils: _essayer(lu, voulues, grille, mois, lire_regles, fils))


def _essayer(
    lu: Dossier, annees: list[int], grille: str | None, mois: int | Mapping[int, int],
    lire_regles: Callable[[int], Regles], fils: int | None,
) -> CalculMl:  # fmt: skip
    """Compute in a fresh database, closed and removed if anything stops it."""
    temporaire = Path(tempfile.mkdtemp(prefix="convenir-indicateurs-"))
    base = connexion.ouvrir([lu.chemin], temporaire, fils)
    try:
        return _calculer(Tables(base, lu), temporaire, annees, grille, mois, lire_regles)
    except duckdb.ConversionException as erreur:
        base.close()
        shutil.rmtree(temporaire, ignore_errors=True)
        raise EntreeInvalide(
            f"Une valeur du dossier {lu.chemin.name} n'a pas le type attendu : {str(erreur).splitlines()[0]}"
        ) from erreur
    except BaseException:
        base.close()
        shutil.rmtree(temporaire, ignore_errors=True)
        raise


def _calculer(
    tables: Tables, temporaire: Path, annees: list[int], grille: str | None,
    mois: int | Mapping[int, int], lire_regles: Callable[[int], Regles],
) -> CalculMl:  # fmt: skip
    base, geo = tables.base, geographie()
    preparer_reseau(tables, geo.regions)
    presents = {str(ligne[0]) for ligne in base.execute("SELECT DISTINCT dept_code FROM ml").fetchall()}
    couvert = perimetre(presents, geo.regions, geo.noms, geo.hors_compte)
    base.execute(
        "CREATE TABLE valeurs (niveau VARCHAR, code VARCHAR, indicateur VARCHAR, ventilation VARCHAR, modalite VARCHAR,"
        "periode VARCHAR, numerateur VARCHAR, denominateur VARCHAR, valeur VARCHAR, statut VARCHAR, annee SMALLINT)"
    )
    calcul = CalculMl(base, temporaire, {}, {}, couvert)
    for annee in annees:
        calcul.regles[annee] = lire_regles(annee)
        calcul.catalogues[annee] = selon(catalogue_ml(grille or grille_de(annee)), calcul.regles[annee])
        clos = mois if isinstance(mois, int) else mois.get(annee, 12)
        _une_annee(tables, AnneeMl(annee, clos), calcul.regles[annee], calcul.catalogues[annee], couvert)
    return calcul


def selon(cat: CatalogueMl, lues: Regles) -> CatalogueMl:
    """Put in the definitions what the parameters choose: the denominator of the propositions."""
    denominateur = lues.choix("propositions.denominateur")
    mots = {"ACT01": "jeunes en contact", "ACT02": "jeunes en entretien"}[denominateur]
    indicateurs = {
        code: replace(i, denominateur=TermeMl(mots, denominateur))
        if i.genre == "rapport" and code.startswith(PROPOSITIONS)
        else i
        for code, i in cat.indicateurs.items()
    }
    return replace(cat, indicateurs=indicateurs)


def _une_annee(tables: Tables, annee: AnneeMl, lues: Regles, cat: CatalogueMl, couvert: PerimetreCharge) -> None:
    preparer_etats(tables, annee, lues, cat)
    preparer_comptage(tables.base, cat, annee)
    relations = Relations(tables, annee, lues, cat)
    for releve in cat.releves.values():
        if tables.a(*releve.tables) and cat.de(releve.nom, "personnes", "stock", "evenements"):
            compter(tables.base, cat, releve, relations.preparer(releve.nom), annee)
    deplier(tables.base, cat, annee)
    completer(tables, cat, annee, couvert)
    verifier(tables.base, cat)
    ecrire_valeurs(tables.base, cat, annee)
