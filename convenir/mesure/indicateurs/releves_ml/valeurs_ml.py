# ruff: noqa: E501 - a SQL clause stays on its line
"""From counts to printed values: zeros, what is missing, what is not usable, resources, rates."""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from convenir.mesure.indicateurs.compilateur.nombres import DECIMALES, arrondir, ecrire, rapport
from convenir.mesure.indicateurs.perimetre import PerimetreCharge
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl, periodes
from convenir.mesure.indicateurs.releves_ml.comptage import PARTS, modalites_de
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.releves_ml.lecture import Tables, table
from convenir.mesure.indicateurs.valeurs import Statut, Unite

D, NC, M, NE = (str(s) for s in (Statut.DISPONIBLE, Statut.NON_CALCULABLE, Statut.MANQUANT, Statut.NON_EXPLOITABLE))
# Declared measures: condition on the rows of the table, column summed.
DECLAREES = {
    "personnel": ("icare_rh", "etp", {
        "total": "true", "conseillers": "filiere = 'insertion_sociale_professionnelle'",
        "mis_a_disposition": "coalesce(mise_a_disposition, false)", "axes_4_5": "axe IN (4, 5)",
    }),
    "budget": ("icare_budget", "montant", {
        "total": "true", "socle": "coalesce(socle_cpo, false)", "principale": "activite = 'principale'",
        "etat": "financeur = 'etat'",
    }),
    "contexte": ("contexte_valeur", "valeur", {
        "actifs_non_occupes": "code_contexte = 'ANO_16_25'",
        "demandeurs_emploi": "code_contexte = 'DEFM_16_25_V_INFRA'",
    }),
}  # fmt: skip
COLONNES = {
    "icare_rh": ("ml_id", "annee", "filiere", "axe", "etp", "mise_a_disposition"),
    "icare_budget": ("ml_id", "annee", "nature", "financeur", "activite", "socle_cpo", "montant"),
}
_SCHEMA = "t INTEGER, i SMALLINT, ventilation VARCHAR, modalite VARCHAR, periode VARCHAR, n BIGINT, d BIGINT, v BIGINT, statut VARCHAR"


def completer(tables: Tables, cat: CatalogueMl, annee: AnneeMl, couvert: PerimetreCharge) -> None:
    """Fill `calculees`: one row per value, as integers with the decimals of their unit."""
    base = tables.base
    base.execute(f"CREATE OR REPLACE TEMP TABLE calculees ({_SCHEMA})")
    rangs = {code: rang for rang, code in enumerate(cat.indicateurs)}
    _statuts(tables, cat, rangs, couvert)
    _comptees(base, cat, rangs, annee)
    for i in cat.indicateurs.values():
        if i.genre == "declare":
            _declaree(tables, i, rangs[i.code], annee)
    for i in cat.indicateurs.values():
        if i.genre == "moyenne":
            _moyenne(base, i, rangs, annee)
    for i in cat.indicateurs.values():
        if i.genre == "rapport":
            _rapport(base, cat, i, rangs, annee)


def _statuts(tables: Tables, cat: CatalogueMl, rangs: dict[str, int], couvert: PerimetreCharge) -> None:
    """Make `statuts`: what prevents an indicator from being read in a territory."""
    base = tables.base
    base.execute("CREATE OR REPLACE TEMP TABLE statuts (t INTEGER, i SMALLINT, statut VARCHAR)")
    regions = _liste(couvert.regions)
    hors = f"(niveau = 'region' AND code NOT IN ({regions}))" + ("" if couvert.france else " OR niveau = 'france'")
    for i in cat.indicateurs.values():
        rang, permis = rangs[i.code], f"niveau IN ({_liste(i.niveaux)})"
        absente = bool(i.releve) and not tables.a(*cat.releves[i.releve].tables)
        base.execute(
            f"INSERT INTO statuts SELECT t, {rang}, CASE WHEN {str(absente).lower()} OR {hors} THEN '{M}' ELSE '{D}' END "
            f"FROM territoires WHERE {permis}"
        )
        if i.module != "non":
            vide = f"AND t NOT IN (SELECT t FROM comptes WHERE i = {rang})" if i.module == "si_vide" else ""
            base.execute(
                f"UPDATE statuts SET statut = '{NE}' WHERE i = {rang} AND statut = '{D}' AND t NOT IN (SELECT unnest(["
                f"t_ml, t_departement, t_region, t_france]) FROM niveaux_ml WHERE module) {vide}"
            )


