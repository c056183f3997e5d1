# ruff: noqa: E501 - a SQL clause stays on its line
"""What must hold in every calculation; a figure that breaks it is refused, with the name of the indicator."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from convenir.mesure.indicateurs.releves_ml.cases import Cases
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.releves_ml.lecture import table
from convenir.socle.commun.erreurs import ErreurMetier

# An event happens to a youth in one state; in a mission locale a youth has one sex. Elsewhere modalities may overlap:
# a youth may change level in the year, and have other marks in another mission locale.
EXCLUSIFS = ("sexe", "age", "niveau_formation", "diplome")
COMPTES = ("personnes", "stock", "evenements", "declare")


class InvariantRompu(ErreurMetier):
    """A calculated figure contradicts another: nothing is written."""


def verifier(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, cases: Cases) -> None:
    """Check `calculees`.

    Raises:
        InvariantRompu: naming the indicator, the territory and the period of the first fault.
    """
    _parts(base, cat, cases)
    _partitions(base, cat, cases)
    _decoupages(base, cat, cases)
    _bornes(base, cat, cases)
    _hauts(base, cat, cases)
    _bas(base, cat, cases)


def _parts(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, cases: Cases) -> None:
    """A « dont » is at most the indicator of which it is a part."""
    paires = [
        (cases.rangs[i.code], cases.rangs[i.parent])
        for i in cat.indicateurs.values()
        if i.parent and i.genre in COMPTES
    ]
    table(base, "parents", {"i": "SMALLINT", "parent": "SMALLINT"}, paires)
    requete = """
        SELECT a.t, a.i, a.c, a.n, b.n AS autre FROM calculees AS a JOIN parents AS p ON p.i = a.i
        JOIN calculees AS b ON b.i = p.parent AND b.t = a.t AND b.c = a.c WHERE a.n > b.n"""
    _aucune(base, cat, requete, lambda i: f"dépasse {i.parent}, dont il est une part")


def _partitions(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, cases: Cases) -> None:
    """An indicator that has exclusive parts is their sum."""
    lignes = [(cases.rangs[i.code], cases.rangs[p]) for i in cat.indicateurs.values() for p in i.partition]
    table(base, "partitions", {"i": "SMALLINT", "part": "SMALLINT"}, lignes)
    requete = """
        SELECT a.t, a.i, a.c, any_value(a.n) AS n, sum(b.n) AS autre FROM calculees AS a JOIN partitions AS p ON p.i = a.i
        JOIN calculees AS b ON b.i = p.part AND b.t = a.t AND b.c = a.c
        GROUP BY a.t, a.i, a.c HAVING any_value(a.n) <> sum(b.n)"""
    _aucune(base, cat, requete, lambda i: f"n'est pas la somme de {' et '.join(i.partition)}")


def _decoupages(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, cases: Cases) -> None:
    """Exclusive modalities sum to at most the whole."""
    comptes = [(cases.rangs[i.code], i.genre == "evenements") for i in cat.indicateurs.values() if i.genre in COMPTES]
    table(base, "decoupes", {"i": "SMALLINT", "evenement": "BOOLEAN"}, comptes)
    exclusifs = ", ".join(f"'{v}'" for v in EXCLUSIFS)
    requete = f"""
        SELECT s.t, s.i, z.c, b.n, s.n AS autre FROM (
            SELECT a.t, a.i, k.periode, k.ventilation, sum(a.n) AS n FROM calculees AS a JOIN cases AS k USING (c)
            JOIN decoupes AS d ON d.i = a.i JOIN territoires AS l ON l.t = a.t
            WHERE k.ventilation IN ({exclusifs}) AND (d.evenement OR (k.ventilation = 'sexe' AND l.niveau = 'ml'))
            GROUP BY a.t, a.i, k.periode, k.ventilation
        ) AS s JOIN cases AS z ON z.ventilation = '' AND z.periode = s.periode
        JOIN calculees AS b ON b.t = s.t AND b.i = s.i AND b.c = z.c WHERE s.n > b.n"""
    _aucune(base, cat, requete, lambda _: "est moins que la somme de ses modalités")


def _bornes(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, cases: Cases) -> None:
    """A share of a whole is between 0 and 100 %."""
    bornes = ", ".join(str(cases.rangs[i.code]) for i in cat.indicateurs.values() if i.borne) or "NULL"
    requete = f"SELECT t, i, c, n, d AS autre FROM calculees WHERE i IN ({bornes}) AND (n > d OR n < 0)"
    _aucune(base, cat, requete, lambda _: "est une part qui sort de 0 à 100 %")


# A territory and those that make it up, level by level. An event may carry no site: sites do not make up a mission
# locale, but none of them exceeds it.
ETAGES = (
    ("t_ml", "t_departement"), ("t_ml", "t_region"), ("t_ml", "t_france"),
    ("t_departement", "t_region"), ("t_departement", "t_france"), ("t_region", "t_france"),
)  # fmt: skip


def _etages(base: duckdb.DuckDBPyConnection) -> None:
    """Make `etages`: every pair of levels; a territory one of whose missions locales has no lower one is left out."""
    paires = " UNION ALL ".join(
        f"SELECT {haut} AS haut, {bas} AS bas, CAST('{bas[2:]}' AS VARCHAR) AS etage FROM niveaux_ml "
        f"WHERE {haut} IS NOT NULL GROUP BY ALL"
        for bas, haut in ETAGES
    )
    base.execute(f"""
        CREATE OR REPLACE TEMP TABLE etages AS
        SELECT haut, bas, etage FROM ({paires}) QUALIFY bool_and(bas IS NOT NULL) OVER (PARTITION BY haut, etage)""")


def _hauts(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, cases: Cases) -> None:
    """A count of distinct persons in a territory is at most the sum of what makes it up, at every pair of levels.

    The lower counts are read before their status: a territory that does not use the module Entreprise has some too.
    """
    _etages(base)
    distincts = _rangs(cat, cases, "personnes", "stock")
    requete = f"""
        SELECT h.t, h.i, h.c, h.n, s.n AS autre FROM calculees AS h JOIN (
            SELECT e.haut AS t, e.etage, b.i, b.c, sum(b.n) AS n FROM comptes AS b JOIN etages AS e ON e.bas = b.t
            WHERE b.i IN ({distincts}) AND b.c IN (SELECT c FROM cases WHERE ventilation = '') GROUP BY ALL
        ) AS s ON s.t = h.t AND s.i = h.i AND s.c = h.c WHERE h.n > s.n"""
    _aucune(base, cat, requete, lambda _: "dépasse la somme des territoires qui le composent")


def _bas(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, cases: Cases) -> None:
    """A count in a territory is at most that of a territory that holds it, from the site up."""
    requete = f"""
        WITH entieres AS (
            SELECT t, i, c, n FROM calculees
            WHERE i IN ({_rangs(cat, cases, "personnes", "stock", "evenements")})
                AND c IN (SELECT c FROM cases WHERE ventilation = '')
        )
        SELECT b.t, b.i, b.c, b.n, h.n AS autre FROM entieres AS b JOIN (
            SELECT bas, haut FROM etages UNION ALL
            SELECT s.t_site, m.t_ml FROM niveaux_site AS s JOIN niveaux_ml AS m USING (ml_num)
        ) AS e ON e.bas = b.t JOIN entieres AS h ON h.t = e.haut AND h.i = b.i AND h.c = b.c
        WHERE b.n > h.n"""
    _aucune(base, cat, requete, lambda _: "dépasse le territoire qui le contient")


def _rangs(cat: CatalogueMl, cases: Cases, *genres: str) -> str:
    return ", ".join(str(cases.rangs[i.code]) for i in cat.indicateurs.values() if i.genre in genres) or "NULL"


def _aucune(
    base: duckdb.DuckDBPyConnection, cat: CatalogueMl, requete: str, faute: Callable[[IndicateurMl], str]
) -> None:
    ligne = base.execute(
        f"SELECT k.indicateur, z.niveau, z.code, s.periode, x.n, x.autre FROM ({requete}) AS x JOIN territoires AS z USING (t) "
        "JOIN codes AS k USING (i) JOIN cases AS s USING (c) ORDER BY ALL LIMIT 1"
    ).fetchone()
    if ligne:
        code, niveau, territoire, periode, un, autre = ligne
        i = cat.indicateurs[code]
        raise InvariantRompu(
            f"{code} ({i.libelle}), {niveau} {territoire}, {periode} : {un} contre {autre} ; il {faute(i)}. "
            "Rien n'est écrit : signalez ce cas avec les fichiers."
        )
