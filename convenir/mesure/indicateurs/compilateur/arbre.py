"""The tree of a source: rows → finest sums → levels by GROUPING SETS → one row per value."""

from __future__ import annotations

from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from convenir.mesure.indicateurs.compilateur.bilan import SOURCE as BILAN
from convenir.mesure.indicateurs.compilateur.bilan import cellules_du_bilan
from convenir.mesure.indicateurs.compilateur.cellules import Annee, Cellule, Fabrique, Presence
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
    """GROUPING SETS of the four levels, each with the other keys, then by category above the SIAE."""
    ensembles = []
    for niveau, cle in TERRITOIRES:
        base = [c for c in (cle, *cles) if c]
        ensembles.append(f"({', '.join(base)})")
        if avec_categorie and niveau != "siae":
            ensembles.append(f"({', '.join([*base, 'categorie'])})")
    return ", ".join(ensembles)


_NIVEAU = (
    "CASE WHEN GROUPING(siae_num) = 0 THEN 'siae' WHEN GROUPING(departement) = 0 THEN 'departement' "
    "WHEN GROUPING(region) = 0 THEN 'region' ELSE 'france' END AS niveau, siae_num, departement, region"
)


def _quantites(source: Source, sommes: Sommes, genre: str, colonne: str) -> str:
    """Sums of measures: at the finest level, then by level."""
    cles = ["penitentiaire", "periode", *([colonne] if colonne else [])]
    relance = ", ".join(f"SUM({nom}) AS {nom}" for nom in sommes.noms)
    directes = ", ".join(sommes.directes())
    categorie = "NULL" if colonne else "categorie"
    texte = f"""
        SELECT {_NIVEAU}, {categorie} AS categorie, NULL AS code_annexe, {", ".join(cles)}, {relance}
        FROM (
            SELECT siae_num, {", ".join(cles)}, {directes} FROM releve_{source.nom}
            WHERE genre = '{genre}' GROUP BY ALL
        ) AS fin
        JOIN siae USING (siae_num)
        GROUP BY GROUPING SETS ({_ensembles(cles, avec_categorie=not colonne)})"""
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
    avec = [f"({', '.join(c for c in (cle, 'penitentiaire', 'personne') if c)})" for _, cle in TERRITOIRES]
    avec += [
        f"({', '.join(c for c in (cle, 'penitentiaire', 'personne', 'categorie') if c)})" for _, cle in TERRITOIRES[1:]
    ]
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
            une_siae AS (
                SELECT siae_num, penitentiaire, {comptes}
                FROM masques ANTI JOIN plusieurs USING (personne, penitentiaire) GROUP BY siae_num, penitentiaire
            ),
            fusionnes AS (
                SELECT {_NIVEAU}, categorie, penitentiaire, personne, {ou}
                FROM (SELECT * FROM masques SEMI JOIN plusieurs USING (personne, penitentiaire))
                JOIN siae USING (siae_num)
                GROUP BY GROUPING SETS ({", ".join(avec)})
            )
            SELECT {_NIVEAU}, categorie, penitentiaire, {relance}
            FROM une_siae JOIN siae USING (siae_num)
            GROUP BY GROUPING SETS ({_ensembles(["penitentiaire"], avec_categorie=True)})
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
    exclus_colonne = "AND NOT w.penitentiaire AND w.c.n > 0" if colonne else ""
    return f"""
        SELECT w.niveau,
            CASE w.niveau WHEN 'annexe' THEN w.code_annexe WHEN 'siae' THEN t.siae
                WHEN 'departement' THEN w.departement WHEN 'region' THEN w.region ELSE '{CODE_FRANCE}' END AS code,
            x.indicateur,
            CASE WHEN w.categorie IS NOT NULL THEN 'categorie' WHEN w.penitentiaire THEN 'milieu'
                ELSE x.ventilation END AS ventilation,
            CASE WHEN w.categorie IS NOT NULL THEN w.categorie WHEN w.penitentiaire THEN 'penitentiaire'
                ELSE COALESCE(x.modalite, {f"w.{colonne}" if colonne else "''"}) END AS modalite,
            COALESCE(x.periode, w.periode) AS periode,
            w.c.n AS n, w.c.d AS d, CASE WHEN w.c.statut = '{Statut.DISPONIBLE}' THEN w.c.v END AS v, x.dn, x.dd, x.dv,
            w.c.statut AS statut, w.c.exclus AS exclus, x.source
        FROM (SELECT *, UNNEST([{structs}]) AS c FROM ({large}) AS l) AS w
        JOIN (VALUES {constantes}) AS x(k, indicateur, ventilation, modalite, periode, source, dn, dd, dv, portee)
            ON x.k = w.c.k
        LEFT JOIN siae AS t USING (siae_num)
        WHERE NOT (w.penitentiaire AND w.categorie IS NOT NULL) {exclus_colonne}
            AND NOT (w.niveau = 'departement' AND w.departement IS NULL)
            AND NOT (w.niveau = 'region' AND w.region IS NULL)
            AND (x.ventilation = '' OR (NOT w.penitentiaire AND w.categorie IS NULL))
            AND x.portee & (CASE w.niveau {portee} END) <> 0"""
