# ruff: noqa: E501 - a SQL clause stays on its line
"""From relations to counts: flags per person at the finest level, histograms of their masks, sums by level.

A person's year is one integer per indicator: twelve bits for the months, then one bit per modality. Persons are told
apart once per relation (`GROUP BY` on the file; above the mission locale, only those known in several are grouped
again). Everything else is sums over small histograms: no `COUNT(DISTINCT)` per indicator, period or breakdown.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import sqlglot

from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl, periodes
from convenir.mesure.indicateurs.releves_ml.definitions import (
    AUTRE,
    CatalogueMl,
    IndicateurMl,
    ModaliteMl,
    Releve,
)
from convenir.mesure.indicateurs.releves_ml.lecture import table
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE

DECALAGE = 12
TOUS = (1 << DECALAGE) - 1
MOITIE = 6
DISTINCTS = ("personnes", "stock")
# Which periods each part of a histogram feeds. A quarter lies inside a half of the year; the first month of a person
# tells whether she is in a year or in the months since January.
PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "personnes": {"bas": ("mois", "trimestre"), "haut": ("mois", "trimestre"), "premier": ("annee", "cumul")},
    "stock": {"bas": ("stock",), "haut": ("stock",)},
    "evenements": {"mois": ("annee", "trimestre", "mois", "cumul")},
}


def preparer_comptage(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, annee: AnneeMl) -> None:
    """Make the territories, the list of indicators, their periods and modalities, and the empty histogram."""
    base.execute(f"""
        CREATE OR REPLACE TEMP TABLE territoires AS
        SELECT CAST(row_number() OVER (ORDER BY niveau, code) AS INTEGER) AS t, * FROM (
            SELECT 'ml' AS niveau, ml_id AS code FROM ml UNION ALL SELECT DISTINCT 'departement', dept_code FROM ml
            UNION ALL SELECT DISTINCT 'region', region_code FROM ml UNION ALL SELECT 'france', '{CODE_FRANCE}'
            UNION ALL SELECT 'site', site_id FROM site
        ) WHERE code IS NOT NULL""")
    base.execute("""
        CREATE OR REPLACE TEMP TABLE niveaux_ml AS
        SELECT ml.ml_num, m.t AS t_ml, d.t AS t_departement, r.t AS t_region, f.t AS t_france, ml.module
        FROM ml JOIN territoires AS m ON m.niveau = 'ml' AND m.code = ml.ml_id
        LEFT JOIN territoires AS d ON d.niveau = 'departement' AND d.code = ml.dept_code
        LEFT JOIN territoires AS r ON r.niveau = 'region' AND r.code = ml.region_code
        JOIN territoires AS f ON f.niveau = 'france'""")
    base.execute("""
        CREATE OR REPLACE TEMP TABLE niveaux_site AS SELECT s.site_num, s.ml_num, s.site_id, t.t AS t_site
        FROM site AS s JOIN territoires AS t ON t.niveau = 'site' AND t.code = s.site_id""")
    rangs = {code: rang for rang, code in enumerate(cat.indicateurs)}
    table(base, "rangs", {"i": "SMALLINT", "indicateur": "VARCHAR"}, ((r, c) for c, r in rangs.items()))
    table(
        base, "attribution", {"i": "SMALLINT", "part": "VARCHAR", "periode": "VARCHAR", "masque": "INTEGER"},
        _attribution(cat, annee, rangs),
    )  # fmt: skip
    table(
        base, "modalites", {"i": "SMALLINT", "ventilation": "VARCHAR", "modalite": "VARCHAR", "rang": "INTEGER"},
        ((rangs[i.code], v, m.code, m.rang) for i in cat.indicateurs.values() for v in i.ventilations
         for m in modalites_de(cat, i, v)),
    )  # fmt: skip
    colonnes = "t INTEGER, i SMALLINT, part VARCHAR, cle BIGINT, n BIGINT"
    base.execute(f"CREATE OR REPLACE TEMP TABLE histogramme ({colonnes})")
    base.execute(
        "CREATE OR REPLACE TEMP TABLE par_site (ml_num INTEGER, site_num INTEGER, i SMALLINT, part VARCHAR, cle BIGINT, n BIGINT)"
    )


def modalites_de(cat: CatalogueMl, i: IndicateurMl, ventilation: str) -> list[ModaliteMl]:
    """Return the modalities printed for an indicator: not the other programmes where only the named ones count."""
    lues = cat.ventilations[ventilation].modalites
    nommes = "principal" in i.filtre
    return [m for m in lues if not (nommes and ventilation == "dispositif" and m.code == AUTRE)]


def _attribution(cat: CatalogueMl, annee: AnneeMl, rangs: dict[str, int]) -> Iterator[tuple[int, str, str, int]]:
    toutes = list(periodes(annee))
    for i in cat.indicateurs.values():
        for part, genres in PARTS.get(i.genre, {}).items():
            for p in toutes:
                if p.genre in genres and p.genre in i.periodes:
                    yield rangs[i.code], part, p.code, p.masque


def compter(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, releve: Releve, relation: str, annee: AnneeMl) -> None:
    """Add to the histogram every indicator read from a relation."""
    rangs = {code: rang for rang, code in enumerate(cat.indicateurs)}
    distincts = cat.de(releve.nom, *DISTINCTS)
    if distincts:
        _distincts(base, releve, relation, [(rangs[i.code], i) for i in distincts], annee)
    quantites = [(rangs[i.code], i) for i in cat.de(releve.nom, "evenements")]
    if quantites:
        _quantites(base, releve, relation, quantites)


def _cle(releve: Releve, i: IndicateurMl, annee: AnneeMl) -> str:
    """SQL of what a row brings to a person: its month bits, then the bits of its modalities."""
    mesure = i.mesure if _de_masques(releve) else "(1 << mois)"
    mesure = f"CAST({mesure} AS BIGINT)"
    bits = f"(bits << {DECALAGE})"
    if i.genre == "stock":
        # The modalities of a stock are those of the last day.
        bits = f"CASE WHEN {mesure} & {1 << (annee.mois - 1)} <> 0 THEN {bits} ELSE 0 END"
        plein = f"{mesure} | {bits}"
    else:
        plein = f"CASE WHEN {mesure} <> 0 THEN {mesure} | {bits} ELSE 0 END"
    return f"CASE WHEN {i.filtre} THEN {plein} ELSE 0 END" if i.filtre else plein


def _de_masques(releve: Releve) -> bool:
    return releve.nom in {"activite", "propositions", "demande", "attente", "presence", "parrainages", "parrains"}


def _distincts(
    base: duckdb.DuckDBPyConnection, releve: Releve, relation: str, voulus: list[tuple[int, IndicateurMl]], annee: AnneeMl
) -> None:  # fmt: skip
    cles = ", ".join(f"bit_or({_cle(releve, i, annee)}) AS k{rang}" for rang, i in voulus)
    if releve.par_site:
        _executer(base, f"CREATE OR REPLACE TEMP TABLE sites AS SELECT ml_num, site_num, dossier, any_value(personne) AS personne, {cles} "
                  f"FROM {relation} GROUP BY ml_num, site_num, dossier")  # fmt: skip
        for rang, i in voulus:
            for part, cle in _parts(f"k{rang}", i.genre):
                if part != "bits":
                    _executer(base, f"INSERT INTO par_site SELECT ml_num, site_num, {rang}, '{part}', {cle} AS cle, count(*) FROM sites "
                              f"WHERE {cle} <> 0 AND site_num IS NOT NULL GROUP BY ml_num, site_num, {cle}")  # fmt: skip
        memes = ", ".join(f"bit_or(k{rang}) AS k{rang}" for rang, _ in voulus)
        source = (
            f"SELECT ml_num, dossier, any_value(personne) AS personne, {memes} FROM sites GROUP BY ml_num, dossier"
        )
    else:
        source = (
            f"SELECT ml_num, dossier, any_value(personne) AS personne, {cles} FROM {relation} GROUP BY ml_num, dossier"
        )
    _executer(base, f"CREATE OR REPLACE TEMP TABLE masques AS {source}")
    blocs = []
    for rang, i in voulus:
        for part, cle in _parts(f"k{rang}", i.genre):
            blocs.append(
                f"SELECT ml_num, {str(i.somme).lower()} OR personne IS NULL AS seul, {rang} AS i, '{part}' AS part, "
                f"{cle} AS cle, count(*) AS n FROM masques WHERE {cle} <> 0 GROUP BY ml_num, seul, cle"
            )
    _monter(base, " UNION ALL ".join(blocs))
    ou = ", ".join(f"bit_or(k{rang}) AS k{rang}" for rang, i in voulus if not i.somme)
    if not ou:
        return
    _executer(
        base,
        f"""
        CREATE OR REPLACE TEMP TABLE masques_hauts AS
        SELECT coalesce(t_departement, t_region, t_france) AS t, personne, {ou}
        FROM (SELECT * FROM masques WHERE personne IS NOT NULL) JOIN niveaux_ml USING (ml_num)
        GROUP BY GROUPING SETS ((t_departement, personne), (t_region, personne), (t_france, personne))""",
    )
    hauts = [
        f"SELECT t, {rang} AS i, '{part}' AS part, {cle} AS cle, count(*) AS n FROM masques_hauts WHERE {cle} <> 0 GROUP BY t, cle"
        for rang, i in voulus if not i.somme for part, cle in _parts(f"k{rang}", i.genre)
    ]  # fmt: skip
    _executer(base, f"INSERT INTO histogramme SELECT * FROM ({' UNION ALL '.join(hauts)}) WHERE t IS NOT NULL")


def _parts(cle: str, genre: str) -> list[tuple[str, str]]:
    """Cut a person's integer into small keys: each half of the year, the first month, the modalities."""
    moitie = (1 << MOITIE) - 1
    parts = [
        ("bas", f"({cle} & {moitie})"),
        ("haut", f"({cle} & {TOUS - moitie})"),
        ("bits", f"({cle} >> {DECALAGE})"),
    ]
    if genre == "personnes":
        parts.append(("premier", f"(({cle} & {TOUS}) & -({cle} & {TOUS}))"))
    return parts


