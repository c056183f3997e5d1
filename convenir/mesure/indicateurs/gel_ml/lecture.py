# ruff: noqa: E501 - a SQL clause stays on its line
"""Every source in one table: values computed from records, values received as the common CSV."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from convenir.mesure.base_fermee import texte
from convenir.mesure.indicateurs.calcul import COLONNES_CSV, mois_clos
from convenir.mesure.indicateurs.compilateur.nombres import arrondir, ecrire
from convenir.mesure.indicateurs.connexion import table
from convenir.mesure.indicateurs.gel_ml.sources import ENREGISTREMENTS, EntreesMl, SourceMl
from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml, selon
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grille_de
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl
from convenir.mesure.indicateurs.releves_ml.regles import Regles
from convenir.mesure.indicateurs.releves_ml.valeurs_ml import decimales
from convenir.mesure.indicateurs.releves_ml.versions import a_la_date
from convenir.socle.commun.erreurs import EntreeInvalide

LUES = "niveau VARCHAR, code VARCHAR, indicateur VARCHAR, ventilation VARCHAR, modalite VARCHAR, periode VARCHAR, numerateur VARCHAR, denominateur VARCHAR, valeur VARCHAR, statut VARCHAR, annee SMALLINT, source_rang INTEGER"


@dataclass
class Lues:
    """What the sources gave: values in the table `lues`, and what they were computed with.

    Attributes:
        departements: département of each mission locale met.
        tenues: missions locales that each set of records holds, replaced or not, by rank of the source.
    """

    catalogues: dict[int, CatalogueMl] = field(default_factory=dict)
    regles: dict[int, Regles] = field(default_factory=dict)
    departements: dict[str, str] = field(default_factory=dict)
    tenues: dict[int, frozenset[str]] = field(default_factory=dict)
    arrete_au: date | None = None

    def mois_clos(self, annee: int) -> int:
        """Return how many months of a year every source knows."""
        return mois_clos(annee, self.arrete_au) if self.arrete_au else 12


def lire_sources(
    base: duckdb.DuckDBPyConnection, dossier: Path, entrees: EntreesMl, annees: list[int], grille: str | None
) -> Lues:
    """Fill `lues` with every source, in the order in which they prevail.

    Raises:
        EntreeInvalide: a source cannot be read; the message names it.
    """
    base.execute(f"CREATE TABLE lues ({LUES})")
    lues = Lues()
    for annee in annees:
        lues.regles[annee] = entrees.lire_regles(annee)
        lues.catalogues[annee] = selon(a_la_date(catalogue_ml(grille or grille_de(annee)), annee), lues.regles[annee])
    formes = (
        (i.code, annee, *decimales(cat, i)) for annee, cat in lues.catalogues.items() for i in cat.indicateurs.values()
    )
    table(
        base, "formes",
        {"indicateur": "VARCHAR", "annee": "SMALLINT", "dn": "TINYINT", "dd": "TINYINT", "dv": "TINYINT"}, formes,
    )  # fmt: skip
    for rang, source in enumerate(entrees.ordonnees):
        if source.voie == ENREGISTREMENTS:
            _des_enregistrements(base, dossier, entrees, source, rang, annees, grille, lues)
        else:
            _des_agregats(base, dossier, source, rang, lues)
        if source.couverture is not None:
            _restreindre(base, rang, source.couverture)
    return lues


def _restreindre(base: duckdb.DuckDBPyConnection, rang: int, couverture: Mapping[str, Collection[int]]) -> None:
    """Leave out the missions locales and years that another delivery has replaced."""
    lignes = ((code, annee) for code, annees in couverture.items() for annee in annees)
    table(base, "couverture", {"code": "VARCHAR", "annee": "SMALLINT"}, lignes)
    base.execute(
        f"DELETE FROM lues WHERE source_rang = {rang} AND niveau = 'ml' "
        "AND (code, annee) NOT IN (SELECT code, annee FROM couverture)"
    )


def _des_enregistrements(
    base: duckdb.DuckDBPyConnection, dossier: Path, entrees: EntreesMl, source: SourceMl, rang: int,
    annees: list[int], grille: str | None, lues: Lues,
) -> None:  # fmt: skip
    mois = {a: mois_clos(a, source.dernier_jour) for a in annees} if source.dernier_jour else {}
    utiles = [a for a in annees if mois.get(a, 12)]
    depot = dossier / f"source-{rang}.parquet"
    with calculer_ml(source.chemin, utiles, grille=grille, mois=mois, lire_regles=entrees.lire_regles) as calcul:
        provisoire = calcul.temporaire / "valeurs.parquet"
        calcul.base.execute(f"COPY valeurs TO {texte(str(provisoire))} (FORMAT parquet)")
        tenues = dict(calcul.base.execute("SELECT ml_id, dept_code FROM ml").fetchall())
        lues.departements |= tenues
        lues.tenues[rang] = frozenset(tenues)
        shutil.move(provisoire, depot)
    base.execute(f"INSERT INTO lues SELECT *, {rang} FROM read_parquet({texte(str(depot))})")
    _retenir_le_jour(lues, source.dernier_jour or date(max(utiles), 12, 31))


def _des_agregats(base: duckdb.DuckDBPyConnection, dossier: Path, source: SourceMl, rang: int, lues: Lues) -> None:
    try:
        base.execute(f"""
            INSERT INTO lues
            SELECT niveau, code_territoire, indicateur, coalesce(ventilation, ''), coalesce(modalite, ''), periode,
                {texte_de_millioniemes(_millioniemes("numerateur"), "dn")},
                {texte_de_millioniemes(_millioniemes("denominateur"), "dd")},
                {texte_de_millioniemes(_millioniemes("valeur"), "dv")}, statut, f.annee, {rang}
            FROM {_relation_agregee(dossier, source, rang)} AS a JOIN formes AS f USING (indicateur)
            WHERE niveau IN ('ml', 'site') AND f.annee = CAST(left(periode, 4) AS SMALLINT)""")
    except duckdb.Error as erreur:
        raise EntreeInvalide(
            f"{source.chemin.name} ne se lit pas. Attendu : le CSV écrit par « convenir indicateurs calculer "
            f"--dispositif ml », colonnes {', '.join(COLONNES_CSV)}."
        ) from erreur
    if source.dernier_jour:
        _retenir_le_jour(lues, source.dernier_jour)


def _relation_agregee(dossier: Path, source: SourceMl, rang: int) -> str:
    """SQL of the rows of a delivery of aggregates: the common CSV, or its records once imported."""
    if source.chemin.suffix != ".csv":
        return f"read_parquet({texte(str(source.chemin))}, union_by_name=true, hive_partitioning=false)"
    copie = dossier / f"source-{rang}.csv"
    shutil.copyfile(source.chemin, copie)
    colonnes = ", ".join(f"'{c}': 'VARCHAR'" for c in COLONNES_CSV)
    return f"read_csv({texte(str(copie))}, header=true, delim=',', quote='\"', columns={{{colonnes}}}, nullstr='')"


def _millioniemes(colonne: str) -> str:
    return f"CAST(CAST({colonne} AS DECIMAL(24, 6)) * 1000000 AS HUGEINT)"


def texte_de_millioniemes(expression: str, decimales_voulues: str) -> str:
    """SQL of the text of an integer of millionths, with 0, 2 or 6 decimals: the form that every value is kept in."""
    cas = " ".join(f"WHEN {k} THEN {arrondir(expression, 6, k)}" for k in (0, 2))
    return ecrire(f"(CASE {decimales_voulues} {cas} ELSE {expression} END)", decimales_voulues)


def _retenir_le_jour(lues: Lues, jour: date) -> None:
    """Keep the earliest day: nothing is said to be known later than in every source."""
    lues.arrete_au = jour if lues.arrete_au is None else min(lues.arrete_au, jour)


def nombre(texte_lu: str | None) -> Decimal | None:
    """Read a printed number."""
    return None if texte_lu is None else Decimal(texte_lu)
