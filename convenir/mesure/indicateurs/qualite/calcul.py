# ruff: noqa: E501 - a SQL clause stays on its line
"""Measure the articles of the charter over a folder of records: no database is read or written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from convenir.mesure.indicateurs.entrees import geographie
from convenir.mesure.indicateurs.moteurs import ValeurIllisible, ouvrir_moteur
from convenir.mesure.indicateurs.qualite.charte import Article, charte
from convenir.mesure.indicateurs.qualite.mesures import Menage, preparer, relation
from convenir.mesure.indicateurs.releves_ml.calcul import fermer, selon
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grille_de
from convenir.mesure.indicateurs.releves_ml.etats import preparer_dossiers, preparer_etats
from convenir.mesure.indicateurs.releves_ml.lecture import Tables, ouvrir_dossier
from convenir.mesure.indicateurs.releves_ml.regles import Regles, regles
from convenir.mesure.indicateurs.releves_ml.relations import RELATIONS, Contexte
from convenir.mesure.indicateurs.releves_ml.reseau import preparer_reseau
from convenir.mesure.indicateurs.valeurs import Statut
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.montants import arrondir
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.droit import Reglementation

CENT = Decimal(100)


@dataclass(frozen=True)
class LigneQualite:
    """What one article measures in one mission locale over one period.

    Attributes:
        periode: `2025` or `2025-03`.
        numerateur: faults; None for a median.
        denominateur: what was looked at.
        valeur: percent with six decimals, or days; None unless the status is `disponible`.
        seuil: value above which the article asks for a correction.
        completude: percent that the article finds in order; None for a median.
    """

    ml: str
    article: str
    periode: str
    numerateur: int | None
    denominateur: int | None
    valeur: Decimal | None
    statut: str
    seuil: Decimal

    @property
    def a_reprendre(self) -> bool:
        """Tell whether the value is above the threshold."""
        return self.valeur is not None and self.valeur > self.seuil

    @property
    def completude(self) -> Decimal | None:
        """Return the share in order, in percent."""
        return None if self.valeur is None or self.numerateur is None else CENT - self.valeur


def calculer_qualite(
    dossier: Path,
    annee: int,
    *,
    mois: int = 12,
    droit: Reglementation | None = None,
    lire_regles: Callable[[int], Regles] = regles,
) -> list[LigneQualite]:
    """Measure every article, for each mission locale, each closed month and the year.

    Args:
        dossier: folder of the tables, CSV or Parquet.
        annee: calendar year.
        mois: closed months; later events are left out.
        droit: the law, for the thresholds; the files of Convenir alone if None.
        lire_regles: parameters of the indicators of a year (who seeks integration).

    Returns:
        lines sorted by mission locale, article and period; an article whose table is absent is `manquant`, once.

    Raises:
        EntreeInvalide: the folder cannot be read, or holds no youth.
    """
    lu = ouvrir_dossier(dossier)
    temporaire = Path(tempfile.mkdtemp(prefix="convenir-qualite-"))
    moteur = ouvrir_moteur("duckdb", [lu.chemin], temporaire)
    try:
        tables = Tables(moteur, lu)
        lignes = list(_mesurer(tables, AnneeMl(annee, mois), droit or Reglementation(catalogue()), lire_regles))
    except (ValeurIllisible, duckdb.ConversionException) as erreur:
        raise EntreeInvalide(
            f"Une valeur du dossier {dossier.name} n'a pas le type attendu : {str(erreur).splitlines()[0]}"
        ) from erreur
    finally:
        fermer(moteur, temporaire)
    return sorted(lignes, key=lambda x: (x.ml, x.article, x.periode))


def _mesurer(
    tables: Tables, annee: AnneeMl, droit: Reglementation, lire_regles: Callable[[int], Regles]
) -> Iterator[LigneQualite]:
    preparer_reseau(tables, geographie().regions)
    preparer_dossiers(tables)
    _demande(tables, annee, lire_regles(annee.annee))
    preparer(tables, annee)
    jour = date(annee.annee, 12, 31)
    menage = Menage(*(int(droit.nombre(f"qualite.menage.{c}", jour)) for c in ("sorties_par_jour", "part_du_mois")))
    for article in charte().articles:
        seuil = droit.nombre(article.seuil, jour)
        if not tables.a(*article.tables):
            for (ml,) in tables.base.execute("SELECT ml_id FROM ml").fetchall():
                yield LigneQualite(ml, article.code, str(annee.annee), None, None, None, Statut.MANQUANT, seuil)
        else:
            yield from _lignes(tables, article, annee, seuil, relation(article.mesure, tables, annee, menage))


def _demande(tables: Tables, annee: AnneeMl, lues: Regles) -> None:
    """Make `r_demande`: youths seeking integration at each month end, by the rule of the indicators."""
    cat = selon(catalogue_ml(grille_de(annee.annee)), lues)
    bornes = preparer_etats(tables, annee, lues, cat)
    tables.creer("r_demande", RELATIONS["demande"](Contexte(tables, annee, lues, cat, bornes)))


def _lignes(tables: Tables, article: Article, annee: AnneeMl, seuil: Decimal, lue: str) -> Iterator[LigneQualite]:
    requete = _MEDIANE if article.genre == "mediane" else _PARTS[article.genre]
    mesurees = tables.base.execute(requete.format(lue=lue)).fetchall()
    par_cle = {(ml, rang): (n, d) for ml, rang, n, d in mesurees}
    for (ml,) in tables.base.execute("SELECT ml_id FROM ml").fetchall():
        for rang in range(annee.mois + 1):
            n, d = par_cle.get((ml, rang or None), (0, 0))
            periode = f"{annee.annee}-{rang:02d}" if rang else str(annee.annee)
            yield _ligne(article, ml, periode, n, d, seuil)


def _ligne(article: Article, ml: str, periode: str, n: int, d: int, seuil: Decimal) -> LigneQualite:
    if not d:
        return LigneQualite(ml, article.code, periode, None, 0, None, Statut.NON_CALCULABLE, seuil)
    if article.genre == "mediane":
        return LigneQualite(ml, article.code, periode, None, d, Decimal(n), Statut.DISPONIBLE, seuil)
    return LigneQualite(ml, article.code, periode, n, d, arrondir(CENT * n / d, 6), Statut.DISPONIBLE, seuil)


# The year is the row whose month is NULL; a youth counts once in it, and is at fault as soon as one month is.
_PARTS = {
    "evenements": "SELECT ml_id, mois, count(*) FILTER (WHERE faute), count(*) FROM ({lue}) GROUP BY GROUPING SETS ((ml_id, mois), (ml_id))",
    "jeunes": "SELECT ml_id, mois, count(DISTINCT cle) FILTER (WHERE faute), count(DISTINCT cle) FROM ({lue}) GROUP BY GROUPING SETS ((ml_id, mois), (ml_id))",
}
_MEDIANE = "SELECT ml_id, mois, quantile_disc(jours, 0.5), count(*) FROM ({lue}) GROUP BY GROUPING SETS ((ml_id, mois), (ml_id))"
