# ruff: noqa: E501 - a SQL clause stays on its line
"""Who the youths are, and what is known of each at every date: segments of the year in which nothing changes."""

from __future__ import annotations

from collections.abc import Mapping

from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl, jours
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl
from convenir.mesure.indicateurs.releves_ml.lecture import Tables, table
from convenir.mesure.indicateurs.releves_ml.regles import Regles
from convenir.socle.commun.erreurs import EntreeInvalide

BORNES_DAGE = (16, 18, 22, 26)
ETAT = "niveau, diplome_obtenu, commune_code, zone, zrr"


def preparer_reseau(tables: Tables, regions: Mapping[str, str]) -> None:
    """Make `ml`, `site` and `dossiers`: one row per mission locale, site, youth × mission locale.

    Args:
        tables: the records.
        regions: région of each département, which prevails over that of the file.

    Raises:
        EntreeInvalide: no mission locale, or no youth.
    """
    base = tables.base
    table(base, "regions_connues", {"departement": "VARCHAR", "region": "VARCHAR"}, regions.items())
    base.execute(f"""
        CREATE TEMP TABLE ml AS
        SELECT CAST(row_number() OVER (ORDER BY ml_id) AS INTEGER) AS ml_num, ml_id, dept_code,
            coalesce(r.region, s.region_code) AS region_code, coalesce(module_entreprise, false) AS module
        FROM (SELECT ml_id, min(dept_code) AS dept_code, min(region_code) AS region_code,
                bool_or(module_entreprise) AS module_entreprise
            FROM ({tables.lire("structure", "ml_id", "dept_code", "region_code", "module_entreprise")})
            WHERE ml_id IS NOT NULL GROUP BY ml_id) AS s
        LEFT JOIN regions_connues AS r ON r.departement = s.dept_code""")
    base.execute(f"""
        CREATE TEMP TABLE site AS
        SELECT CAST(row_number() OVER (ORDER BY s.site_id) AS INTEGER) AS site_num, s.site_id, m.ml_num
        FROM (SELECT site_id, min(ml_id) AS ml_id FROM ({tables.lire("site", "site_id", "ml_id")}) GROUP BY site_id) AS s
        JOIN ml AS m USING (ml_id)""")
    # A file given twice is one file: the same youth of the same mission locale.
    base.execute(f"""
        CREATE TEMP TABLE dossiers AS
        WITH uniques AS (
            SELECT ml_id, jeune_id, min(sexe) AS sexe, min(naissance_mois) AS naissance
            FROM ({tables.lire("jeune", "jeune_id", "ml_id", "sexe", "naissance_mois")}) GROUP BY ml_id, jeune_id
        ),
        partages AS (
            SELECT jeune_id, CAST(row_number() OVER (ORDER BY jeune_id) AS INTEGER) AS personne FROM uniques
            GROUP BY jeune_id HAVING count(*) > 1
        )
        SELECT CAST(row_number() OVER () AS INTEGER) AS dossier, m.ml_num, u.*, p.personne
        FROM uniques AS u JOIN ml AS m USING (ml_id) LEFT JOIN partages AS p USING (jeune_id)""")
    for nom, quoi in (("ml", "structure"), ("dossiers", "jeune")):
        ligne = base.execute(f"SELECT count(*) FROM {nom}").fetchone()
        if not ligne or not ligne[0]:
            raise EntreeInvalide(f"La table {quoi} est vide, ou ses lignes ne se rattachent à aucune mission locale.")


def preparer_etats(tables: Tables, annee: AnneeMl, regles: Regles, cat: CatalogueMl) -> None:
    """Make `etats` (one row per segment of each file), `mouvants` (bounds of files with several), `jours`."""
    base, fin = tables.base, annee.fin
    d0, d1 = f"DATE '{annee.debut}'", f"DATE '{fin}'"
    table(
        base, "jours", {"jour": "DATE", "bit": "SMALLINT", "mois": "TINYINT", "entretien": "SMALLINT", "prop": "SMALLINT"},
        jours(annee, regles.entier("jdi.fenetre_mois"), regles.entier("sans_proposition.fenetre_mois")),
    )  # fmt: skip
    base.execute(f"""
        CREATE OR REPLACE TEMP TABLE etats_lus AS
        SELECT dossier, debut, fin, {ETAT} FROM (
            SELECT d.dossier, e.date_debut AS debut, {ETAT},
                least(coalesce(e.date_fin, DATE '9999-12-31'), coalesce(lead(e.date_debut) OVER (
                    PARTITION BY d.dossier ORDER BY e.date_debut, e.date_fin, {ETAT}) - 1, DATE '9999-12-31')) AS fin
            FROM (SELECT *, {cat.grille.zone} AS zone FROM ({
        tables.lire(
            "jeune_etat",
            "jeune_id",
            "ml_id",
            "date_debut",
            "date_fin",
            "niveau",
            "diplome_obtenu",
            "commune_code",
            "zus",
            "qpv",
            "zrr",
        )
    })
                WHERE date_debut <= {d1}) AS e
            JOIN dossiers AS d USING (ml_id, jeune_id)
        ) WHERE fin >= {d0} AND fin >= debut""")
    limites = {regles.entier("jdi.age_maximal"), *(BORNES_DAGE if regles.choix("age.date") == "evenement" else ())}
    ages = ", ".join(f"date_trunc('month', naissance)::DATE + INTERVAL {a} YEAR" for a in sorted(limites))
    anniversaires = f"SELECT dossier, unnest([{ages}])::DATE AS p FROM dossiers"
    base.execute(f"""
        CREATE OR REPLACE TEMP TABLE mouvants AS
        SELECT d.ml_id, d.jeune_id, x.* FROM (
            SELECT dossier, list_sort(list(DISTINCT p)) AS bornes FROM (
                SELECT dossier, debut AS p FROM etats_lus UNION ALL SELECT dossier, fin + 1 FROM etats_lus
                UNION ALL ({anniversaires})
            ) WHERE p > {d0} AND p <= {d1} GROUP BY dossier
        ) AS x JOIN dossiers AS d USING (dossier)""")
    base.execute(f"""
        CREATE OR REPLACE TEMP TABLE segments AS
        SELECT dossier, 0 AS tranche, {d0} AS debut, {d1} AS fin FROM dossiers ANTI JOIN mouvants USING (dossier)
        UNION ALL
        SELECT dossier, tranche, CASE WHEN tranche = 0 THEN {d0} ELSE bornes[tranche] END,
            CASE WHEN tranche = len(bornes) THEN {d1} ELSE bornes[tranche + 1] - 1 END
        FROM (SELECT dossier, bornes, unnest(range(len(bornes) + 1)) AS tranche FROM mouvants)""")
    _etats(tables, annee, regles, cat)


