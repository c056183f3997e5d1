"""Projections of the year in progress: monthly ETP read from the records, the method applied, values inserted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb

from convenir.mesure.indicateurs.compilateur.cellules import Annee
from convenir.mesure.indicateurs.parametres import ParametresAnnee
from convenir.mesure.indicateurs.projection import Historique, Mensualites, Projection, Reglage, projeter
from convenir.mesure.indicateurs.releves.lectures import Vues
from convenir.mesure.indicateurs.releves.preparation import Prepare, preparer_mois
from convenir.mesure.indicateurs.valeurs import Statut
from convenir.socle.commun.montants import arrondir

if TYPE_CHECKING:
    from convenir.mesure.indicateurs.calcul import Calcul

CODES = ("iae.etp.projection", "iae.etp.projection_basse", "iae.etp.projection_haute")
MICRO = Decimal(10) ** 12
Passe = dict[int, dict[str, Mensualites]]


def donnees_de_projection(
    base: duckdb.DuckDBPyConnection, vues: Vues, prepare: Prepare, annee: Annee, parametres: ParametresAnnee
) -> Passe:
    """Return the monthly ETP of the two years before, when the year is in progress; nothing for a finished year."""
    if not 0 < annee.mois_clos < 12 or not (vues.a("EtatMensuelIndiv.emi_nb_heures_travail") or vues.a("AnnexeMois")):
        return {}
    passe = {}
    for ecart in (2, 1):
        avant = replace(annee, annee=annee.annee - ecart, mois_clos=12)
        preparer_mois(base, vues, prepare, avant, parametres)
        passe[avant.annee] = _mensualites(base, 12)
    return passe


def _mensualites(base: duckdb.DuckDBPyConnection, mois_clos: int) -> dict[str, Mensualites]:
    """Monthly share of an annual ETP by SIAE, None for a month without entry."""
    lignes = base.execute(
        "SELECT s.siae, CAST(right(r.periode, 2) AS INTEGER), SUM(r.etp_realises) / 12 "
        "FROM (SELECT siae_num, periode, CAST(etp_realises AS DECIMAL(38, 0)) AS etp_realises "
        "FROM releve_annexe_periode "
        "WHERE genre = 'mois' AND saisi = 1 AND NOT penitentiaire) AS r JOIN siae AS s USING (siae_num) GROUP BY ALL"
    ).fetchall()
    series: dict[str, list[Decimal | None]] = {}
    for siae, mois, etp in lignes:
        if mois <= mois_clos:
            series.setdefault(siae, [None] * 12)[mois - 1] = Decimal(etp) / MICRO
    return dict(series)


def ajouter_projections(calcul: Calcul, annee: Annee, passe: Passe) -> None:
    """Insert the projection of every SIAE and its bounds."""
    if not passe:
        return
    cette_annee = _mensualites(calcul.base, annee.mois_clos)
    categories = dict(calcul.base.execute("SELECT siae, categorie FROM siae").fetchall())
    histoires = {
        siae: Historique(
            categorie,
            cette_annee.get(siae, ()),
            passe.get(annee.annee - 1, {}).get(siae, ()),
            passe.get(annee.annee - 2, {}).get(siae, ()),
        )
        for siae, categorie in sorted(categories.items())
    }
    nombres = calcul.parametres[annee.annee].nombres
    reglage = Reglage(nombres["iae.projection.niveau_confiance"], int(nombres["iae.projection.mois_minimum"]))
    lignes = [
        ligne for siae, projection in projeter(histoires, reglage).items() for ligne in _lignes(siae, projection)
    ]
    calcul.base.execute(
        "CREATE OR REPLACE TEMP TABLE projections (code VARCHAR, indicateur VARCHAR, valeur BIGINT, statut VARCHAR)"
    )
    if lignes:
        calcul.base.execute(
            "INSERT INTO projections SELECT UNNEST(?), UNNEST(?), UNNEST(?), UNNEST(?)",
            [list(c) for c in zip(*lignes, strict=True)],
        )
    source = "AnnexeMois" if "EtatMensuelIndiv" not in calcul.entrees.vues else "EtatMensuelIndiv"
    calcul.base.execute(
        f"INSERT INTO brutes SELECT 'siae', code, indicateur, '', '', '{annee.annee}', valeur, NULL, valeur, 6, 0, 6, "
        f"statut, NULL, '{source}', {annee.annee} FROM projections"
    )


def _lignes(siae: str, projection: Projection | None) -> list[tuple[str, str, int | None, str]]:
    if projection is None:
        return [(siae, code, None, Statut.NON_CALCULABLE.value) for code in CODES]
    valeurs = (projection.valeur, projection.basse, projection.haute)
    return [
        (siae, code, int(arrondir(v, 6).scaleb(6)), Statut.DISPONIBLE.value)
        for code, v in zip(CODES, valeurs, strict=True)
    ]
