# ruff: noqa: E501 - a SQL clause stays on its line
"""From counts to printed values: zeros, what is missing, what is not usable, resources, rates."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from convenir.mesure.indicateurs.compilateur.nombres import DECIMALES, ecrire
from convenir.mesure.indicateurs.perimetre import PerimetreCharge
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl
from convenir.mesure.indicateurs.releves_ml.cases import COMPTES, Cases, dernieres
from convenir.mesure.indicateurs.releves_ml.declares import declarer
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.releves_ml.lecture import Tables, table
from convenir.mesure.indicateurs.releves_ml.rapports import ajouter_moyennes, ajouter_rapports
from convenir.mesure.indicateurs.releves_ml.regles import Regles
from convenir.mesure.indicateurs.valeurs import Statut, Unite

D, M, NE = (str(s) for s in (Statut.DISPONIBLE, Statut.MANQUANT, Statut.NON_EXPLOITABLE))
STATUTS = ", ".join(f"'{s}'" for s in Statut)
_SCHEMA = "t INTEGER, i SMALLINT, c INTEGER, n BIGINT, d BIGINT, v BIGINT, statut statut_ml"


def preparer_valeurs(base: duckdb.DuckDBPyConnection, cases: Cases) -> None:
    """Make the empty `publiees`, exact integers in the order of the CSV, and `valeurs`, their texts."""
    base.execute(f"CREATE TYPE statut_ml AS ENUM ({STATUTS})")
    cases.preparer(base)
    base.execute(f"CREATE TABLE publiees ({_SCHEMA}, dn TINYINT, dd TINYINT, dv TINYINT, annee SMALLINT)")
    table(base, "codes", {"i": "SMALLINT", "indicateur": "VARCHAR"}, ((n, code) for code, n in cases.rangs.items()))
    base.execute(f"""
        CREATE TEMP VIEW valeurs_dans_lordre AS
        SELECT p.t, p.i, p.c, z.niveau, z.code, k.indicateur, s.ventilation, s.modalite, s.periode, {ecrire("p.n", "p.dn")} AS numerateur,
            {ecrire("p.d", "p.dd")} AS denominateur, {ecrire("p.v", "p.dv")} AS valeur, CAST(p.statut AS VARCHAR) AS statut, p.annee
        FROM publiees AS p JOIN territoires AS z USING (t) JOIN codes AS k USING (i) JOIN cases AS s USING (c)""")
    base.execute("CREATE TEMP VIEW valeurs AS SELECT * EXCLUDE (t, i, c) FROM valeurs_dans_lordre")


def completer(
    tables: Tables, cat: CatalogueMl, annee: AnneeMl, regles: Regles, couvert: PerimetreCharge, cases: Cases
) -> None:
    """Fill `calculees`: one row per value, as integers with the decimals of their unit."""
    base = tables.base
    base.execute(f"CREATE OR REPLACE TEMP TABLE calculees ({_SCHEMA})")
    _statuts(tables, cat, couvert, cases)
    _comptees(base, cat, annee, cases)
    for i in cat.indicateurs.values():
        if i.genre == "declare":
            declarer(tables, i, cases.rangs[i.code], cases.numeros["", "", str(annee.annee)], annee, regles)
    ajouter_moyennes(base, cat, cases, annee)
    ajouter_rapports(base, cat, cases, annee)


def _statuts(tables: Tables, cat: CatalogueMl, couvert: PerimetreCharge, cases: Cases) -> None:
    """Make `statuts`: what prevents an indicator from being read in a territory."""
    base = tables.base
    table(
        base, "portees", {"i": "SMALLINT", "niveau": "VARCHAR", "absente": "BOOLEAN", "module": "VARCHAR"},
        ((cases.rangs[i.code], niveau, bool(i.releve) and not tables.a(*cat.releves[i.releve].tables), i.module)
         for i in cat.indicateurs.values() for niveau in i.niveaux),
    )  # fmt: skip
    regions = _liste(couvert.regions)
    hors = f"(z.niveau = 'region' AND z.code NOT IN ({regions}))" + (
        "" if couvert.france else " OR z.niveau = 'france'"
    )
    base.execute(f"""
        CREATE OR REPLACE TEMP TABLE statuts AS
        SELECT z.t, p.i, CAST(CASE WHEN p.absente OR {hors} THEN '{M}'
            WHEN p.module <> 'non' AND u.t IS NULL AND (p.module = 'oui' OR coalesce(k.n, 0) = 0) THEN '{NE}'
            ELSE '{D}' END AS statut_ml) AS statut
        FROM portees AS p JOIN territoires AS z USING (niveau) LEFT JOIN annuels AS k ON k.t = z.t AND k.i = p.i
        LEFT JOIN (SELECT DISTINCT unnest([t_ml, t_departement, t_region, t_france]) AS t FROM niveaux_ml WHERE module) AS u ON u.t = z.t""")


def _comptees(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, annee: AnneeMl, cases: Cases) -> None:
    """Counts: a zero is written where nothing was counted, and nothing where the indicator cannot be read."""
    an, fin = dernieres(annee)
    base.execute(f"""
        INSERT INTO calculees SELECT k.t, k.i, k.c, k.n, NULL, k.n, '{D}'
        FROM comptes AS k JOIN statuts AS s ON s.t = k.t AND s.i = k.i WHERE s.statut = '{D}'""")
    de_site = (
        ", ".join(str(cases.rangs[i.code]) for i in cat.indicateurs.values() if "site" in i.ventilations) or "NULL"
    )
    base.execute(f"""
        INSERT INTO calculees
        SELECT l.t, k.i, c.c, k.n, NULL, k.n, '{D}'
        FROM annuels AS k JOIN niveaux_site AS n ON n.t_site = k.t JOIN niveaux_ml AS m USING (ml_num)
        JOIN statuts AS l ON l.t = m.t_ml AND l.i = k.i AND l.statut = '{D}'
        JOIN cases AS c ON c.ventilation = 'site' AND c.modalite = n.site_id AND c.periode = '{an}'
        WHERE k.i IN ({de_site}) AND k.n > 0""")
    par_genre = {
        genre: [cases.rangs[i.code] for i in cat.indicateurs.values() if i.genre == genre] for genre in COMPTES
    }
    fins = ", ".join(map(str, par_genre["stock"])) or "NULL"
    comptes = ", ".join(str(rang) for rangs in par_genre.values() for rang in rangs) or "NULL"
    base.execute(f"""
        INSERT INTO calculees
        SELECT t, i, CASE WHEN i IN ({fins}) THEN {cases.numeros["", "", fin]} ELSE {cases.numeros["", "", an]} END, NULL, NULL, NULL, statut
        FROM statuts WHERE statut <> '{D}' AND i IN ({comptes})""")


def decimales(cat: CatalogueMl, i: IndicateurMl) -> tuple[int, int, int]:
    """Return with how many decimals the numerator, the denominator and the value of an indicator are written."""
    haut = cat.indicateurs[i.numerateur.indicateur] if i.genre == "rapport" else i
    bas = cat.indicateurs[i.denominateur.indicateur] if i.genre == "rapport" and i.denominateur else None
    dn = 0 if i.genre == "moyenne" else DECIMALES[Unite(haut.unite)]
    return dn, DECIMALES[Unite(bas.unite)] if bas else 0, DECIMALES[Unite(i.unite)]


def ecrire_valeurs(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, annee: AnneeMl, cases: Cases) -> None:
    """Append the published values of the year to `publiees`."""
    lignes = [(cases.rangs[i.code], *decimales(cat, i)) for i in cat.indicateurs.values() if i.publie]
    table(base, "publies", {"i": "SMALLINT", "dn": "TINYINT", "dd": "TINYINT", "dv": "TINYINT"}, lignes)
    base.execute(
        f"INSERT INTO publiees SELECT c.*, p.dn, p.dd, p.dv, {annee.annee} FROM calculees AS c JOIN publies AS p USING (i)"
    )


def _liste(mots: Collection[str]) -> str:
    return ", ".join(f"'{m}'" for m in sorted(mots)) or "''"