def _etats(tables: Tables, annee: AnneeMl, regles: Regles, cat: CatalogueMl) -> None:
    """Join each segment with what was known then, and write every modality as a bit."""
    bits = " + ".join(
        f"CASE WHEN coalesce({m.expression}, false) THEN {1 << m.rang} ELSE 0 END"
        for v in cat.ventilations.values() for m in v.modalites if m.expression
    )  # fmt: skip
    # Only the month of birth is known: an age is reached on the first day of that month.
    quand = "s.debut" if regles.choix("age.date") == "evenement" else f"DATE '{annee.annee}-12-31'"
    age = f"year({quand}) - year(naissance) - CASE WHEN month({quand}) < month(naissance) THEN 1 ELSE 0 END"
    limite = f"naissance + INTERVAL {regles.entier('jdi.age_maximal')} YEAR"
    residents = regles.oui("couverture.residents_seulement") and tables.a("zone_ml")
    tables.base.execute(f"""
        CREATE OR REPLACE TEMP TABLE zones AS SELECT DISTINCT ml_num, commune_code
        FROM ({tables.lire("zone_ml", "ml_id", "commune_code", "date_debut", "date_fin")}) JOIN ml USING (ml_id)
        WHERE date_debut <= DATE '{annee.fin}' AND coalesce(date_fin, DATE '9999-12-31') >= DATE '{annee.debut}'
            AND commune_code IS NOT NULL""")
    # A youth whose commune is not known cannot be said to live elsewhere.
    dans_la_zone = "(x.commune_code IS NULL OR z.ml_num IS NOT NULL)" if residents else "true"
    tables.base.execute(f"""
        CREATE OR REPLACE TEMP TABLE etats AS
        SELECT dossier, tranche, x.ml_num, ml_id, jeune_id, personne, debut, fin, CAST({bits} AS BIGINT) AS bits,
            coalesce(niveau IN ('VI', 'Vbis') OR (niveau = 'V' AND NOT diplome_obtenu), false) AS faible,
            coalesce(sexe = 'F', false) AS femme, coalesce(zone, false) AS zone, {dans_la_zone} AS resident,
            coalesce({limite} > debut, true) AS jeune, {masque_des_fins("debut", "fin", annee)} AS fins
        FROM (
            SELECT s.dossier, s.tranche, s.debut, s.fin, d.ml_num, d.ml_id, d.jeune_id, d.personne, d.sexe, d.naissance,
                {age} AS age, e.niveau, e.diplome_obtenu, e.commune_code, e.zone, e.zrr
            FROM segments AS s JOIN dossiers AS d USING (dossier)
            LEFT JOIN etats_lus AS e ON e.dossier = s.dossier AND e.debut <= s.debut AND e.fin >= s.debut
        ) AS x LEFT JOIN zones AS z ON z.ml_num = x.ml_num AND z.commune_code = x.commune_code""")


def rang_du_mois(jour: str, annee: AnneeMl) -> str:
    """SQL of the rank of the month of a day, 0 for January of the year."""
    return f"((year({jour}) - {annee.annee}) * 12 + month({jour}) - 1)"


def masque_des_fins(debut: str, fin: str, annee: AnneeMl) -> str:
    """SQL of the bits of the closed month ends inside [debut, fin]."""
    return _masque(rang_du_mois(debut, annee), f"{rang_du_mois(f'({fin} + 1)', annee)} - 1", annee)


def masque_des_mois(debut: str, fin: str, annee: AnneeMl) -> str:
    """SQL of the bits of the closed months that [debut, fin] meets."""
    return _masque(rang_du_mois(debut, annee), rang_du_mois(fin, annee), annee)


def _masque(premier: str, dernier: str, annee: AnneeMl) -> str:
    bas, haut = f"greatest({premier}, 0)", f"least({dernier}, {annee.mois - 1})"
    return (
        f"CAST(CASE WHEN {haut} >= {bas} THEN (CAST(2 AS BIGINT) << CAST({haut} AS INTEGER)) "
        f"- (CAST(1 AS BIGINT) << CAST({bas} AS INTEGER)) ELSE 0 END AS INTEGER)"
    )


def tranche(jour: str, bornes: str = "m.bornes") -> str:
    """SQL of the segment in which a day falls, in a query that left-joins `mouvants`."""
    return f"CASE WHEN {bornes} IS NULL THEN 0 ELSE len(list_filter({bornes}, lambda b: b <= {jour})) END"
