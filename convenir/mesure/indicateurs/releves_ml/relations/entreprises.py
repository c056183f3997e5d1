# ruff: noqa: E501 - a SQL clause stays on its line
"""Axis 3: offers, companies, sponsors, periods at work; one scan of each table."""

from __future__ import annotations

from convenir.mesure.indicateurs.releves_ml.etats import TOUJOURS, masque_des_mois
from convenir.mesure.indicateurs.releves_ml.relations.contexte import Contexte, liste


def lire_mises_en_relation(c: Contexte) -> None:
    """Make `lues_mises_en_relation`: meetings of a youth and an offer in the year."""
    lues = c.tables.lire("mise_en_relation", "ml_id", "jeune_id", "offre_id", "date_mer")
    c.tables.creer("lues_mises_en_relation", c.dates(lues, "date_mer", "x.offre_id"))


def mises_en_relation(c: Contexte) -> str:
    """Those on any offer."""
    c.une_fois(lire_mises_en_relation)
    return "SELECT ml, dossier, bits, mois FROM lues_mises_en_relation"


def mises_en_relation_ml(c: Contexte) -> str:
    """Those on an offer that the mission locale collected."""
    c.une_fois(lire_mises_en_relation)
    return f"""
        SELECT ml, dossier, bits, mois FROM lues_mises_en_relation
        WHERE offre_id IN (SELECT offre_id FROM ({c.tables.lire("offre", "offre_id", "collectee_par_ml")}) WHERE collectee_par_ml)"""


def contacts(c: Contexte) -> str:
    """Contacts with companies; the unit counted once is the company."""
    lus = c.tables.lire("contact_entreprise", "entreprise_id", "ml_id", "date_contact", "motif", "visite")
    return f"""
        SELECT r.ml, 2 * dense_rank() OVER (ORDER BY entreprise_id) AS dossier, 0 AS bits, {c.rang("date_contact")} AS mois,
            coalesce(visite, false) AS visite
        FROM ({lus}) AS x JOIN reseau_ml AS r ON r.ml_id = x.ml_id
        WHERE date_contact BETWEEN {c.d0} AND {c.d1} AND motif IN ({c.mots("entreprise.motifs_contact")})"""


def parrainages(c: Contexte) -> str:
    """Sponsorships under way in each month."""
    masque = masque_des_mois("p.date_debut", f"coalesce(p.date_fin, {TOUJOURS})", c.annee)
    lus = c.tables.lire("parrainage", "ml_id", "jeune_id", "date_debut", "date_fin")
    return f"""
        SELECT e.ml, e.dossier, e.bits, {masque} & e.mois AS parraine
        FROM ({lus}) AS p JOIN cles AS c ON c.ml_id = p.ml_id AND c.jeune_id = p.jeune_id JOIN etats AS e ON e.dossier = c.dossier
        WHERE e.debut <= coalesce(p.date_fin, {TOUJOURS}) AND e.fin >= p.date_debut"""


def parrains(c: Contexte) -> str:
    """Sponsors in activity in each month."""
    masque = masque_des_mois("coalesce(actif_debut, DATE '1900-01-01')", f"coalesce(actif_fin, {TOUJOURS})", c.annee)
    return f"""
        SELECT r.ml, 2 * dense_rank() OVER (ORDER BY parrain_id) AS dossier, 0 AS bits, {masque} AS actif
        FROM (
            SELECT parrain_id, ml_id, min(actif_debut) AS actif_debut, max(coalesce(actif_fin, {TOUJOURS})) AS actif_fin
            FROM ({c.tables.lire("parrain", "parrain_id", "ml_id", "actif_debut", "actif_fin")}) GROUP BY parrain_id, ml_id
        ) AS p JOIN reseau_ml AS r ON r.ml_id = p.ml_id"""


def periodes(c: Contexte) -> str:
    """Periods in a company begun in the year and not cancelled."""
    lues = c.tables.lire("periode_entreprise", "ml_id", "jeune_id", "type", "date_debut", "annulee")
    return c.dates(
        f"SELECT * FROM ({lues}) WHERE NOT coalesce(annulee, false)", "date_debut",
        f"coalesce(x.type IN ({c.mots('entreprise.types_immersion')}), false) AS immersion, "
        f"coalesce(x.type IN ({liste(c.cat.grille.immersions_courtes)}), false) AS courte",
    )  # fmt: skip
