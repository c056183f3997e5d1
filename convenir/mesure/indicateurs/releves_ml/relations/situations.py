# ruff: noqa: E501 - a SQL clause stays on its line
"""Jobs, trainings and the like: one scan of `situation`."""

from __future__ import annotations

from convenir.mesure.indicateurs.releves_ml.relations.contexte import Contexte

COLONNES = (
    "situation_id", "ml_id", "jeune_id", "categorie", "contrat", "aide_non_marchand", "qualifiante", "date_debut",
    "date_fin_prevue", "date_fin",
)  # fmt: skip
FIN = "coalesce(date_fin_prevue, date_fin)"
EMPLOI = "categorie IN ('EMPLOI', 'ALTERNANCE')"


def _durable(c: Contexte) -> str:
    durable = (
        f"categorie = 'EMPLOI' AND (contrat IN ({c.mots('emploi_durable.contrats_sans_duree')}) "
        f"OR (contrat IN ({c.mots('emploi_durable.contrats_avec_duree')}) AND "
        f"{FIN} > date_debut + INTERVAL {c.regles.entier('emploi_durable.duree_mois')} MONTH))"
    )
    if not c.regles.oui("emploi_durable.aides_non_marchands"):
        durable += " AND NOT coalesce(aide_non_marchand, false)"
    return f"categorie = 'ALTERNANCE' OR ({durable})" if c.regles.oui("emploi_durable.alternance") else durable


def lire_situations(c: Contexte) -> None:
    """Make `lues_situation`: each with the file it belongs to, if any, and what it is."""
    plus, moins = (c.regles.entier(f"sortie.contrat_court_{x}_de_mois") for x in ("plus", "moins"))
    court = f"{FIN} > date_debut + INTERVAL {plus} MONTH AND {FIN} < date_debut + INTERVAL {moins} MONTH"
    c.tables.creer(
        "lues_situation",
        f"""
        SELECT s.situation_id, c.dossier, CASE WHEN s.date_debut BETWEEN {c.d0} AND {c.d1} THEN {c.segment("s.date_debut")} END AS segment,
            s.date_debut, s.date_fin, {EMPLOI} AS emploi, categorie = 'ALTERNANCE' AS alternance, categorie = 'FORMATION' AS formation,
            categorie = 'SCOLARITE' AS scolarite, coalesce({_durable(c)}, false) AS durable, coalesce({EMPLOI} AND {court}, false) AS court,
            coalesce({EMPLOI} AND contrat = 'CIE', false) AS cie, categorie = 'FORMATION' AND coalesce(qualifiante, false) AS qualifiante
        FROM ({c.tables.lire("situation", *COLONNES)}) AS s
        LEFT JOIN cles AS c ON c.ml_id = s.ml_id AND c.jeune_id = s.jeune_id""",
    )


def situations(c: Contexte) -> str:
    """Situations begun in the year, with the state of the youth that day."""
    c.une_fois(lire_situations)
    return f"""
        SELECT e.ml, e.dossier, e.bits, {c.rang("x.date_debut")} AS mois, x.formation, x.emploi, x.durable, x.alternance
        FROM lues_situation AS x JOIN etats AS e ON e.segment = x.segment"""
