"""The clauses that an IAE convention and a CPO share: one wording for both."""

from __future__ import annotations

from convenir.contrat.conventions.documents.contextes import Article
from convenir.contrat.conventions.ecriture import AXES
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.rules.termes import Termes
from convenir.socle.commun.francais import jour as en_mots

A_PRECISER = "À préciser."
MODIFIEE = "La convention est modifiée par avenant, signé des mêmes parties."
RENOUVELLEMENT = (
    "Le renouvellement suit un bilan partagé. Si les objectifs sont atteints, le partenariat peut être renforcé. "
    "S’ils ne le sont pas, les causes sont analysées et des préconisations sont suivies, au besoin sur plusieurs "
    "années."
)
RECOURS = Article(
    "Recours",
    (
        "La convention peut être contestée devant le tribunal administratif dans les deux mois de sa signature. Un "
        "recours gracieux peut lui être préalable.",
    ),
)


def annexes_en_mots(nombre: int) -> str:
    """Return that the annexes of an act are part of it; nothing when it has none."""
    if not nombre:
        return ""
    return " Son annexe en fait partie." if nombre == 1 else " Ses annexes en font partie."


def ecrit(termes: Termes, cle: str) -> tuple[str, ...]:
    """Return a written section, or « à préciser »."""
    return (termes.section(cle) or A_PRECISER,)


def axes_en_mots(termes: Termes) -> tuple[str, ...]:
    """Return the axes in the order of the circulars, an unknown one last."""
    ordre = {cle: rang for rang, cle in enumerate(AXES)}
    lus = sorted(termes.axes, key=lambda a: (ordre.get(a.cle, len(ordre)), a.cle))
    return tuple(f"{AXES.get(a.cle, a.cle)} : {a.texte}" for a in lus)


def duree_en_mots(convention: Convention) -> str:
    """Return the first and last days, then the recorded reasons of the period and of the length."""
    duree = (
        f"La convention prend effet le {en_mots(convention.debut)} et prend fin le {en_mots(convention.dernier_jour)}."
    )
    if convention.motif_periode:
        duree += f" Elle ne suit pas l’année civile : {convention.motif_periode.rstrip('. ')}."
    if convention.motif_duree:
        duree += f" Elle dure un an : {convention.get_motif_duree_display().lower()}."
    return duree
