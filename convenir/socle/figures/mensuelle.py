"""A quantity month by month, beside the same months of the year before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from convenir.socle.commun.francais import MOIS, MOIS_COURTS
from convenir.socle.figures.echelles import Echelle, Nombre, connus, graduer
from convenir.socle.figures.ecriture import nombre_rond
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import PETIT, largeur_texte, plus_large
from convenir.socle.figures.toile import Toile

Ecrire = Callable[[Nombre], str]
HAUT = 28.0


@dataclass(frozen=True)
class MoisCompare:
    """One month, 1 to 12: its value and that of the year before; `mention` says why there is none."""

    mois: int
    valeur: Nombre | None
    avant: Nombre | None = None
    mention: str = "n. d."


def valeurs_mensuelles(
    mois: Sequence[MoisCompare], *, annee: int, cle: str, titre: str, ecrire: Ecrire, largeur: float = 860
) -> Figure:
    """Draw a year as discs joined by a line, from zero, and the year before as hollow circles.

    Args:
        mois: the months shown, in order.
        annee: the year of the discs.
        cle: stem of the identifiers, unique in the page.
        titre: what and when.
        ecrire: writes a value in its unit.
        largeur: width of the large drawing.
    """
    avant = any(m.avant is not None for m in mois)
    phrases = [_en_mots(m, annee, ecrire, avant) for m in mois]
    legende = [ElementLegende("disque", str(annee))]
    if avant:
        legende.append(ElementLegende("cercle", str(annee - 1)))
    connues = any(m.valeur is not None or m.avant is not None for m in mois)
    tracer = partial(_tracer, mois=mois, ecrire=ecrire) if connues else None
    return composer(cle, titre, f"{' ; '.join(phrases)}.", tracer, legende=legende, largeur=largeur)


def _en_mots(m: MoisCompare, annee: int, ecrire: Ecrire, avant: bool) -> str:
    valeur = m.mention if m.valeur is None else ecrire(m.valeur)
    ancienne = "" if not avant else f" ({annee - 1} : {m.mention if m.avant is None else ecrire(m.avant)})"
    return f"{MOIS[m.mois - 1]} {annee} : {valeur}{ancienne}"


def _tracer(toile: Toile, mois: Sequence[MoisCompare], ecrire: Ecrire) -> None:
    graduations = graduer(0, max([*connus(v for m in mois for v in (m.valeur, m.avant)), 0.0]))
    pied = HAUT + (150 if toile.etroit else 170 if not toile.format.impression else 140)
    gauche = plus_large([nombre_rond(v) for v in graduations], PETIT) + 12
    colonne = (toile.largeur - 4 - gauche) / len(mois)
    echelle = Echelle(0, graduations[-1], pied, HAUT)
    for valeur in graduations:
        y = echelle.place(valeur)
        (toile.repere if valeur else partial(toile.ligne, classe="axe0"))(gauche, y, toile.largeur - 4, y)
        toile.texte(gauche - 7, y + 4, nombre_rond(valeur), "t-s t-n", "end")
    centres = [gauche + colonne * (rang + 0.5) for rang in range(len(mois))]
    courts = plus_large([MOIS_COURTS[m.mois - 1] for m in mois], PETIT) <= colonne - 4
    for x, m in zip(centres, mois, strict=True):
        nom = MOIS_COURTS[m.mois - 1]
        toile.texte(x, pied + 19, nom if courts else nom[0].upper(), "t-s", "middle")
    _avant(toile, echelle, centres, mois)
    _serie(toile, echelle, centres, mois, ecrire, colonne)
    toile.hauteur += 8


def _avant(toile: Toile, echelle: Echelle, centres: Sequence[float], mois: Sequence[MoisCompare]) -> None:
    for x, m in zip(centres, mois, strict=True):
        if m.avant is not None:
            toile.disque(x, echelle.place(m.avant), 4.5, "avant")


def _serie(
    toile: Toile, echelle: Echelle, centres: Sequence[float], mois: Sequence[MoisCompare], ecrire: Ecrire,
    colonne: float,
) -> None:  # fmt: skip
    """Join the months that follow each other, then put each disc, and its value where there is room."""
    points = [(x, echelle.place(m.valeur), m) for x, m in zip(centres, mois, strict=True) if m.valeur is not None]
    for (x1, y1, avant), (x2, y2, apres) in pairwise(points):
        if apres.mois == avant.mois + 1:
            toile.ligne(x1, y1, x2, y2, "lien")
    larges = plus_large([ecrire(m.valeur) for _, _, m in points if m.valeur is not None]) > colonne - 4
    for rang, (x, y, m) in enumerate(points):
        toile.disque(x, y, 6, "resultat bord")
        if m.valeur is not None and (not larges or rang == len(points) - 1):
            mots = ecrire(m.valeur)
            demi = largeur_texte(mots, gras=larges) / 2
            libre = m.avant is None or not 4 < y - echelle.place(m.avant) < 30
            toile.texte(
                min(x, toile.largeur - demi),
                y - 11 if libre else y + 21,
                mots,
                "t-r t-n" if larges else "t-n",
                "middle",
            )
