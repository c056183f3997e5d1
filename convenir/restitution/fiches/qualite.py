"""What the screen of quality prints: a sentence, a row for each article, its months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from convenir.mesure.indicateurs.qualite import Article, LigneQualite, charte
from convenir.mesure.indicateurs.qualite.phrases import dire_seuil, mesure, resumer
from convenir.mesure.indicateurs.valeurs import Statut
from convenir.socle.commun import francais
from convenir.socle.figures.barres import mois_mini
from convenir.socle.figures.toile import Svg
from convenir.socle.reglementation.queries import a_jour


@dataclass(frozen=True)
class Rang:
    """One article: its measure of the year, its months (name, measure), what it changes."""

    article: Article
    annee: LigneQualite
    mesure: str
    compte: str
    seuil: str
    figure: Svg
    mois: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Presentation:
    """The whole screen."""

    phrase: str
    rangs: tuple[Rang, ...]
    noms_des_mois: tuple[str, ...]


def presenter(lignes: Sequence[LigneQualite], annee: int) -> Presentation:
    """Arrange the measures of a mission locale over a year; those that ask for a correction come first."""
    par_article: dict[str, dict[str, LigneQualite]] = {}
    for x in lignes:
        par_article.setdefault(x.article, {})[x.periode] = x
    periodes = sorted({x.periode for x in lignes if len(x.periode) == 7})
    rangs = [
        _rang(charte().article(code), lues, str(annee), periodes)
        for code, lues in par_article.items()
        if str(annee) in lues
    ]
    rangs.sort(key=lambda r: (not r.annee.a_reprendre, r.article.code))
    return Presentation(resumer(r.annee for r in rangs), tuple(rangs), tuple(_nom(p) for p in periodes))


def _rang(article: Article, lues: dict[str, LigneQualite], annee: str, periodes: Sequence[str]) -> Rang:
    mensuelles = [lues[p].valeur if p in lues else None for p in periodes]
    ligne = lues[annee]
    return Rang(
        article, ligne, _texte(ligne, article), _compte(ligne), mesure(ligne.seuil, article),
        mois_mini(mensuelles, ligne.seuil, cle=article.code.lower()),
        tuple((_nom(p), _texte(lues[p], article) if p in lues else "–") for p in periodes),
    )  # fmt: skip


def _nom(mois: str) -> str:
    return francais.MOIS[int(mois[5:]) - 1]


def _texte(x: LigneQualite, article: Article) -> str:
    if x.valeur is not None:
        return mesure(x.valeur, article)
    return "–" if x.statut == Statut.NON_CALCULABLE else f"n.{francais.FINE}d."


def _compte(x: LigneQualite) -> str:
    if x.numerateur is None or x.denominateur is None:
        return francais.pluriel(x.denominateur, "saisie datée", "saisies datées") if x.denominateur else ""
    return f"{francais.nombre(x.numerateur)} sur {francais.nombre(x.denominateur)}"


def articles(jour: date | None = None) -> list[tuple[Article, str]]:
    """Return each article of the charter and when it asks for a correction on a day, in words."""
    droit, quand = a_jour(), jour or timezone.localdate()
    return [(a, dire_seuil(Decimal(droit.nombre(a.seuil, quand)), a)) for a in charte().articles]