def _comptees(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, rangs: dict[str, int], annee: AnneeMl) -> None:
    """Counts: a zero is written where nothing was counted, and nothing where the indicator cannot be read."""
    grille = []
    for i in cat.indicateurs.values():
        if i.genre not in PARTS:
            continue
        toutes = [p for p in periodes(annee) if p.genre in i.periodes]
        grille += [(rangs[i.code], "", "", p.code, p.code) for p in toutes]
        derniere = toutes[-1].code if i.genre == "stock" else str(annee.annee)
        grille += [(rangs[i.code], v, m.code, "", derniere) for v in i.ventilations for m in modalites_de(cat, i, v)]
    colonnes = ("ventilation", "modalite", "lue", "periode")
    table(base, "grille", {"i": "SMALLINT", **dict.fromkeys(colonnes, "VARCHAR")}, grille)
    base.execute(f"""
        INSERT INTO calculees
        SELECT s.t, s.i, g.ventilation, g.modalite, g.periode, coalesce(c.n, 0), NULL, coalesce(c.n, 0), '{D}'
        FROM statuts AS s JOIN grille AS g USING (i) JOIN territoires AS z ON z.t = s.t
        LEFT JOIN comptes AS c ON c.t = s.t AND c.i = s.i AND c.ventilation = g.ventilation AND c.modalite = g.modalite
            AND c.periode = g.lue
        WHERE s.statut = '{D}' AND (z.niveau <> 'site' OR g.ventilation = '')
        UNION ALL
        SELECT c.t, c.i, c.ventilation, c.modalite, '{annee.annee}', c.n, NULL, c.n, '{D}'
        FROM comptes AS c JOIN statuts AS s USING (t, i) WHERE c.ventilation = 'site' AND s.statut = '{D}'""")
    comptes = ", ".join(str(rangs[i.code]) for i in cat.indicateurs.values() if i.genre in PARTS)
    fins = ", ".join(str(rangs[i.code]) for i in cat.indicateurs.values() if i.genre == "stock") or "NULL"
    base.execute(f"""
        INSERT INTO calculees SELECT t, i, '', '', CASE WHEN i IN ({fins}) THEN '{annee.fin}' ELSE '{annee.annee}' END,
            NULL, NULL, NULL, statut
        FROM statuts WHERE statut <> '{D}' AND i IN ({comptes})""")


def _declaree(tables: Tables, i: IndicateurMl, rang: int, annee: AnneeMl) -> None:
    """Declared figures: a territory has one when each of its missions locales has, or when it is given for it."""
    base, (nom, colonne, conditions) = tables.base, DECLAREES[i.releve]
    decimales = DECIMALES[Unite(i.unite)]
    condition = conditions[i.mesure]
    entier = f"CAST(round(coalesce(sum({colonne}) FILTER (WHERE {condition}), 0) * {10**decimales}) AS BIGINT)"
    if nom == "contexte_valeur":
        lus = tables.lire(nom, "territoire_type", "territoire_code", "code_contexte", "annee", "valeur")
        base.execute(f"""
            CREATE OR REPLACE TEMP TABLE declarees AS
            SELECT z.t, {entier} AS n FROM ({lus}) AS c
            JOIN territoires AS z ON z.niveau = c.territoire_type AND (z.code = c.territoire_code OR z.niveau = 'france')
            WHERE c.annee = {annee.annee} AND {condition} AND valeur IS NOT NULL GROUP BY z.t""")
    else:
        prevu = "AND nature = 'prevu'" if nom == "icare_budget" else ""
        base.execute(f"""
            CREATE OR REPLACE TEMP TABLE declarees AS
            SELECT z.t, {entier} AS n FROM ({tables.lire(nom, *COLONNES[nom])}) AS c
            JOIN territoires AS z ON z.niveau = 'ml' AND z.code = c.ml_id
            WHERE c.annee = {annee.annee} {prevu} GROUP BY z.t""")
    base.execute(f"""
        INSERT INTO calculees
        WITH hauts AS (
            SELECT t, CASE WHEN count(n) = count(*) THEN sum(n) END AS n
            FROM (SELECT unnest([t_ml, t_departement, t_region, t_france]) AS t, d.n FROM niveaux_ml AS l
                LEFT JOIN declarees AS d ON d.t = l.t_ml) GROUP BY t
        ),
        toutes AS (SELECT s.t, CASE WHEN s.statut = '{D}' THEN coalesce(d.n, h.n) END AS n
            FROM statuts AS s LEFT JOIN declarees AS d USING (t) LEFT JOIN hauts AS h ON h.t = s.t WHERE s.i = {rang})
        SELECT t, {rang}, '', '', '{annee.annee}', n, NULL, n, CASE WHEN n IS NULL THEN '{M}' ELSE '{D}' END FROM toutes""")


