# ruff: noqa: E501 - a SQL clause stays on its line
"""Propositions by domain and theme: twelve bits a theme, five themes in an integer; one scan of `proposition`."""

from __future__ import annotations

from convenir.mesure.indicateurs.releves_ml.relations.contexte import Contexte

THEMES = {
    "professionnel": ("emploi", "formation", "projet_professionnel"), "social": ("logement", "sante"),
    "vie_sociale": ("citoyennete", "loisirs_sports_culture"),
}  # fmt: skip
NOMS = {"projet_professionnel": "projet", "loisirs_sports_culture": "loisirs"}
PAR_MASQUE = 5
# Rank of every theme, and of what is in a domain without being of a theme.
RANGS = {(d, t): r for r, (d, t) in enumerate((d, t) for d, themes in THEMES.items() for t in (*themes, ""))}


def lire_propositions(c: Contexte) -> None:
    """Make `propositions`: per segment, months by theme, and the month ends that a recent proposition covers."""
    cas = " ".join(f"WHEN '{d}' THEN CASE theme {_des_themes(d)} ELSE {RANGS[d, '']} END" for d in THEMES)
    c.tables.creer(
        "propositions",
        f"""
        SELECT segment, bit_or(prop) AS prop,
            bit_or(CASE WHEN rang < {PAR_MASQUE} THEN bit << (12 * rang) ELSE 0 END) AS p0,
            bit_or(CASE WHEN rang >= {PAR_MASQUE} THEN bit << (12 * (rang - {PAR_MASQUE})) ELSE 0 END) AS p1
        FROM (
            SELECT {c.segment("p.date_prop")} AS segment, CAST(j.bit AS BIGINT) AS bit, j.prop, CASE p.domaine {cas} END AS rang
            FROM ({c.tables.lire("proposition", "ml_id", "jeune_id", "date_prop", "domaine", "theme")}) AS p
            JOIN jours AS j ON j.jour = p.date_prop
            JOIN cles AS c ON c.ml_id = p.ml_id AND c.jeune_id = p.jeune_id
        ) GROUP BY segment""",
    )


def _des_themes(domaine: str) -> str:
    return " ".join(f"WHEN '{t}' THEN {RANGS[domaine, t]}" for t in THEMES[domaine])


def _bits(rang: int) -> str:
    return f"((p{rang // PAR_MASQUE} >> {12 * (rang % PAR_MASQUE)}) & 4095)"


def mois_par_theme(parmi: str) -> str:
    """SQL of the months with a proposition of each domain and theme, among some months of the row."""
    ensembles = {NOMS.get(t, t): [r] for (_, t), r in RANGS.items() if t}
    ensembles |= {domaine: [r for (d, _), r in RANGS.items() if d == domaine] for domaine in THEMES}
    return ", ".join(f"({' | '.join(map(_bits, rangs))}) & {parmi} AS {nom}" for nom, rangs in ensembles.items())
