# ruff: noqa: E501 - a SQL clause stays on its line
"""Contacts, interviews, youths seeking integration: one scan of `actualite`, grouped by segment and site."""

from __future__ import annotations

from convenir.mesure.indicateurs.compilateur.compteurs import LARGEUR, PAR_MOT, extraire
from convenir.mesure.indicateurs.releves_ml.etats import PAR_DOSSIER
from convenir.mesure.indicateurs.releves_ml.relations.contexte import Contexte
from convenir.mesure.indicateurs.releves_ml.relations.propositions import lire_propositions, mois_par_theme
from convenir.mesure.indicateurs.releves_ml.relations.situations import lire_situations

MOTS = range(12 // PAR_MOT)
# Twelve months each, in one integer: those of contact, of interview, and the month ends whose window holds an interview.
CHAMPS = {"contact": 0, "entretien": 12, "fenetre": 24}
EXCLUES = {
    "EMPLOI_DURABLE": "durable", "ALTERNANCE": "alternance", "FORMATION_QUALIFIANTE": "qualifiante", "SCOLARITE": "scolarite",
}  # fmt: skip


def lire_actualites(c: Contexte) -> None:
    """Make `actualites`: months of contact and of interview, first interview, interviews of each month."""
    # What a day brings is written once in the small table of days, and only read for each contact.
    mots = ", ".join(
        f"CASE WHEN mois BETWEEN {mot * PAR_MOT} AND {mot * PAR_MOT + PAR_MOT - 1} "
        f"THEN CAST(1 AS BIGINT) << ((mois - {mot * PAR_MOT}) * {LARGEUR}) ELSE 0 END AS n{mot}"
        for mot in MOTS
    )
    compteurs = ", ".join(
        f"coalesce(CAST(sum(CASE WHEN compte THEN n{mot} END) AS BIGINT), 0) AS n{mot}" for mot in MOTS
    )
    champs = ", ".join(f"(coalesce(f.masque, 0) >> {debut}) & 4095 AS {nom}" for nom, debut in CHAMPS.items())
    noms = ", ".join(f"f.n{mot}" for mot in MOTS)
    c.tables.creer(
        "actualites",
        f"""
        SELECT e.ml, e.dossier, e.bits, e.resident, e.sans_commune, f.segment, f.site, {champs}, f.premier, {noms}
        FROM (
            SELECT segment, site, bit_or(CASE WHEN recu THEN masque ELSE bit END) AS masque,
                min(CASE WHEN recu THEN date_evt END) AS premier, {compteurs}
            FROM (
                SELECT {c.segment("a.date_evt")} AS segment, s.site, a.date_evt, a.type IN ({c.mots("entretien.types_recus")}) AS recu,
                    a.type IN ({c.mots("entretien.types_comptes")}) AS compte, j.bit, j.masque, {", ".join(f"j.n{mot}" for mot in MOTS)}
                FROM ({c.tables.lire("actualite", "ml_id", "jeune_id", "site_id", "date_evt", "type")}) AS a
                JOIN cles AS c ON c.ml_id = a.ml_id AND c.jeune_id = a.jeune_id
                LEFT JOIN (
                    SELECT jour, CAST(bit AS BIGINT) AS bit, CAST(bit AS BIGINT) | (CAST(bit AS BIGINT) << {CHAMPS["entretien"]})
                        | (CAST(entretien AS BIGINT) << {CHAMPS["fenetre"]}) AS masque, {mots} FROM jours
                ) AS j ON j.jour = a.date_evt
                LEFT JOIN reseau_site AS s ON s.site_id = a.site_id AND s.ml = c.ml
                WHERE a.date_evt <= {c.d1}
            ) GROUP BY segment, site
        ) AS f JOIN etats AS e ON e.segment = f.segment""",
    )


def activite(c: Contexte) -> str:
    """Months with a contact, with an interview, with the first interview ever at the mission locale."""
    c.une_fois(lire_actualites)
    return f"""
        SELECT a.ml, a.site, a.dossier, a.bits, a.resident, a.sans_commune, a.contact, a.entretien,
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


def propositions(c: Contexte) -> str:
    """Months with a proposition of each domain and theme, among those of contact: it is made in one."""
    c.une_fois(lire_actualites)
    c.une_fois(lire_propositions)
    return f"""
        SELECT e.ml, e.dossier, e.bits, {mois_par_theme("a.contact")}
        FROM propositions AS f
        JOIN (SELECT segment, bit_or(contact) AS contact FROM actualites WHERE contact <> 0 GROUP BY segment) AS a
            ON a.segment = f.segment
        JOIN etats AS e ON e.segment = f.segment WHERE p0 <> 0 OR p1 <> 0"""


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
        SELECT e.ml, e.dossier, e.bits, e.faible, e.incertain, e.resident, e.sans_commune, f.jdi & e.fins AS jdi
        FROM demandes AS f JOIN etats AS e ON e.dossier = f.dossier WHERE e.jeune AND f.jdi & e.fins <> 0"""


def attente(c: Contexte) -> str:
    """Those without a recent proposition, job or training."""
    c.une_fois(lire_demande)
    c.une_fois(lire_propositions)
    reste = "f.jdi & ~f.occupe & ~coalesce(p.prop, 0) & e.fins"
    return f"""
        SELECT e.ml, e.dossier, e.bits, e.faible, e.incertain, {reste} AS sans_proposition
        FROM demandes AS f
        LEFT JOIN (SELECT segment // {PAR_DOSSIER} AS dossier, bit_or(prop) AS prop FROM propositions GROUP BY segment // {PAR_DOSSIER}) AS p
            ON p.dossier = f.dossier
        JOIN etats AS e ON e.dossier = f.dossier
        WHERE e.jeune AND {reste} <> 0"""
