# ruff: noqa: E501 - a SQL clause stays on its line
"""What each article reads: rows (mission locale, month, key, fault), or (mission locale, month, days) for a median."""

from __future__ import annotations

from dataclasses import dataclass

from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl
from convenir.mesure.indicateurs.releves_ml.lecture import Tables

# One row for each youth in contact in a month, with what is known of them on the last day of that month.
CONTACTS = """
    SELECT c.ml_id, c.mois, c.jeune_id, max_by(e.niveau, e.date_debut) AS niveau,
        max_by(CAST(e.diplome_obtenu AS INTEGER), e.date_debut) AS diplome, max_by(e.commune_code, e.date_debut) AS commune
    FROM contacts AS c LEFT JOIN ({etats}) AS e ON e.ml_id = c.ml_id AND e.jeune_id = c.jeune_id
        AND e.date_debut <= last_day(make_date({annee}, c.mois, 1))
    GROUP BY c.ml_id, c.mois, c.jeune_id"""


@dataclass(frozen=True)
class Menage:
    """When exits of one day are said to be grouped.

    Attributes:
        sorties: exits of that day, at least.
        part: percent of the exits of the month, at least.
    """

    sorties: int
    part: int


def preparer(tables: Tables, annee: AnneeMl) -> None:
    """Make `contacts`: youths in contact each month."""
    lues = tables.lire("actualite", "ml_id", "jeune_id", "date_evt")
    tables.base.execute(
        f"CREATE OR REPLACE TEMP TABLE contacts AS SELECT DISTINCT ml_id, month(date_evt) AS mois, jeune_id "
        f"FROM ({lues}) WHERE date_evt BETWEEN DATE '{annee.debut}' AND DATE '{annee.fin}'"
    )


def relation(mesure: str, tables: Tables, annee: AnneeMl, menage: Menage) -> str:
    """Return the SQL of what an article reads.

    Raises:
        KeyError: no such measure.
    """
    lues = _des_contacts(tables, annee) | _des_actualites(tables, annee) | _des_situations(tables, annee)
    return (lues | _des_parcours(tables, annee, menage))[mesure]


def _dans(annee: AnneeMl) -> str:
    """SQL of a day of the year."""
    return f"BETWEEN DATE '{annee.debut}' AND DATE '{annee.fin}'"


def _actualites(tables: Tables) -> str:
    return tables.lire("actualite", "actualite_id", "ml_id", "jeune_id", "site_id", "date_evt", "date_saisie", "type")


def _situations(tables: Tables) -> str:
    return tables.lire("situation", "situation_id", "ml_id", "jeune_id", "date_debut", "date_fin")


def _des_contacts(tables: Tables, annee: AnneeMl) -> dict[str, str]:
    """What is known of the youths in contact."""
    etats = tables.lire("jeune_etat", "ml_id", "jeune_id", "date_debut", "niveau", "diplome_obtenu", "commune_code")
    contacts = CONTACTS.format(etats=etats, annee=annee.annee)
    return {
        "niveau_ou_diplome_manquant": f"SELECT ml_id, mois, jeune_id AS cle, niveau IS NULL OR diplome IS NULL AS faute FROM ({contacts})",
        "adresse_non_localisee": f"SELECT ml_id, mois, jeune_id AS cle, coalesce(length(commune) <> 5, true) AS faute FROM ({contacts})",
    }