def _moyenne(base: duckdb.DuckDBPyConnection, i: IndicateurMl, rangs: dict[str, int], annee: AnneeMl) -> None:
    """Mean of the closed months of another indicator."""
    valeur = rapport("sum(n)", str(annee.mois), 1, (0, 0))
    base.execute(f"""
        INSERT INTO calculees
        SELECT t, {rangs[i.code]}, '', '', '{annee.annee}', sum(n), {annee.mois}, {valeur}, '{D}'
        FROM calculees WHERE i = {rangs[i.numerateur.indicateur]} AND ventilation = '' AND statut = '{D}'
            AND periode SIMILAR TO '[0-9]{{4}}-[0-9]{{2}}' GROUP BY t
        UNION ALL
        SELECT t, {rangs[i.code]}, '', '', '{annee.annee}', NULL, NULL, NULL, statut
        FROM statuts WHERE i = {rangs[i.numerateur.indicateur]} AND statut <> '{D}'""")


def _rapport(
    base: duckdb.DuckDBPyConnection, cat: CatalogueMl, i: IndicateurMl, rangs: dict[str, int], annee: AnneeMl
) -> None:
    """A rate: the numerator and the denominator are values of the same territory, breakdown and period."""
    assert i.denominateur is not None
    haut, bas = cat.indicateurs[i.numerateur.indicateur], cat.indicateurs[i.denominateur.indicateur]
    echelles = (DECIMALES[Unite(haut.unite)], DECIMALES[Unite(bas.unite)])
    n, d = "CAST(h.n AS HUGEINT)", "CAST(b.n AS HUGEINT)"
    decimales = DECIMALES[Unite(i.unite)]
    valeur = arrondir(rapport(n, d, i.facteur, echelles), 6, decimales)
    ventilations = _liste(("", *i.ventilations))
    # A yearly sum over a stock is read on the last day.
    periode = f"'{annee.fin}'" if bas.genre == "stock" and haut.genre != "stock" else "h.periode"
    attendues = [p.code for p in periodes(annee) if p.genre in i.periodes]
    base.execute(f"""
        INSERT INTO calculees
        SELECT h.t, {rangs[i.code]}, h.ventilation, h.modalite, h.periode,
            CASE WHEN statut IN ('{D}', '{NC}') THEN hn END, CASE WHEN statut IN ('{D}', '{NC}') THEN bn END,
            CASE WHEN statut = '{D}' THEN v END, statut
        FROM (
            SELECT h.t, h.ventilation, h.modalite, h.periode, h.n AS hn, b.n AS bn, CAST({valeur} AS BIGINT) AS v,
                CASE WHEN b.statut IS NULL OR h.statut = '{M}' OR b.statut = '{M}' THEN '{M}'
                    WHEN h.statut = '{NE}' OR b.statut = '{NE}' THEN '{NE}' WHEN b.n = 0 THEN '{NC}' ELSE '{D}' END AS statut
            FROM calculees AS h LEFT JOIN calculees AS b ON b.i = {rangs[bas.code]} AND b.t = h.t
                AND b.ventilation = h.ventilation AND b.modalite = h.modalite AND b.periode = {periode}
            WHERE h.i = {rangs[haut.code]} AND h.ventilation IN ({ventilations}) AND h.periode IN ({_liste(attendues)})
        ) AS h JOIN territoires AS z USING (t) WHERE z.niveau IN ({_liste(i.niveaux)})""")


def decimales(cat: CatalogueMl, i: IndicateurMl) -> tuple[int, int, int]:
    """Return with how many decimals the numerator, the denominator and the value of an indicator are written."""
    haut = cat.indicateurs[i.numerateur.indicateur] if i.genre == "rapport" else i
    bas = cat.indicateurs[i.denominateur.indicateur] if i.genre == "rapport" and i.denominateur else None
    dn = 0 if i.genre == "moyenne" else DECIMALES[Unite(haut.unite)]
    return dn, DECIMALES[Unite(bas.unite)] if bas else 0, DECIMALES[Unite(i.unite)]


def ecrire_valeurs(base: duckdb.DuckDBPyConnection, cat: CatalogueMl, annee: AnneeMl) -> None:
    """Append the published values of the year to `valeurs`, as text."""
    lignes = []
    for rang, i in enumerate(cat.indicateurs.values()):
        if not i.publie:
            continue
        lignes.append((rang, i.code, *decimales(cat, i)))
    table(
        base, "publies",
        {"i": "SMALLINT", "indicateur": "VARCHAR", "dn": "TINYINT", "dd": "TINYINT", "dv": "TINYINT"}, lignes,
    )  # fmt: skip
    base.execute(f"""
        INSERT INTO valeurs
        SELECT z.niveau, z.code, p.indicateur, c.ventilation, c.modalite, c.periode, {ecrire("c.n", "p.dn")},
            {ecrire("c.d", "p.dd")}, {ecrire("c.v", "p.dv")}, c.statut, {annee.annee}
        FROM calculees AS c JOIN publies AS p USING (i) JOIN territoires AS z USING (t)""")


def _liste(mots: Collection[str]) -> str:
    return ", ".join(f"'{m}'" for m in sorted(mots)) or "''"
