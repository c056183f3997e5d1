# ruff: noqa: E501 - a SQL clause stays on its line
"""Entries in programmes, presence, exits: one scan of `parcours`."""

from __future__ import annotations

from convenir.mesure.base_fermee import texte
from convenir.mesure.indicateurs.releves_ml.definitions import AUTRE
from convenir.mesure.indicateurs.releves_ml.relations.contexte import Contexte, liste
from convenir.mesure.indicateurs.releves_ml.relations.situations import lire_situations

COLONNES = (
    "ml_id", "jeune_id", "dispositif", "type_appui", "financable", "date_entree", "date_sortie", "situation_sortie_id",
)  # fmt: skip
# Flags of an exit, and the trait of the situation that each reads.
TRAITS = {
    "emploi": "emploi", "contrat_court": "court", "durable": "durable", "cie": "cie", "alternance": "alternance",
    "formation": "formation", "qualifiante": "qualifiante",
}  # fmt: skip


def lire_parcours(c: Contexte) -> None:
    """Make `lus_parcours`: stays that touch the year, each under the name that the frame gives its programme.

    An entry of the year counts whatever is written of its exit, even one dated of the year before.
    """
    nommes = " ".join(
        f"WHEN dispositif IN ({liste(codes)}) THEN {texte(n)}" for n, codes in c.cat.grille.dispositifs.items()
    )
    bits = {m.code: 1 << m.rang for m in c.cat.ventilations["dispositif"].modalites}
    du_dispositif = " ".join(f"WHEN {texte(code)} THEN {bit}" for code, bit in bits.items())
    c.tables.creer(
        "lus_parcours",
        f"""
        SELECT x.*, CASE nom {du_dispositif} END AS bit_dispositif, nom <> 'COTRAITANCE' OR coalesce(financable, false) AS entree_comptee,
            nom <> '{AUTRE}' AS principal, nom IN ({liste(c.cat.grille.contractuels)}) AS contractuel
        FROM (
            SELECT c.dossier, p.date_entree, p.date_sortie, p.situation_sortie_id, p.financable,
                {c.segment("p.date_entree")} AS segment_entree, {c.segment("p.date_sortie")} AS segment_sortie,
                CASE {nommes} WHEN dispositif LIKE 'AUTRE:%' AND type_appui IN ({c.mots("autres_dispositifs.types_appui")}) THEN '{AUTRE}' END AS nom
            FROM ({c.tables.lire("parcours", *COLONNES)}) AS p JOIN cles AS c ON c.ml_id = p.ml_id AND c.jeune_id = p.jeune_id
            WHERE p.date_entree <= {c.d1} AND (p.date_sortie IS NULL OR p.date_sortie >= {c.d0} OR p.date_entree >= {c.d0})
        ) AS x WHERE nom IS NOT NULL""",
    )


def entrees(c: Contexte) -> str:
    """Entries of the year."""
    c.une_fois(lire_parcours)
    return f"""
        SELECT e.ml, e.dossier, e.bits | x.bit_dispositif AS bits, {c.rang("x.date_entree")} AS mois, e.faible, e.incertain, e.femme, e.zone, e.sans_zone, x.principal
        FROM lus_parcours AS x JOIN etats AS e ON e.segment = x.segment_entree
        WHERE x.entree_comptee AND x.date_entree >= {c.d0}"""


def presence(c: Contexte) -> str:
    """Present the day d: entered on d or before, and not gone on d."""
    c.une_fois(lire_parcours)
    return f"""
        SELECT e.ml, e.dossier, e.bits | p.bit_dispositif AS bits, p.contractuel, p.masque & e.fins AS present
        FROM (SELECT *, {c.ouverte("x.date_entree", "x.date_sortie - 1")} AS masque FROM lus_parcours AS x) AS p
        JOIN etats AS e ON e.dossier = p.dossier WHERE p.masque & e.fins <> 0"""


def sorties(c: Contexte) -> str:
    """Exits of the year, with the situation they led to and the level on entry; not one dated before the entry."""
    c.une_fois(lire_parcours)
    c.une_fois(lire_situations)
    depuis = {"parcours": "p.date_sortie", "emploi": "s.date_debut"}[c.regles.choix("sortie.lecture_des_delais")]

    def avant(code: str) -> str:
        return f"coalesce({depuis} < p.date_entree + INTERVAL {c.regles.entier(f'sortie.{code}')} MONTH, false)"

    traits = ", ".join(f"coalesce(s.{trait}, false) AS {nom}" for nom, trait in TRAITS.items())
    lus = ", ".join(("situation_id", "date_debut", "date_fin", *sorted({*TRAITS.values()})))
    # An identifier given twice: the first begun, and the same whatever the order of the rows.
    return f"""
        WITH sortis AS (SELECT * FROM lus_parcours WHERE date_sortie >= date_entree AND date_sortie BETWEEN {c.d0} AND {c.d1}),
        issues AS (
            SELECT * FROM (
                SELECT {lus}, row_number() OVER (PARTITION BY situation_id ORDER BY {lus}) AS rang FROM lues_situation
                WHERE situation_id IN (SELECT situation_sortie_id FROM sortis)
            ) WHERE rang = 1
        )
        SELECT e.ml, e.dossier, e.bits | p.bit_dispositif AS bits, {c.rang("p.date_sortie")} AS mois,
            CAST(date_diff('day', p.date_entree, p.date_sortie) AS BIGINT) AS jours, s.situation_id IS NULL AS inconnue,
            {avant("rapide_mois")} AS rapide, {avant("dans_lannee_mois")} AS dans_lannee, {traits}, coalesce(l.faible, false) AS faible, coalesce(l.incertain, true) AS incertain
        FROM sortis AS p JOIN etats AS e ON e.segment = p.segment_sortie
        LEFT JOIN issues AS s ON s.situation_id = p.situation_sortie_id
        LEFT JOIN etats_lus AS l ON l.dossier = p.dossier AND l.debut <= p.date_entree AND l.fin >= p.date_entree"""