def _des_actualites(tables: Tables, annee: AnneeMl) -> dict[str, str]:
    """Contacts and interviews of the year."""
    dans, actualites = _dans(annee), _actualites(tables)
    return {
        "delai_de_saisie": f"""
            SELECT ml_id, month(date_evt) AS mois, greatest(date_diff('day', date_evt, CAST(date_saisie AS DATE)), 0) AS jours
            FROM ({actualites}) WHERE date_evt {dans} AND date_saisie IS NOT NULL""",
        "entretiens_sans_proposition": f"""
            SELECT a.ml_id, month(a.date_evt) AS mois, 0 AS cle, p.actualite_id IS NULL AS faute FROM ({actualites}) AS a
            LEFT JOIN (SELECT DISTINCT actualite_id FROM ({tables.lire("proposition", "actualite_id")})) AS p USING (actualite_id)
            WHERE a.type = 'entretien_individuel' AND a.date_evt {dans}""",
        "doublons": f"""
            SELECT ml_id, month(date_evt) AS mois, 0 AS cle,
                row_number() OVER (PARTITION BY ml_id, jeune_id, site_id, date_evt, type ORDER BY actualite_id) > 1 AS faute
            FROM ({actualites}) WHERE date_evt {dans}""",
        "plus_de_25_ans": f"""
            SELECT a.ml_id, month(a.date_evt) AS mois, a.jeune_id AS cle,
                bool_or(coalesce(a.date_evt >= date_trunc('month', j.naissance_mois) + INTERVAL 26 YEAR, false)) AS faute
            FROM ({actualites}) AS a LEFT JOIN (SELECT ml_id, jeune_id, min(naissance_mois) AS naissance_mois
                FROM ({tables.lire("jeune", "ml_id", "jeune_id", "naissance_mois")}) GROUP BY ALL) AS j USING (ml_id, jeune_id)
            WHERE a.date_evt {dans} GROUP BY ALL""",
    }


def _des_situations(tables: Tables, annee: AnneeMl) -> dict[str, str]:
    """Situations, those that a youth in demand lacks, and dates that cannot be."""
    dans, actualites, situations = _dans(annee), _actualites(tables), _situations(tables)
    return {
        # The files in demand come from the engine: the same rule as ACT07.
        "jdi_sans_situation": f"""
            SELECT d.ml_id, f.mois, d.dossier AS cle, NOT EXISTS (SELECT 1 FROM ({situations}) AS s WHERE s.ml_id = d.ml_id
                AND s.jeune_id = d.jeune_id AND s.date_debut <= f.fin AND (s.date_fin IS NULL OR s.date_fin >= f.fin)) AS faute
            FROM (SELECT DISTINCT dossier, jdi FROM r_demande) AS r JOIN dossiers AS d USING (dossier)
            JOIN ({_fins(annee)}) AS f ON (r.jdi >> (f.mois - 1)) & 1 = 1""",
        "situations_qui_se_chevauchent": f"""
            SELECT ml_id, month(date_debut) AS mois, 0 AS cle, coalesce(avant > date_debut, false) AS faute FROM (
                SELECT ml_id, date_debut, max(coalesce(date_fin, DATE '9999-12-31')) OVER (PARTITION BY ml_id, jeune_id
                    ORDER BY date_debut, situation_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS avant
                FROM ({situations})) WHERE date_debut {dans}""",
        "dates_impossibles": f"""
            SELECT ml_id, month(date_evt) AS mois, 0 AS cle, coalesce(date_evt > CAST(date_saisie AS DATE), false) AS faute
            FROM ({actualites}) WHERE date_evt {dans}
            UNION ALL SELECT ml_id, month(date_debut), 0, coalesce(date_fin < date_debut, false) FROM ({situations}) WHERE date_debut {dans}""",
    }


def _des_parcours(tables: Tables, annee: AnneeMl, menage: Menage) -> dict[str, str]:
    """Exits of the year."""
    parcours = tables.lire("parcours", "ml_id", "date_entree", "date_sortie", "situation_sortie_id")
    sorties = f"SELECT *, month(date_sortie) AS mois FROM ({parcours}) WHERE date_sortie {_dans(annee)}"
    return {
        "sorties_inconnues": f"SELECT ml_id, mois, 0 AS cle, situation_sortie_id IS NULL AS faute FROM ({sorties}) WHERE date_sortie >= date_entree",
        "sorties_groupees": f"""
            SELECT ml_id, mois, 0 AS cle, du_jour >= {menage.sorties} AND du_jour * 100 >= du_mois * {menage.part} AS faute FROM (
                SELECT ml_id, mois, count(*) OVER (PARTITION BY ml_id, date_sortie) AS du_jour,
                    count(*) OVER (PARTITION BY ml_id, mois) AS du_mois FROM ({sorties}))""",
        "sortie_avant_entree": f"SELECT ml_id, mois, 0 AS cle, coalesce(date_sortie < date_entree, false) AS faute FROM ({sorties})",
    }


def _fins(annee: AnneeMl) -> str:
    """SQL of the closed months and their last day."""
    return " UNION ALL ".join(f"SELECT {fin.month} AS mois, DATE '{fin}' AS fin" for fin in annee.fins)
