"""A dated amount as steps: each text sets a value, the last known one is carried forward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from convenir.socle.commun.francais import euros, jour, nombre, pourcent
from convenir.socle.figures.echelles import Echelle, Nombre, connus, graduer
from convenir.socle.figures.ecriture import decimales_utiles, nombre_rond
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import PETIT, largeur_texte, plus_large, tronquer
from convenir.socle.figures.toile import Toile


@dataclass(frozen=True)
class Palier:
    """The value in force from a date."""

    debut: date
    valeur: Nombre


@dataclass(frozen=True)
class _Histoire:
    paliers: Sequence[Palier]
    jusquau: date
    reconduit: date | None
    libelle: str
    ecrire: Callable[[Nombre], str]


def paliers(
    valeurs: Sequence[Palier],
    *,
    jusquau: date,
    cle: str,
    titre: str,
    libelle: str = "",
    reconduit: date | None = None,
    unite: str = "",
    largeur: float = 390,
) -> Figure:
    """Draw a dated value as steps, on its own scale, which need not start at zero (the note under it says so).

    Args:
        valeurs: steps in the order of their dates.
        jusquau: day at which the axis ends, usually the day read.
        cle: stem of the identifiers, unique in the page.
        titre: what and when.
        libelle: name written above the panel.
        reconduit: day from which the last value is only carried forward (dotted, hollow circle); None if it is sure.
        unite: « € », « % » or another unit written after the value.
        largeur: width of the large drawing.
    """
    rangees = sorted((palier for palier in valeurs if palier.debut <= jusquau), key=lambda palier: palier.debut)
    histoire = _Histoire(rangees, jusquau, reconduit, libelle, partial(_ecrire, unite=unite))
    legende = [ElementLegende("lien", "Valeur fixée par un texte")]
    if reconduit is not None:
        legende.append(ElementLegende("reconduit", "Dernière valeur connue, à confirmer"))
    tracer = partial(_tracer, histoire=histoire) if rangees else None
    mots = _en_mots(histoire) if rangees else ""
    return composer(
        cle,
        titre,
        mots,
        tracer,
        legende=legende,
        largeur=largeur,
        impression=largeur,
        rien="Aucune valeur à cette date.",
    )


def _ecrire(valeur: Nombre, unite: str) -> str:
    if unite == "€":
        return euros(valeur, 2 if decimales_utiles(valeur, 2) else 0)
    if unite == "%":
        return pourcent(valeur, decimales_utiles(valeur, 2))
    return nombre(valeur, decimales_utiles(valeur, 2)) + (f"\u00a0{unite}" if unite else "")


def _en_mots(histoire: _Histoire) -> str:
    debut = f"{histoire.libelle} : " if histoire.libelle else ""
    valeurs = " ; ".join(f"{histoire.ecrire(p.valeur)} au {jour(p.debut)}" for p in histoire.paliers)
    fin = f" Valeur reconduite depuis le {jour(histoire.reconduit)}, à confirmer." if histoire.reconduit else ""
    return f"{debut}{valeurs}.{fin}"


def _tracer(toile: Toile, histoire: _Histoire) -> None:
    valeurs = connus(palier.valeur for palier in histoire.paliers)
    graduations = _graduations(min(valeurs), max(valeurs))
    derniere = histoire.ecrire(histoire.paliers[-1].valeur)
    gauche = plus_large([nombre_rond(v) for v in graduations], PETIT) + 10
    droite = toile.largeur - largeur_texte(derniere, gras=True) - 16
    haut, bas = (30.0, 150.0) if histoire.libelle else (12.0, 132.0)
    if histoire.libelle:
        toile.texte(0, 14, tronquer(histoire.libelle, toile.largeur, gras=True), "t-b")
    echelle = Echelle(graduations[0], graduations[-1], bas, haut)
    for valeur in graduations:
        y = echelle.place(valeur)
        toile.repere(gauche, y, droite, y)
        toile.texte(gauche - 8, y + 4, nombre_rond(valeur), "t-s t-n", "end")
    temps = _temps(histoire, gauche, droite - 6)
    _annees(toile, histoire, temps, bas + 19)
    _marches(toile, histoire, temps, echelle)
    toile.hauteur += 8


def _graduations(bas: float, haut: float) -> list[float]:
    """Graduate around the values; one value alone stands in the middle."""
    return graduer(bas, haut, 3) if haut > bas else graduer(bas - abs(bas) * 0.1, haut + max(abs(haut) * 0.1, 1e-6), 3)


def _temps(histoire: _Histoire, gauche: float, droite: float) -> Echelle:
    debut = date(histoire.paliers[0].debut.year, 1, 1).toordinal()
    return Echelle(debut, max(histoire.jusquau.toordinal(), debut + 365), gauche, droite)


def _annees(toile: Toile, histoire: _Histoire, temps: Echelle, y: float) -> None:
    premiere, derniere = histoire.paliers[0].debut.year, histoire.jusquau.year
    pas = max(1, -(-(derniere - premiere) // 4))
    annees = range(premiere, derniere + 1, pas)
    toile.graduations(y, [(temps.place(date(annee, 1, 1).toordinal()), str(annee)) for annee in annees])


def _marches(toile: Toile, histoire: _Histoire, temps: Echelle, echelle: Echelle) -> None:
    sure = histoire.jusquau if histoire.reconduit is None else min(histoire.reconduit, histoire.jusquau)
    points: list[tuple[float, float]] = []
    for palier in histoire.paliers:
        x, y = temps.place(palier.debut.toordinal()), echelle.place(palier.valeur)
        points += [(x, points[-1][1])] if points else []
        points.append((x, y))
    dernier = points[-1][1]
    coupe = max(temps.place(sure.toordinal()), points[-1][0])
    toile.marches([*points, (coupe, dernier)], "lien")
    fin = temps.fin
    if histoire.reconduit is not None:
        toile.ligne(coupe, dernier, fin, dernier, "reconduit")
    toile.disque(fin, dernier, 5.5, "avant" if histoire.reconduit is not None else "resultat bord")
    toile.texte(fin + 11, dernier + 4.5, histoire.ecrire(histoire.paliers[-1].valeur), "t-r t-n")
