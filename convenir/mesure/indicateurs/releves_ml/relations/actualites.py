# ruff: noqa: E501 - a SQL clause stays on its line
"""Contacts, interviews, youths seeking integration: one scan of `actualite`, grouped by segment and site."""

from __future__ import annotations

from convenir.mesure.indicateurs.compilateur.compteurs import LARGEUR, PAR_MOT, extraire
from convenir.mesure.indicateurs.releves_ml.etats import PAR_DOSSIER, segment
from convenir.mesure.indicateurs.releves_ml.relations.contexte import Contexte
from convenir.mesure.indicateurs.releves_ml.relations.propositions import lire_propositions
from convenir.mesure.indicateurs.releves_ml.relations.situations import lire_situations

MOTS = range(12 // PAR_MOT)
EXCLUES = {
    "EMPLOI_DURABLE": "durable", "ALTERNANCE": "alternance", "FORMATION_QUALIFIANTE": "qualifiante", "SCOLARITE": "scolarite",
}  # fmt: skip


def lire_actualites(c: Contexte) -> None:
    """Make `actualites`: months of contact and of interview, first interview, interviews of each month."""
    compteurs = ", ".join(
        f"CAST(sum(CASE WHEN compte AND mot = {mot} THEN unite ELSE 0 END) AS BIGINT) AS n{mot}" for mot in MOTS
    )
    c.tables.creer(
        "actualites",
        f"""
        SELECT e.ml, e.dossier, e.bits, e.resident, f.*
        FROM (
            SELECT segment, site, bit_or(bit) AS contact, bit_or(CASE WHEN recu THEN bit ELSE 0 END) AS entretien,
                bit_or(CASE WHEN recu THEN fenetre ELSE 0 END) AS fenetre, min(CASE WHEN recu THEN date_evt END) AS premier, {compteurs}
            FROM (
                SELECT {segment("a.date_evt")} AS segment, s.site, a.date_evt, a.type IN ({c.mots("entretien.types_recus")}) AS recu,
                    a.type IN ({c.mots("entretien.types_comptes")}) AS compte, coalesce(j.bit, 0) AS bit, coalesce(j.entretien, 0) AS fenetre,
                    j.mois // {PAR_MOT} AS mot, CAST(1 AS BIGINT) << (coalesce(j.mois, 0) % {PAR_MOT} * {LARGEUR}) AS unite
                FROM ({c.tables.lire("actualite", "ml_id", "jeune_id", "site_id", "date_evt", "type")}) AS a
                JOIN cles AS c ON c.ml_id = a.ml_id AND c.jeune_id = a.jeune_id
                LEFT JOIN jours AS j ON j.jour = a.date_evt
                LEFT JOIN reseau_site AS s ON s.site_id = a.site_id
                WHERE a.date_evt <= {c.d1}
            ) GROUP BY segment, site
        ) AS f JOIN etats AS e ON e.segment = f.segment""",
    )


def activite(c: Contexte) -> str:
    """Months with a contact, with an interview, with the first interview ever at the mission locale."""
    c.une_fois(lire_actualites)
    return f"""
        SELECT a.ml, a.site, a.dossier, a.bits, a.resident, a.contact, a.entretien,
            CASE WHEN p.premier = a.premier THEN 1 << CAST(month(a.premier) - 1 AS INTEGER) ELSE 0 END AS premier
        FROM actualites AS a LEFT JOIN (
            SELECT dossier, min(premier) AS premier FROM actualites GROUP BY dossier HAVING min(premier) >= {c.d0}
        ) AS p ON p.dossier = a.dossier"""


def entretiens(c: Contexte) -> str:
    """Interviews of each month, by site and modalities."""
    c.une_fois(lire_actualites)
    par_mois = [extraire(f"n{m // PAR_MOT}", m % PAR_MOT) for m in range(c.annee.mois)]
    sommes = ", ".join(f"sum({n}) AS m{m}" for m, n in enumerate(par_mois))
    cas = " ".join(f"WHEN {m} THEN m{m}" for m in range(c.annee.mois))
    mois = " UNION ALL ".join(f"SELECT {m} AS mois" for m in range(c.annee.mois))
    return f"""
        SELECT ml, site, bits, mois, CAST(CASE mois {cas} END AS BIGINT) AS nombre
        FROM (SELECT ml, site, bits, {sommes} FROM actualites GROUP BY ml, site, bits) CROSS JOIN ({mois}) AS tous"""


def lire_demande(c: Contexte) -> None:
    """Make `demandes`: per file, the month ends at which the youth seeks integration, and those when occupied."""
    c.une_fois(lire_actualites)
    c.une_fois(lire_situations)
    exclue = " OR ".join(EXCLUES[s] for s in c.regles.mots("jdi.situations_exclues")) or "false"
    c.tables.creer(
        "demandes",
        f"""
        SELECT a.dossier, a.fenetre & ~coalesce(o.exclue, 0) AS jdi, coalesce(o.occupe, 0) AS occupe
        FROM (SELECT dossier, bit_or(fenetre) AS fenetre FROM actualites WHERE fenetre > 0 GROUP BY dossier) AS a
        LEFT JOIN (
            SELECT dossier, bit_or(CASE WHEN {exclue} THEN ouverte ELSE 0 END) AS exclue,
                bit_or(CASE WHEN emploi OR formation THEN ouverte ELSE 0 END) AS occupe
            FROM (SELECT *, {c.ouverte("x.date_debut", "x.date_fin")} AS ouverte FROM lues_situation AS x
                WHERE dossier IS NOT NULL AND (emploi OR formation OR scolarite) AND date_debut <= {c.d1}
                    AND (date_fin IS NULL OR date_fin >= {c.d0}))
            GROUP BY dossier
        ) AS o ON o.dossier = a.dossier
        WHERE a.fenetre & ~coalesce(o.exclue, 0) <> 0""",
    )


def demande(c: Contexte) -> str:
    """Youths seeking integration at each month end."""
    c.une_fois(lire_demande)
    return """
        SELECT e.ml, e.dossier, e.bits, e.faible, e.resident, f.jdi & e.fins AS jdi
        FROM demandes AS f JOIN etats AS e ON e.dossier = f.dossier WHERE e.jeune AND f.jdi & e.fins <> 0"""


def attente(c: Contexte) -> str:
    """Those without a recent proposition, job or training."""
    c.une_fois(lire_demande)
    c.une_fois(lire_propositions)
    reste = "f.jdi & ~f.occupe & ~coalesce(p.prop, 0) & e.fins"
    return f"""
        SELECT e.ml, e.dossier, e.bits, e.faible, {reste} AS sans_proposition
        FROM demandes AS f
        LEFT JOIN (SELECT segment // {PAR_DOSSIER} AS dossier, bit_or(prop) AS prop FROM propositions GROUP BY segment // {PAR_DOSSIER}) AS p
            ON p.dossier = f.dossier
        JOIN etats AS e ON e.dossier = f.dossier
        WHERE e.jeune AND {reste} <> 0"""
