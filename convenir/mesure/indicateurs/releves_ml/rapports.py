# ruff: noqa: E501 - a SQL clause stays on its line
"""Rates and means: read from values of the same territory, breakdown and period, in exact integers."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from convenir.mesure.indicateurs.compilateur.nombres import DECIMALES, rapport
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl, periodes
from convenir.mesure.indicateurs.releves_ml.cases import Cases, dernieres
from convenir.mesure.indicateurs.releves_ml.comptage import modalites_de
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.releves_ml.lecture import table
from convenir.mesure.indicateurs.valeurs import Statut, Unite

D, NC, M, NE = (str(s) for s in (Statut.DISPONIBLE, Statut.NON_CALCULABLE, Statut.MANQUANT, Statut.NON_EXPLOITABLE))
# A rate is computed with six decimals, then rounded to those of its unit.
PRECISION = 6


def ajouter_moyennes(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, cases: Cases, annee: AnneeMl) -> None:
    """Add the means of the closed months of other indicators."""
    mois = ", ".join(str(cases.numeros["", "", p.code]) for p in periodes(annee) if p.genre == "mois")
    case = cases.numeros["", "", str(annee.annee)]
    valeur = rapport("sum(n)", str(annee.mois), 1, (0, 0))
    for i in cat.indicateurs.values():
        if i.genre == "moyenne":
            rang, lu = cases.rangs[i.code], cases.rangs[i.numerateur.indicateur]
            base.execute(f"""
                INSERT INTO calculees
                SELECT t, {rang}, {case}, sum(n), {annee.mois}, {valeur}, '{D}'
                FROM calculees WHERE i = {lu} AND c IN ({mois}) AND statut = '{D}' GROUP BY t
                UNION ALL SELECT t, {rang}, {case}, NULL, NULL, NULL, statut FROM statuts WHERE i = {lu} AND statut <> '{D}'""")


def ajouter_rapports(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, cases: Cases, annee: AnneeMl) -> None:
    """Add the rates, all at once."""
    rapports = [i for i in cat.indicateurs.values() if i.genre == "rapport"]
    colonnes = dict.fromkeys(("i", "haut", "bas"), "SMALLINT") | dict.fromkeys(("fois", "sur", "pas"), "BIGINT")
    table(base, "rapports", colonnes, (_termes(cat, i, cases) for i in rapports))
    table(
        base, "cases_de_rapports", {"i": "SMALLINT", "c": "INTEGER", "c_bas": "INTEGER"},
        (ligne for i in rapports for ligne in _cases(cat, i, cases, annee)),
    )  # fmt: skip
    niveaux = [(cases.rangs[i.code], niveau) for i in rapports for niveau in i.niveaux]
    table(base, "niveaux_de_rapports", {"i": "SMALLINT", "niveau": "VARCHAR"}, niveaux)
    n, d = "CAST(h.n AS HUGEINT) * r.fois", "CAST(b.n AS HUGEINT) * r.sur"
    # Rounded half up twice, as written out: six decimals, then those of the unit.
    valeur = f"({n} * 2 + {d}) // nullif({d} * 2, 0)"
    base.execute(f"""
        INSERT INTO calculees
        SELECT t, i, c, CASE WHEN statut IN ('{D}', '{NC}') THEN hn END, CASE WHEN statut IN ('{D}', '{NC}') THEN bn END,
            CASE WHEN statut = '{D}' THEN CAST((v * 2 + pas) // (pas * 2) AS BIGINT) END, statut
        FROM (
            SELECT h.t, r.i, g.c, h.n AS hn, b.n AS bn, {valeur} AS v, r.pas,
                CASE WHEN b.statut IS NULL OR h.statut = '{M}' OR b.statut = '{M}' THEN '{M}'
                    WHEN h.statut = '{NE}' OR b.statut = '{NE}' THEN '{NE}' WHEN b.n = 0 THEN '{NC}' ELSE '{D}' END AS statut
            FROM rapports AS r JOIN cases_de_rapports AS g ON g.i = r.i
            JOIN calculees AS h ON h.i = r.haut AND h.c = g.c
            JOIN territoires AS z ON z.t = h.t JOIN niveaux_de_rapports AS p ON p.i = r.i AND p.niveau = z.niveau
            LEFT JOIN calculees AS b ON b.i = r.bas AND b.t = h.t AND b.c = g.c_bas
        )""")


def _termes(cat: CatalogueMl, i: IndicateurMl, cases: Cases) -> tuple[int, ...]:
    """Numbers of a rate and of its terms, what each is multiplied by, and the last rounding."""
    assert i.denominateur is not None
    haut, bas = i.numerateur.indicateur, i.denominateur.indicateur
    dh, db, d = (DECIMALES[Unite(x.unite)] for x in (cat.indicateurs[haut], cat.indicateurs[bas], i))
    exposant = PRECISION + db - dh
    fois, sur = i.facteur * 10 ** max(exposant, 0), 10 ** max(-exposant, 0)
    return cases.rangs[i.code], cases.rangs[haut], cases.rangs[bas], fois, sur, 10 ** (PRECISION - d)


def _cases(cat: CatalogueMl, i: IndicateurMl, cases: Cases, annee: AnneeMl) -> Iterator[tuple[int, int, int]]:
    """Cases of a rate; a yearly sum over a stock is read on the last day."""
    assert i.denominateur is not None
    haut, bas = cat.indicateurs[i.numerateur.indicateur], cat.indicateurs[i.denominateur.indicateur]
    de_stock = bas.genre == "stock" and haut.genre != "stock"
    an, fin = dernieres(annee)
    lues = [("", "", p.code) for p in periodes(annee) if p.genre in i.periodes]
    lues += [
        (v, m.code, fin if haut.genre == "stock" else an) for v in i.ventilations for m in modalites_de(cat, haut, v)
    ]
    for v, m, p in lues:
        yield cases.rangs[i.code], cases.numeros[v, m, p], cases.numeros[v, m, fin if de_stock else p]
