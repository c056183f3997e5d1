"""The figures of a fiche of a mission locale, drawn from its values."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from convenir.mesure.indicateurs.releves_ml.definitions import IndicateurMl
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs, ecrire
from convenir.restitution.fiches_ml.modele import FicheMl, Moment
from convenir.socle.figures.echelles import Nombre
from convenir.socle.figures.figure import Figure
from convenir.socle.figures.mensuelle import MoisCompare, valeurs_mensuelles
from convenir.socle.figures.territoires import ValeurSituee, valeurs_situees

# What is drawn first in each section: the line that the sentence reads.
MENSUELS = {"1-2": "ACT02", "3": "ENT01", "resultats": "RES01"}
SITUES = {"couverture": "COUV1", "ressources": "MOY05"}


def toutes(fiche: FicheMl) -> dict[str, Figure]:
    """Return the figure of each section that has one."""
    figures = {axe: figure for axe, code in SITUES.items() if (figure := situee(fiche, code))}
    if not fiche.masquee:
        figures |= {axe: figure for axe, code in MENSUELS.items() if (figure := mensuelle(fiche, code))}
    return figures


def mensuelle(fiche: FicheMl, code: str) -> Figure | None:
    """Draw an indicator month by month against the year before; None when it is not monthly, or no month is known."""
    ligne = fiche.ligne(code)
    if ligne is None or not ligne.est_mensuel:
        return None
    mois = mois_par_mois(fiche.valeurs, ligne.indicateur, *fiche.moments[:2])
    if not any(v.est_disponible or a.est_disponible for _, v, a in mois):
        return None
    return courbe(fiche.valeurs, ligne.indicateur, fiche.moments[0], fiche.moments[1], f"mois-{code}")


def mois_par_mois(
    valeurs: Valeurs, i: IndicateurMl, moment: Moment, avant: Moment
) -> list[tuple[int, Valeur, Valeur]]:
    """Return (month, value, value of the year before) for the twelve months."""
    return [
        (m, valeurs.get(i.code, moment.periode_du_mois(i, m)), valeurs.get(i.code, avant.periode_du_mois(i, m)))
        for m in range(1, 13)
    ]


def courbe(valeurs: Valeurs, i: IndicateurMl, moment: Moment, avant: Moment, cle: str) -> Figure:
    """Draw an indicator month by month."""
    mois = [
        MoisCompare(m, _lue(v), _lue(a), "à venir" if m > moment.mois else v.texte)
        for m, v, a in mois_par_mois(valeurs, i, moment, avant)
    ]
    stock = "à la fin de chaque mois" if "mois" not in i.periodes else "chaque mois"
    return valeurs_mensuelles(
        mois, annee=moment.annee, cle=cle, titre=f"{i.libelle}, {stock} de {moment.annee}", ecrire=ecrire_dans(i)
    )


def situee(fiche: FicheMl, code: str) -> Figure | None:
    """Draw a rate of the mission locale beside those of its territories."""
    ligne = fiche.ligne(code)
    if ligne is None or not any(v and v.est_disponible for v in (ligne.courante, *ligne.autour)):
        return None
    lignes = [_situee(fiche.mission_locale.nom, ligne.courante)]
    lignes += [_situee(a.nom, v) for a, v in zip(fiche.autour, ligne.autour, strict=True) if v is not None]
    titre = f"{ligne.indicateur.libelle} en {fiche.annee}"
    return valeurs_situees(lignes, None, cle=f"situee-{code}", titre=titre, ecrire=ecrire_dans(ligne.indicateur))


def _situee(nom: str, valeur: Valeur) -> ValeurSituee:
    return ValeurSituee(nom, _lue(valeur), "", valeur.texte)


def _lue(valeur: Valeur) -> Nombre | None:
    return valeur.valeur if valeur.est_disponible else None


def ecrire_dans(i: IndicateurMl) -> Callable[[Nombre], str]:
    """Return how the figures of an indicator are written."""
    return partial(_en_mots, unite=i.unite)


def _en_mots(valeur: Nombre, unite: str) -> str:
    return ecrire(valeur, unite)  # type: ignore[arg-type]
