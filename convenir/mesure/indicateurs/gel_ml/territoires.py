# ruff: noqa: E501 - a SQL clause stays on its line
"""From the values of the missions locales to those of their territories: distinct youths when one source holds them
all, else sums that say so, else nothing."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from convenir.mesure.indicateurs.compilateur.nombres import arrondir, ecrire, rapport
from convenir.mesure.indicateurs.connexion import table
from convenir.mesure.indicateurs.gel_ml.lecture import Lues, texte_de_millioniemes
from convenir.mesure.indicateurs.gel_ml.sources import ENREGISTREMENTS, SOMME, EntreesMl
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl, periodes
from convenir.mesure.indicateurs.releves_ml.valeurs_ml import decimales
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE, Statut

D, NC, M, NE = (str(s) for s in (Statut.DISPONIBLE, Statut.NON_CALCULABLE, Statut.MANQUANT, Statut.NON_EXPLOITABLE))
CLE = "indicateur, ventilation, modalite, periode"


def assembler(base: duckdb.DuckDBPyConnection, entrees: EntreesMl, lues: Lues, annees: list[int]) -> None:
    """Make `valeurs` from `lues`: one source for each mission locale and year, then the territories above."""
    _preparer(base, entrees, lues, annees)
    base.execute("""
        CREATE TABLE valeurs (niveau VARCHAR, code VARCHAR, indicateur VARCHAR, ventilation VARCHAR, modalite VARCHAR,
            periode VARCHAR, numerateur VARCHAR, denominateur VARCHAR, valeur VARCHAR, statut VARCHAR, exclus BIGINT,
            source VARCHAR, annee SMALLINT)""")
    base.execute(f"""
        INSERT INTO valeurs
        SELECT niveau, code, {CLE}, numerateur, denominateur, valeur, statut, NULL, v.voie, annee
        FROM (
            SELECT l.* FROM lues AS l JOIN choix AS c ON l.niveau = 'ml' AND c.code = l.code AND c.annee = l.annee
                AND c.source_rang = l.source_rang
            UNION ALL
            SELECT l.* FROM lues AS l WHERE l.niveau = 'site' AND (l.code, l.annee, l.source_rang) IN (
                SELECT m.modalite, m.annee, m.source_rang FROM lues AS m JOIN choix AS c ON m.niveau = 'ml'
                    AND c.code = m.code AND c.annee = m.annee AND c.source_rang = m.source_rang WHERE m.ventilation = 'site')
        ) JOIN voies AS v USING (source_rang)""")
    _distincts(base)
    _sommes(base)
    _absents(base)


def _preparer(base: duckdb.DuckDBPyConnection, entrees: EntreesMl, lues: Lues, annees: list[int]) -> None:
    """Make `voies`, `choix` (source of each mission locale and year), `membres`, `territoires`, `declares`."""
    voies = ((r, s.voie) for r, s in enumerate(entrees.ordonnees))
    table(base, "voies", {"source_rang": "INTEGER", "voie": "VARCHAR"}, voies)
    base.execute("""CREATE TEMP TABLE choix AS SELECT code, annee, min(source_rang) AS source_rang FROM lues
        WHERE niveau = 'ml' GROUP BY code, annee""")
    table(base, "annees", {"annee": "SMALLINT"}, ((a,) for a in annees))
    _reseau(base, entrees, lues)
    _territoires(base)
    table(
        base, "declares",
        {"indicateur": "VARCHAR", "annee": "SMALLINT", "genre": "VARCHAR", "facteur": "BIGINT", "dn": "TINYINT",
         "dd": "TINYINT", "dv": "TINYINT", "periode": "VARCHAR"},
        _declares(lues, annees),
    )  # fmt: skip


def _reseau(base: duckdb.DuckDBPyConnection, entrees: EntreesMl, lues: Lues) -> None:
    """Make `tenues`, `tous` and `membres` (territories of the missions locales), `partiels` (those not all there)."""
    lus = {code for (code,) in base.execute("SELECT DISTINCT code FROM choix").fetchall()}
    departements = {c: d for c, d in lues.departements.items() if c in lus} | dict(entrees.departements)
    tous = {**lues.departements, **entrees.departements}
    tenues = ((r, m) for r, s in lues.tenues.items() for m in s)
    table(base, "tenues", {"source_rang": "INTEGER", "ml": "VARCHAR"}, tenues)
    table(base, "tous", {"niveau": "VARCHAR", "code": "VARCHAR", "ml": "VARCHAR"}, _membres(tous, entrees))
    table(base, "membres", {"niveau": "VARCHAR", "code": "VARCHAR", "ml": "VARCHAR"}, _membres(departements, entrees))
    partiels = _partiels(set(departements.values()), entrees)
    table(base, "partiels", {"niveau": "VARCHAR", "code": "VARCHAR"}, partiels)


def _partiels(connus: set[str], entrees: EntreesMl) -> list[tuple[str, str]]:
    """Return the régions, and France, of which a département is not known."""
    regions: dict[str, set[str]] = {}
    for departement, region in entrees.geographie.regions.items():
        regions.setdefault(region, set()).add(departement)
    entieres = {r for r, d in regions.items() if d <= connus}
    france = set(regions) - set(entrees.geographie.hors_compte) <= entieres
    return [("region", r) for r in regions if r not in entieres] + ([] if france else [("france", CODE_FRANCE)])


def _territoires(base: duckdb.DuckDBPyConnection) -> None:
    """Make `territoires`: of each and each year, whether all is there, and the one source that counts it if any."""
    # One source for all the members, none of them missing: its own count stands. Otherwise a sum, or nothing.
    base.execute("""
        CREATE TEMP TABLE territoires AS
        SELECT m.niveau, m.code, a.annee, count(*) AS membres, count(*) = count(c.source_rang)
                AND (m.niveau, m.code) NOT IN (SELECT niveau, code FROM partiels) AS entier,
            CASE WHEN count(DISTINCT c.source_rang) = 1 AND any_value(v.voie) = 'enregistrements'
                THEN min(c.source_rang) END AS source_rang
        FROM membres AS m CROSS JOIN annees AS a LEFT JOIN choix AS c ON c.code = m.ml AND c.annee = a.annee
        LEFT JOIN voies AS v USING (source_rang) GROUP BY m.niveau, m.code, a.annee""")
    # A set of records counts every mission locale that it holds, even one that another delivery has replaced since.
    base.execute("""
        UPDATE territoires SET source_rang = NULL WHERE (niveau, code, annee, source_rang) IN (
            SELECT m.niveau, m.code, a.annee, h.source_rang FROM tenues AS h JOIN tous AS m USING (ml) CROSS JOIN annees AS a
            LEFT JOIN choix AS c ON c.code = h.ml AND c.annee = a.annee AND c.source_rang = h.source_rang
            WHERE c.code IS NULL)""")


def _membres(departements: dict[str, str], entrees: EntreesMl) -> Iterable[tuple[str, str, str]]:
    for ml, departement in sorted(departements.items()):
        yield "departement", departement, ml
        if region := entrees.geographie.regions.get(departement):
            yield "region", region, ml
        yield "france", CODE_FRANCE, ml


def _declares(lues: Lues, annees: list[int]) -> Iterable[tuple[object, ...]]:
    for annee in annees:
        cat = lues.catalogues[annee]
        clos = lues.mois_clos(annee)
        fins = {p.genre: p.code for p in periodes(AnneeMl(annee, clos))} if clos else {}
        for i in cat.indicateurs.values():
            if i.publie:
                periode = (
                    fins.get("stock", f"{annee}-12-31") if i.genre == "stock" or "stock" in i.periodes else str(annee)
                )
                yield i.code, annee, i.genre, i.facteur, *decimales(cat, i), periode


def _distincts(base: duckdb.DuckDBPyConnection) -> None:
    """Territories whose missions locales all come from one set of records: a youth counts once."""
    base.execute(f"""
        INSERT INTO valeurs
        SELECT l.niveau, l.code, {CLE}, numerateur, denominateur, valeur, statut, NULL, '{ENREGISTREMENTS}', l.annee
        FROM lues AS l JOIN territoires AS t ON t.niveau = l.niveau AND t.code = l.code AND t.annee = l.annee
            AND t.source_rang = l.source_rang WHERE t.entier""")


def _sommes(base: duckdb.DuckDBPyConnection) -> None:
    """Other whole territories: sums of what every mission locale has, rates taken from the sums."""
    n, bas = _millioniemes("sum", "numerateur"), _millioniemes("sum", "denominateur")
    base.execute(f"""
        CREATE TEMP TABLE additionnees AS
        SELECT t.niveau, t.code, v.annee, v.indicateur, ventilation, modalite, v.periode, {n} AS n,
            CASE WHEN any_value(genre) = 'moyenne' THEN {_millioniemes("max", "denominateur")} ELSE {bas} END AS d,
            any_value(t.membres) - count(*) AS absentes, count(*) FILTER (WHERE v.statut = '{M}') AS manquantes,
            count(*) FILTER (WHERE lisible) AS lisibles, any_value(genre) AS genre, any_value(facteur) AS facteur,
            any_value(dn) AS dn, any_value(dd) AS dd, any_value(dv) AS dv
        FROM (SELECT *, statut IN ('{D}', '{NC}') AS lisible FROM valeurs WHERE niveau = 'ml') AS v
        JOIN declares AS i ON i.indicateur = v.indicateur AND i.annee = v.annee
        JOIN membres AS m ON m.ml = v.code
        JOIN territoires AS t ON t.niveau = m.niveau AND t.code = m.code AND t.annee = v.annee
        WHERE v.ventilation <> 'site' AND t.entier AND t.source_rang IS NULL GROUP BY ALL""")
    taux = rapport("(n * facteur)", "d", 1, (6, 6))
    arrondi = f"CASE dv WHEN 0 THEN {arrondir('r', 6, 0)} WHEN 2 THEN {arrondir('r', 6, 2)} ELSE r END"
    base.execute(f"""
        INSERT INTO valeurs
        SELECT niveau, code, {CLE}, CASE WHEN statut IN ('{D}', '{NC}') THEN {texte_de_millioniemes("n", "dn")} END,
            CASE WHEN statut IN ('{D}', '{NC}') AND d IS NOT NULL THEN {texte_de_millioniemes("d", "dd")} END,
            CASE WHEN statut = '{D}' AND d IS NULL THEN {texte_de_millioniemes("n", "dv")} WHEN statut = '{D}' THEN {ecrire("v", "dv")} END,
            statut, NULL, '{SOMME}', annee
        FROM (
            SELECT *, {arrondi} AS v, CASE WHEN absentes > 0 OR manquantes > 0 THEN '{M}' WHEN lisibles = 0 THEN '{NE}'
                WHEN genre IN ('rapport', 'moyenne') AND coalesce(d, 0) = 0 THEN '{NC}' ELSE '{D}' END AS statut
            FROM (SELECT *, {taux} AS r FROM additionnees)
        )""")


def _millioniemes(fonction: str, colonne: str) -> str:
    """SQL of an aggregate of a printed column, as an integer of millionths: exact."""
    return f"CAST({fonction}(CAST({colonne} AS DECIMAL(24, 6))) FILTER (WHERE lisible) * 1000000 AS HUGEINT)"


def _absents(base: duckdb.DuckDBPyConnection) -> None:
    """Territories that the sources do not cover: every indicator is there, and missing."""
    base.execute(f"""
        INSERT INTO valeurs
        SELECT t.niveau, t.code, i.indicateur, '', '', i.periode, NULL, NULL, NULL, '{M}', NULL, '', t.annee
        FROM territoires AS t JOIN declares AS i ON i.annee = t.annee WHERE NOT t.entier""")