def _monter(base: duckdb.DuckDBPyConnection, fin: str) -> None:
    """Add counts of the mission locale to it and to the levels above; a person known in several goes up apart."""
    _executer(base, f"CREATE OR REPLACE TEMP TABLE fin AS {fin}")
    _executer(
        base,
        """
        INSERT INTO histogramme
        SELECT t_ml, i, part, cle, sum(n) FROM fin JOIN niveaux_ml USING (ml_num) GROUP BY ALL
        UNION ALL SELECT t_departement, i, part, cle, sum(n) FROM fin JOIN niveaux_ml USING (ml_num)
            WHERE seul AND t_departement IS NOT NULL GROUP BY ALL
        UNION ALL SELECT t_region, i, part, cle, sum(n) FROM fin JOIN niveaux_ml USING (ml_num)
            WHERE seul AND t_region IS NOT NULL GROUP BY ALL
        UNION ALL SELECT t_france, i, part, cle, sum(n) FROM fin JOIN niveaux_ml USING (ml_num) WHERE seul GROUP BY ALL""",
    )


def _quantites(
    base: duckdb.DuckDBPyConnection, releve: Releve, relation: str, voulus: list[tuple[int, IndicateurMl]]
) -> None:
    """Sums of events by month and by combination of modalities."""
    sommes = []
    for rang, i in voulus:
        n = i.mesure if i.mesure in {"nombre", "jours"} else "1"
        sommes.append(f"CAST(sum(CASE WHEN {i.filtre or 'true'} THEN {n} ELSE 0 END) AS BIGINT) AS s{rang}")
    site = "site_num" if releve.par_site else "NULL::INTEGER AS site_num"
    cles = "ml_num, site_num, mois, bits" if releve.par_site else "ml_num, mois, bits"
    _executer(base, f"CREATE OR REPLACE TEMP TABLE cubes AS SELECT ml_num, {site}, mois, bits, {', '.join(sommes)} "
              f"FROM {relation} GROUP BY {cles}")  # fmt: skip
    blocs = []
    for rang, _ in voulus:
        blocs += [
            f"SELECT ml_num, true AS seul, {rang} AS i, 'mois' AS part, 1::BIGINT << mois AS cle, sum(s{rang}) AS n FROM cubes "
            f"WHERE s{rang} <> 0 GROUP BY ml_num, mois",
            f"SELECT ml_num, true, {rang}, 'bits', bits, sum(s{rang}) FROM cubes WHERE s{rang} <> 0 AND bits <> 0 GROUP BY ml_num, bits",
        ]
        if releve.par_site:
            _executer(base, f"INSERT INTO par_site SELECT ml_num, site_num, {rang}, 'mois', 1::BIGINT << mois, sum(s{rang}) FROM cubes "
                      f"WHERE site_num IS NOT NULL AND s{rang} <> 0 GROUP BY ml_num, site_num, mois")  # fmt: skip
    _monter(base, " UNION ALL ".join(blocs))


