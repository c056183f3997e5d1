"""The tree of a source: rows → finest sums → levels by GROUPING SETS → one row per value."""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from convenir.mesure.indicateurs.compilateur.bilan import SOURCE as BILAN
from convenir.mesure.indicateurs.compilateur.bilan import cellules_du_bilan
from convenir.mesure.indicateurs.compilateur.cellules import Annee, Cellule, Fabrique, Presence
from convenir.mesure.indicateurs.compilateur.enumerations import constante, enumere
from convenir.mesure.indicateurs.compilateur.sommes import Sommes
from convenir.mesure.indicateurs.definitions import Catalogue, Source
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE, NIVEAUX, Statut

DIALECTE = "duckdb"
GENRES = ("annee", "mois", "cumul")
# Levels of territory and what they are grouped by; above the SIAE, by category too.
TERRITOIRES = (("siae", "siae_num"), ("departement", "departement"), ("region", "region"), ("france", ""))


# Indicator, breakdown, modality, levels.
Manquant = tuple[str, str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Requete:
    """What a source compiles to: the tree, and what it cannot feed."""

    source: str
    arbre: exp.Expr | None
    manquants: tuple[Manquant, ...]

    def sql(self) -> str:
        """Text for DuckDB, empty when the source feeds nothing."""
        return "" if self.arbre is None else self.arbre.sql(DIALECTE)


def compiler(catalogue: Catalogue, source: Source, annee: Annee, presente: Presence) -> Requete:
    """Compile every indicator of a source into one tree.

    Args:
        catalogue: the definitions.
        source: one of its sources.
        annee: the year and its closed months.
        presente: tells whether a view (`Salarie`) or a column (`Salarie.sexe`) was delivered.
    """
    indicateurs = [i for i in catalogue.de_la_source(source.nom) if i.debut.year <= annee.annee]
    indicateurs = [i for i in indicateurs if i.fin is None or i.fin.year >= annee.annee]
    colonnes = sorted({catalogue.ventilations[v].colonne for i in indicateurs for v in i.ventilations} - {""})
    blocs = []
    for colonne, genre in [*(("", g) for g in GENRES), *((c, "annee") for c in colonnes)]:
        sommes = Sommes(source)
        fabrique = Fabrique(catalogue, source, sommes, annee, presente)
        cellules = [c for i in indicateurs for c in fabrique.cellules(i, genre, colonne)]
        if cellules:
            blocs.append(_bloc(source, sommes, cellules, genre, colonne, annee))
    fabrique = Fabrique(catalogue, source, Sommes(source), annee, presente)
    manquants = [(i.code, v, m, i.niveaux) for i in indicateurs for v, m in fabrique.manquantes(i)]
    arbre = sqlglot.parse_one(" UNION ALL ".join(blocs), dialect=DIALECTE) if blocs else None
    return Requete(source.nom, arbre, tuple(manquants))


def compiler_bilan(
    catalogue: Catalogue, annee: Annee, presente: Presence, colonnes: frozenset[str]
) -> exp.Expr | None:
    """Compile, for the indicators that no nominative view feeds, what the view of aggregates gives.

    Args:
        catalogue: the definitions.
        annee: the year.
        presente: tells whether a view or a column was delivered.
        colonnes: columns of the view of aggregates.
    """
    sommes = Sommes(BILAN)
    indisponibles = [
        i
        for source in catalogue.sources.values()
        for i in catalogue.de_la_source(source.nom)
        if Fabrique(catalogue, source, Sommes(source), annee, presente).indisponible(i)
    ]
    cellules = cellules_du_bilan(catalogue, sommes, indisponibles, annee, colonnes)
    return (
        sqlglot.parse_one(_bloc(BILAN, sommes, cellules, "annee", "", annee), dialect=DIALECTE) if cellules else None
    )


def _bloc(source: Source, sommes: Sommes, cellules: list[Cellule], genre: str, colonne: str, annee: Annee) -> str:
    if sommes.de_personnes:
        return _valeurs(_personnes(source, sommes, annee), cellules, colonne)
    return _valeurs(_quantites(source, sommes, genre, colonne), cellules, colonne)


def _ensembles(cles: list[str], avec_categorie: bool) -> str:
    """GROUPING SETS of the levels above the SIAE, each with the other keys, then by category."""
    ensembles = []
    for _, cle in TERRITOIRES[1:]:
        base = [c for c in (cle, *cles) if c]
        ensembles.append(f"({', '.join(base)})")
        if avec_categorie:
            ensembles.append(f"({', '.join([*base, 'categorie'])})")
    return ", ".join(ensembles)


_NIVEAU = (
    "CASE WHEN GROUPING(departement) = 0 THEN 'departement' WHEN GROUPING(region) = 0 THEN 'region' "
    "ELSE 'france' END AS niveau, NULL AS siae_num, departement, region"
)
_SIAE = (
    "'siae' AS niveau, siae_num, CAST(NULL AS VARCHAR) AS departement, CAST(NULL AS VARCHAR) AS region, "
    "CAST(NULL AS VARCHAR) AS categorie"
)


def _monter(fin: str, cles: list[str], sommes: Sommes, *, avec_categorie: bool) -> str:
    """Sums of the SIAE, then of the territories: from those of each département and category, few rows.

    Args:
        fin: table of the sums by SIAE and keys.
        cles: keys beside the territory.
        sommes: the sums.
        avec_categorie: territories by category too.
    """
    relance = ", ".join(f"SUM({nom}) AS {nom}" for nom in sommes.noms)
    autres, categorie = ", ".join(cles), ", categorie" if avec_categorie else ""
    return f"""
        SELECT {_SIAE}, {autres}, {", ".join(sommes.noms)} FROM {fin}
        UNION ALL
        SELECT {_NIVEAU}, {"categorie" if avec_categorie else "NULL"}, {autres}, {relance}
        FROM (
            SELECT departement, region{categorie}, {autres}, {relance} FROM {fin} JOIN siae USING (siae_num)
            GROUP BY departement, region{categorie}, {autres}
        ) AS departements
        GROUP BY GROUPING SETS ({_ensembles(cles, avec_categorie)})"""


def _quantites(source: Source, sommes: Sommes, genre: str, colonne: str) -> str:
    """Sums of measures: at the finest level, then by level."""
    cles = ["penitentiaire", "periode", *([colonne] if colonne else [])]
    directes = ", ".join(sommes.directes())
    texte = f"""
        WITH fin AS MATERIALIZED (
            SELECT siae_num, {", ".join(cles)}, {directes} FROM releve_{source.nom}
            WHERE genre = '{genre}' GROUP BY ALL
        ),
        niveaux AS ({_monter("fin", cles, sommes, avec_categorie=not colonne)})
        SELECT niveau, siae_num, departement, region, categorie, NULL AS code_annexe, {", ".join(cles)},
            {", ".join(sommes.noms)} FROM niveaux"""
    if source.maille == "annexe" and genre == "annee" and not colonne:
        texte += f"""
        UNION ALL
        SELECT 'annexe', NULL, NULL, NULL, NULL, code_annexe, {", ".join(cles)}, {directes}
        FROM releve_{source.nom} WHERE genre = 'annee' AND NOT penitentiaire
        GROUP BY code_annexe, {", ".join(cles)}"""
    return texte


def _personnes(source: Source, sommes: Sommes, annee: Annee) -> str:
    """Counts of distinct persons: one mask per person at each level; only those in several SIAE are grouped again."""
    masques = [f"m{rang}" for rang in range(sommes.nombre_de_masques)]
    memes = ", ".join(masques)
    ou = ", ".join(f"bit_or({m}) AS {m}" for m in masques)
    comptes = ", ".join(sommes.des_masques())
    relance = ", ".join(f"SUM({nom}) AS {nom}" for nom in sommes.noms)
    avec = _ensembles(["penitentiaire", "personne"], avec_categorie=True)
    return f"""
        SELECT niveau, siae_num, departement, region, categorie, NULL AS code_annexe, penitentiaire,
            '{annee.annee}' AS periode, {relance}
        FROM (
            WITH masques AS (
                SELECT siae_num, penitentiaire, personne, {", ".join(sommes.masques())}
                FROM releve_{source.nom} GROUP BY siae_num, penitentiaire, personne
            ),
            plusieurs AS (
                SELECT personne, penitentiaire FROM masques GROUP BY personne, penitentiaire HAVING count(*) > 1
            ),
            une_siae AS MATERIALIZED (
                SELECT siae_num, penitentiaire, {comptes}
                FROM masques ANTI JOIN plusieurs USING (personne, penitentiaire) GROUP BY siae_num, penitentiaire
            ),
            partagees AS MATERIALIZED (SELECT * FROM masques SEMI JOIN plusieurs USING (personne, penitentiaire)),
            fusionnes AS (
                SELECT {_SIAE}, penitentiaire, personne, {memes} FROM partagees
                UNION ALL
                SELECT {_NIVEAU}, categorie, penitentiaire, personne, {ou} FROM partagees JOIN siae USING (siae_num)
                GROUP BY GROUPING SETS ({avec})
            )
            {_monter("une_siae", ["penitentiaire"], sommes, avec_categorie=True)}
            UNION ALL
            SELECT niveau, siae_num, departement, region, categorie, penitentiaire, {comptes}
            FROM (SELECT niveau, siae_num, departement, region, categorie, penitentiaire, {memes} FROM fusionnes)
            GROUP BY niveau, siae_num, departement, region, categorie, penitentiaire
        ) AS deux
        GROUP BY niveau, siae_num, departement, region, categorie, penitentiaire"""


def _valeurs(large: str, cellules: list[Cellule], colonne: str) -> str:
    """Turn wide rows into one row per value; what a cell does not take from the row comes from a small table."""
    structs = ", ".join(c.struct(rang) for rang, c in enumerate(cellules))
    constantes = ", ".join(c.constantes(rang) for rang, c in enumerate(cellules))
    portee = " ".join(f"WHEN '{niveau}' THEN {1 << rang}" for rang, niveau in enumerate(NIVEAUX))
    # An open modality that nobody has says nothing.
    propre, garder = (f"l.{colonne}, ", "AND NOT l.penitentiaire") if colonne else ("", "")
    return f"""
        SELECT w.niveau, w.code, x.indicateur,
            CASE WHEN w.categorie IS NOT NULL THEN {constante("ventilation", "categorie")}
                WHEN w.penitentiaire THEN {constante("ventilation", "milieu")} ELSE x.ventilation END AS ventilation,
            CASE WHEN w.categorie IS NOT NULL THEN w.categorie WHEN w.penitentiaire THEN 'penitentiaire'
                ELSE COALESCE(x.modalite, {f"w.{colonne}" if colonne else "''"}) END AS modalite,
            COALESCE(x.periode, w.periode) AS periode,
            w.c.n AS n, w.c.d AS d, CASE WHEN w.c.statut = '{Statut.DISPONIBLE}' THEN w.c.v END AS v, x.dn, x.dd, x.dv,
            w.c.statut AS statut, w.c.exclus AS exclus, x.source
        FROM (
            SELECT {enumere("niveau", "l.niveau")}, {enumere("periode", "l.periode")}, l.categorie, l.penitentiaire,
                {propre} CASE l.niveau WHEN 'annexe' THEN l.code_annexe WHEN 'siae' THEN t.siae
                    WHEN 'departement' THEN l.departement WHEN 'region' THEN l.region ELSE '{CODE_FRANCE}' END AS code,
                CASE l.niveau {portee} END AS portee, UNNEST([{structs}]) AS c
            FROM ({large}) AS l LEFT JOIN siae AS t USING (siae_num)
            WHERE NOT (l.penitentiaire AND l.categorie IS NOT NULL) {garder}
                AND NOT (l.niveau = 'departement' AND l.departement IS NULL)
                AND NOT (l.niveau = 'region' AND l.region IS NULL)
        ) AS w
        JOIN (
            SELECT k, {", ".join(enumere(c, c) for c in ("indicateur", "ventilation", "periode", "source"))},
                modalite, dn, dd, dv, portee
            FROM (VALUES {constantes}) AS y(k, indicateur, ventilation, modalite, periode, source, dn, dd, dv, portee)
        ) AS x ON x.k = w.c.k
        WHERE (x.ventilation = '' OR (NOT w.penitentiaire AND w.categorie IS NULL)) AND x.portee & w.portee <> 0
            {"AND w.c.n > 0" if colonne else ""}"""
