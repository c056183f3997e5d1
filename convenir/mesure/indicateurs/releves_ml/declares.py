# ruff: noqa: E501 - a SQL clause stays on its line
"""Declared figures (ICARE, context): a territory has one when each of its missions locales has, or when it is given for it."""

from __future__ import annotations

from convenir.mesure.indicateurs.compilateur.nombres import DECIMALES
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl
from convenir.mesure.indicateurs.releves_ml.definitions import IndicateurMl
from convenir.mesure.indicateurs.releves_ml.lecture import Tables
from convenir.mesure.indicateurs.releves_ml.regles import Regles
from convenir.mesure.indicateurs.releves_ml.relations.contexte import liste
from convenir.mesure.indicateurs.valeurs import Statut, Unite

# Declared measures: table, column summed, condition on the rows.
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
# A map of budget lines that names none: the file decides.
AUCUNE = "aucune"
COLONNES = {
    "icare_rh": ("ml_id", "annee", "filiere", "axe", "etp", "mise_a_disposition"),
    "icare_budget": ("ml_id", "annee", "nature", "financeur", "ligne", "activite", "socle_cpo", "montant"),
    "contexte_valeur": ("territoire_type", "territoire_code", "code_contexte", "annee", "valeur"),
}


def declarer(tables: Tables, i: IndicateurMl, rang: int, case: int, annee: AnneeMl, regles: Regles) -> None:
    """Add to `calculees` a declared figure of every territory, in integers with the decimals of its unit."""
    nom, colonne, conditions = DECLAREES[i.releve]
    base, condition = tables.base, conditions[i.mesure]
    entier = f"CAST(round(coalesce(sum({colonne}) FILTER (WHERE {condition}), 0) * {10 ** DECIMALES[Unite(i.unite)]}) AS BIGINT)"
    lus = tables.locales.lire(nom, *COLONNES[nom])
    if nom == "icare_budget":
        lus = f"SELECT * REPLACE ({_activite(regles)} AS activite) FROM ({lus})"
    if nom == "contexte_valeur":
        ou = "z.niveau = c.territoire_type AND (z.code = c.territoire_code OR z.niveau = 'france')"
        seulement = f"AND {condition} AND valeur IS NOT NULL"
    else:
        ou = "z.niveau = 'ml' AND z.code = c.ml_id"
        seulement = "AND nature = 'prevu'" if nom == "icare_budget" else ""
    base.execute(f"""
        CREATE OR REPLACE TEMP TABLE declarees AS
        SELECT z.t, {entier} AS n FROM ({lus}) AS c JOIN territoires AS z ON {ou}
        WHERE c.annee = {annee.annee} {seulement} GROUP BY z.t""")
    base.execute(f"""
        INSERT INTO calculees
        WITH hauts AS (
            SELECT t, CASE WHEN count(n) = count(*) THEN sum(n) END AS n
            FROM (SELECT unnest([t_ml, t_departement, t_region, t_france]) AS t, d.n FROM niveaux_ml AS l
                LEFT JOIN declarees AS d ON d.t = l.t_ml) GROUP BY t
        ),
        toutes AS (SELECT s.t, CASE WHEN s.statut = '{Statut.DISPONIBLE}' THEN coalesce(d.n, h.n) END AS n
            FROM statuts AS s LEFT JOIN declarees AS d USING (t) LEFT JOIN hauts AS h ON h.t = s.t WHERE s.i = {rang})
        SELECT t, {rang}, {case}, n, NULL, n, CASE WHEN n IS NULL THEN '{Statut.MANQUANT}' ELSE '{Statut.DISPONIBLE}' END FROM toutes""")


def _activite(regles: Regles) -> str:
    """SQL of the activity of a budget line: that of the map of lines, else that of the file."""
    cas = [
        f"WHEN lower(trim(ligne)) IN ({liste(lignes)}) THEN '{activite}'"
        for activite, code in (("principale", "lignes_principales"), ("specifique", "lignes_specifiques"))
        if (lignes := [x.strip().lower() for x in regles.choix(f"budget.{code}").split(";") if x.strip() != AUCUNE])
    ]
    return f"CASE {' '.join(cas)} ELSE activite END" if cas else "activite"