def deplier(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, annee: AnneeMl) -> None:
    """Spread the histograms over periods and modalities: `comptes`, one row per count that is not zero."""
    sites = [rang for rang, i in enumerate(cat.indicateurs.values()) if "site" in i.ventilations]
    de_site = ", ".join(map(str, sites)) or "NULL"
    _executer(
        base,
        f"""
        CREATE OR REPLACE TEMP TABLE comptes AS
        SELECT h.t, h.i, '' AS ventilation, '' AS modalite, a.periode, sum(h.n) AS n
        FROM histogramme AS h JOIN attribution AS a ON a.i = h.i AND a.part = h.part WHERE h.cle & a.masque <> 0
        GROUP BY h.t, h.i, a.periode
        UNION ALL
        SELECT h.t, h.i, m.ventilation, m.modalite, '', sum(h.n)
        FROM histogramme AS h JOIN modalites AS m ON m.i = h.i
        WHERE h.part = 'bits' AND (h.cle >> m.rang) & 1 = 1 GROUP BY h.t, h.i, m.ventilation, m.modalite
        UNION ALL
        SELECT s.t_site, h.i, '', '', a.periode, sum(h.n) FROM par_site AS h JOIN niveaux_site AS s USING (site_num)
        JOIN attribution AS a ON a.i = h.i AND a.part = h.part WHERE h.cle & a.masque <> 0 GROUP BY ALL
        UNION ALL
        SELECT n.t_ml, h.i, 'site', s.site_id, '', sum(h.n) FROM par_site AS h JOIN niveaux_site AS s USING (site_num)
        JOIN niveaux_ml AS n ON n.ml_num = h.ml_num
        JOIN attribution AS a ON a.i = h.i AND a.part = h.part AND a.periode = '{annee.annee}'
        WHERE h.cle & a.masque <> 0 AND h.i IN ({de_site}) GROUP BY ALL""",
    )


def _executer(base: duckdb.DuckDBPyConnection, requete: str) -> None:
    """Run a query through its tree, which another engine can write in its own dialect."""
    base.execute(sqlglot.parse_one(requete, dialect="duckdb").sql("duckdb"))
