# ruff: noqa: E501 - a SQL clause stays on its line
"""The network and its territories, numbered in the order in which they are printed; a few thousand rows, on this machine."""

from __future__ import annotations

from collections.abc import Mapping

from convenir.mesure.indicateurs.releves_ml.lecture import Tables, table
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE
from convenir.socle.commun.erreurs import EntreeInvalide


def preparer_reseau(tables: Tables, regions: Mapping[str, str]) -> None:
    """Make `ml`, `site`, `territoires`, `niveaux_ml`, `niveaux_site`, `montee`; give the trees what they join.

    Args:
        tables: the records.
        regions: région of each département, which prevails over that of the file.

    Raises:
        EntreeInvalide: no mission locale.
    """
    _structures(tables, regions)
    _territoires(tables)
    base = tables.base
    base.execute("""
        CREATE TEMP TABLE montee AS
        SELECT * FROM (SELECT t_ml AS source, unnest([t_departement, t_region, t_france]) AS t FROM niveaux_ml) WHERE t IS NOT NULL""")
    base.execute("CREATE TEMP TABLE reseau_ml AS SELECT ml_id, t_ml AS ml FROM ml JOIN niveaux_ml USING (ml_num)")
    base.execute(
        "CREATE TEMP TABLE reseau_site AS SELECT s.site_id, s.t_site AS site, m.t_ml AS ml FROM niveaux_site AS s JOIN niveaux_ml AS m USING (ml_num)"
    )
    base.execute("CREATE TEMP TABLE reseau_hauts AS SELECT source AS ml, t FROM montee")
    for nom in ("reseau_ml", "reseau_site", "reseau_hauts"):
        tables.moteur.donner(nom)


def _structures(tables: Tables, regions: Mapping[str, str]) -> None:
    base, ici = tables.base, tables.locales
    table(base, "regions_connues", {"departement": "VARCHAR", "region": "VARCHAR"}, regions.items())
    base.execute(f"""
        CREATE TEMP TABLE ml AS
        SELECT CAST(row_number() OVER (ORDER BY ml_id) AS INTEGER) AS ml_num, ml_id, dept_code,
            coalesce(r.region, s.region_code) AS region_code, coalesce(module_entreprise, false) AS module
        FROM (SELECT ml_id, min(dept_code) AS dept_code, min(region_code) AS region_code,
                bool_or(module_entreprise) AS module_entreprise
            FROM ({ici.lire("structure", "ml_id", "dept_code", "region_code", "module_entreprise")})
            WHERE ml_id IS NOT NULL GROUP BY ml_id) AS s
        LEFT JOIN regions_connues AS r ON r.departement = s.dept_code""")
    base.execute(f"""
        CREATE TEMP TABLE site AS
        SELECT CAST(row_number() OVER (ORDER BY s.site_id) AS INTEGER) AS site_num, s.site_id, m.ml_num
        FROM (SELECT site_id, min(ml_id) AS ml_id FROM ({ici.lire("site", "site_id", "ml_id")}) GROUP BY site_id) AS s
        JOIN ml AS m USING (ml_id)""")
    exiger(tables, "ml", "structure")


def exiger(tables: Tables, lue: str, quoi: str) -> None:
    """Refuse an empty table without which nothing is known.

    Raises:
        EntreeInvalide: it is empty.
    """
    ligne = tables.base.execute(f"SELECT count(*) FROM {lue}").fetchone()
    if not ligne or not ligne[0]:
        raise EntreeInvalide(f"La table {quoi} est vide, ou ses lignes ne se rattachent à aucune mission locale.")


def _territoires(tables: Tables) -> None:
    base = tables.base
    base.execute(f"""
        CREATE TEMP TABLE territoires AS
        SELECT CAST(row_number() OVER (ORDER BY niveau, code) AS INTEGER) AS t, * FROM (
            SELECT 'ml' AS niveau, ml_id AS code FROM ml UNION ALL SELECT DISTINCT 'departement', dept_code FROM ml
            UNION ALL SELECT DISTINCT 'region', region_code FROM ml UNION ALL SELECT 'france', '{CODE_FRANCE}'
            UNION ALL SELECT 'site', site_id FROM site
        ) WHERE code IS NOT NULL""")
    base.execute("""
        CREATE TEMP TABLE niveaux_ml AS
        SELECT ml.ml_num, m.t AS t_ml, d.t AS t_departement, r.t AS t_region, f.t AS t_france, ml.module
        FROM ml JOIN territoires AS m ON m.niveau = 'ml' AND m.code = ml.ml_id
        LEFT JOIN territoires AS d ON d.niveau = 'departement' AND d.code = ml.dept_code
        LEFT JOIN territoires AS r ON r.niveau = 'region' AND r.code = ml.region_code
        JOIN territoires AS f ON f.niveau = 'france'""")
    base.execute("""
        CREATE TEMP TABLE niveaux_site AS SELECT s.site_num, s.ml_num, s.site_id, t.t AS t_site
        FROM site AS s JOIN territoires AS t ON t.niveau = 'site' AND t.code = s.site_id""")
