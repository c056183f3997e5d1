"""The calculation itself: records and parameters in, sorted values out. It writes no database."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from types import TracebackType
from typing import Protocol

import duckdb

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.annexes.corrections import CorrectionAnnexe
from convenir.mesure.indicateurs import connexion
from convenir.mesure.indicateurs.catalogue_agregats import AgregatLu
from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.compilateur import enumerations
from convenir.mesure.indicateurs.compilateur.cellules import Annee
from convenir.mesure.indicateurs.compilateur.nombres import ecrire
from convenir.mesure.indicateurs.definitions import Catalogue
from convenir.mesure.indicateurs.finition import completer
from convenir.mesure.indicateurs.parametres import Motif, ParametresAnnee
from convenir.mesure.indicateurs.perimetre import PerimetreCharge, perimetre
from convenir.mesure.indicateurs.projections import ajouter_projections, donnees_de_projection
from convenir.mesure.indicateurs.releves.lectures import VueLue, Vues
from convenir.mesure.indicateurs.releves.preparation import Prepare, preparer, preparer_annee

COLONNES_CSV = (
    "niveau", "code_territoire", "indicateur", "ventilation", "modalite", "periode", "numerateur", "denominateur",
    "valeur", "statut",
)  # fmt: skip
TRI = "niveau, code, indicateur, ventilation, modalite, periode"


@dataclass(frozen=True)
class Geographie:
    """Région of every département, names of the régions."""

    regions: Mapping[str, str]
    noms: Mapping[str, str]
    hors_compte: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Entrees:
    """All that a calculation depends on; the same inputs give the same bytes.

    Attributes:
        vues: views of the deliveries in force.
        geographie: the official geography.
        parametres: what the law gives for a year, with the reasons of the delivery.
        extraction: day the files were extracted; None when they do not say.
        rattachements: département of a SIAE by its code, when Convenir knows it.
        corrections: manual corrections in force.
        agregats: values imported for levels that the files do not cover.
    """

    vues: Mapping[str, VueLue]
    geographie: Geographie
    parametres: Callable[[int, Mapping[str, Motif]], ParametresAnnee]
    extraction: date | None = None
    rattachements: Mapping[str, str] = field(default_factory=dict)
    corrections: Sequence[CorrectionAnnexe] = ()
    agregats: Sequence[AgregatLu] = ()


@dataclass
class Calcul:
    """A finished calculation: its values are in the table `valeurs` of a private DuckDB database."""

    base: duckdb.DuckDBPyConnection
    temporaire: Path
    annees: list[int]
    catalogue: Catalogue
    prepare: Prepare
    perimetre: PerimetreCharge
    parametres: dict[int, ParametresAnnee]
    arrete_au: date
    entrees: Entrees

    def __enter__(self) -> Calcul:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.fermer()

    def fermer(self) -> None:
        """Close the database and remove its temporary folder."""
        self.base.close()
        shutil.rmtree(self.temporaire, ignore_errors=True)

    @property
    def lignes(self) -> int:
        """Number of values."""
        return _un(self.base.execute("SELECT count(*) FROM valeurs"))

    def mois_clos(self, annee: int) -> int:
        """Number of closed months of a year."""
        return mois_clos(annee, self.arrete_au)


def calculer_sans_ecrire(
    annees: Iterable[int],
    entrees: Entrees,
    *,
    dispositif: str = "iae",
    sorties: Sequence[Path] = (),
    fils: int | None = None,
) -> Calcul:
    """Compute the values of some years from records, without any database write, in a database of its own.

    The engine may stop on its own fault: call it through `reprise.a_neuf`, with what is done of the values.

    Args:
        annees: calendar years; none = the last three that the annexes cover.
        entrees: records, geography and parameters.
        dispositif: scheme, a folder of the catalogue.
        sorties: folders where results will be written.
        fils: number of threads; none = one per processor.

    Raises:
        EntreeInvalide: no annexe can be read; the database is then closed and removed, as for any error.
    """
    temporaire = Path(tempfile.mkdtemp(prefix="convenir-indicateurs-"))
    dossiers = {dossier for vue in entrees.vues.values() for dossier in vue.dossiers}
    base = connexion.ouvrir([*dossiers, *sorties], temporaire, fils)
    try:
        return _calculer(base, temporaire, sorted(set(annees)), entrees, catalogue(dispositif))
    except BaseException:
        base.close()
        shutil.rmtree(temporaire, ignore_errors=True)
        raise


def _calculer(
    base: duckdb.DuckDBPyConnection, temporaire: Path, annees: list[int], entrees: Entrees, cat: Catalogue
) -> Calcul:
    vues = Vues(base, entrees.vues)
    prepare = preparer(base, vues, entrees.geographie.regions, entrees.rattachements, entrees.corrections)
    arrete = entrees.extraction.replace(day=1) - timedelta(days=1) if entrees.extraction else prepare.dernier_mois
    territoires = _territoires(base, entrees.geographie)
    annees = annees or _dernieres_annees(base, arrete)
    calcul = Calcul(base, temporaire, annees, cat, prepare, territoires, {}, arrete, entrees)
    _table_des_valeurs(base, cat, annees)
    for annee in annees:
        parametres = entrees.parametres(annee, prepare.motifs)
        calcul.parametres[annee] = parametres
        en_cours = Annee(annee, mois_clos(annee, arrete))
        limite = derniere_fin_connue(annee, entrees.extraction)
        projection = donnees_de_projection(base, vues, prepare, en_cours, parametres)
        preparer_annee(base, vues, prepare, en_cours, parametres, limite)
        completer(calcul, vues, en_cours)
        ajouter_projections(calcul, en_cours, projection)
    return calcul


def _dernieres_annees(base: duckdb.DuckDBPyConnection, arrete_au: date) -> list[int]:
    ligne = base.execute("SELECT min(year(debut)), max(year(fin)) FROM annexes").fetchone()
    premiere, derniere = ligne if ligne and ligne[0] else (arrete_au.year, arrete_au.year)
    derniere = min(derniere, arrete_au.year)
    return list(range(max(premiere, derniere - 2), derniere + 1)) or [derniere]


def derniere_fin_connue(annee: int, extraction: date | None) -> date:
    """Return the last day on which a contract has surely ended: the eve of the extraction, or the end of the year."""
    return extraction - timedelta(days=1) if extraction else date(annee, 12, 31)


def mois_clos(annee: int, arrete_au: date) -> int:
    """Return how many months of a year are closed on a day."""
    if annee != arrete_au.year:
        return 12 if annee < arrete_au.year else 0
    return arrete_au.month


def _territoires(base: duckdb.DuckDBPyConnection, geographie: Geographie) -> PerimetreCharge:
    presents = {
        ligne[0]
        for ligne in base.execute("SELECT DISTINCT departement FROM siae WHERE departement IS NOT NULL").fetchall()
    }
    return perimetre(presents, geographie.regions, geographie.noms, geographie.hors_compte)


def _table_des_valeurs(base: duckdb.DuckDBPyConnection, cat: Catalogue, annees: Iterable[int]) -> None:
    """Make the table of exact integers that is filled, and the view of texts that is read and written out."""
    enumerations.declarer(base, cat, annees)
    noms = [*_LUES[:6], "statut", "source"]
    types = {c: enumerations.type_de(c) for c in noms} | {"code": "VARCHAR", "modalite": "VARCHAR"}
    base.execute(
        f"CREATE OR REPLACE TABLE brutes ({', '.join(f'{c} {types[c]}' for c in noms[:6])}, n BIGINT, d BIGINT, "
        f"v BIGINT, dn TINYINT, dd TINYINT, dv TINYINT, statut {types['statut']}, exclus BIGINT, "
        f"source {types['source']}, annee SMALLINT)"
    )
    textes = {c: f"CAST({c} AS VARCHAR) AS {c}" for c in noms}
    base.execute(
        f"CREATE OR REPLACE VIEW valeurs AS SELECT {', '.join(textes[c] for c in noms[:6])},"
        f"{ecrire('n', 'dn')} AS numerateur, {ecrire('d', 'dd')} AS denominateur, {ecrire('v', 'dv')} AS valeur,"
        f"{textes['statut']}, exclus, {textes['source']}, annee FROM brutes"
    )


class ValeursCalculees(Protocol):
    """Values in the table `valeurs` of a private database, and a folder where they may be written."""

    @property
    def base(self) -> duckdb.DuckDBPyConnection: ...

    @property
    def temporaire(self) -> Path: ...


def ecrire_csv(
    calcul: ValeursCalculees, chemin: Path, niveaux: Collection[str] = (), valeurs: str = "valeurs", tri: str = TRI,
    *, annees: Collection[int] = (),
) -> str:  # fmt: skip
    """Write the values as the one CSV of both schemes and return its SHA-256.

    `niveaux`, `annees`: levels and years kept, all if empty.

    `valeurs`, `tri`: table read, and columns that sort it like the first six.

    Columns: `niveau, code_territoire, indicateur, ventilation, modalite, periode, numerateur, denominateur, valeur,
    statut`; UTF-8, comma, LF, sorted by the first six in byte order.
    """
    provisoire = calcul.temporaire / "valeurs.csv"
    # An empty breakdown is written as nothing, not as a quoted empty text; it still sorts as empty, hence first.
    colonnes = ", ".join(f"NULLIF(v.{a}, '') AS {b}" for a, b in zip(_LUES, COLONNES_CSV, strict=True))
    ordre = ", ".join(f"v.{colonne}" for colonne in tri.split(", "))
    gardes = [f"v.niveau IN ({', '.join(texte(n) for n in sorted(niveaux))})"] if niveaux else []
    gardes += [f"v.annee IN ({', '.join(str(int(a)) for a in sorted(annees))})"] if annees else []
    calcul.base.execute(
        f"COPY (SELECT {colonnes} FROM {valeurs} AS v WHERE {' AND '.join(gardes) or 'TRUE'} ORDER BY {ordre}) "
        f"TO {texte(str(provisoire))} "
        "(FORMAT csv, HEADER true, DELIMITER ',', NULLSTR '')"
    )
    chemin.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(provisoire, chemin)
    with provisoire.open("rb") as flux:
        return hashlib.file_digest(flux, "sha256").hexdigest()


_LUES = ("niveau", "code", *COLONNES_CSV[2:])


def ecrire_parquet(calcul: ValeursCalculees, chemin: Path) -> None:
    """Write the values, sorted the same way, with the counts left out and the view that feeds each."""
    provisoire = calcul.temporaire / "valeurs.parquet"
    calcul.base.execute(
        f"COPY (SELECT * FROM valeurs ORDER BY {TRI}) TO {texte(str(provisoire))} (FORMAT parquet, COMPRESSION zstd)"
    )
    chemin.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(provisoire, chemin)


def _un(resultat: duckdb.DuckDBPyConnection) -> int:
    ligne = resultat.fetchone()
    return int(ligne[0]) if ligne else 0
