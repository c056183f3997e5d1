"""A result beside its target on a scale of shares: the same drawing for objectives and publics."""

from __future__ import annotations

from dataclasses import dataclass

from convenir.socle.figures.echelles import Echelle, Nombre, cote_libre, depart_libre
from convenir.socle.figures.textes import largeur_texte
from convenir.socle.figures.toile import Toile


@dataclass(frozen=True)
class Mesure:
    """A share, its words, its target and the national reference, in percent; `actuelle` fills the disc."""

    valeur: Nombre | None
    mots: str
    objectif: Nombre | None = None
    reference: Nombre | None = None
    actuelle: bool = True


def tracer_mesure(
    toile: Toile, echelle: Echelle, mesure: Mesure, y: float, *, demi: float, marge: float, ecrite: bool = True
) -> None:
    """Draw the mark, the target, the link between them and the words where they are free.

    Args:
        toile: canvas.
        echelle: horizontal scale.
        mesure: what to draw.
        y: middle line.
        demi: half the height of the target mark.
        marge: room for words beyond the end of the scale.
        ecrite: print the words (a narrow drawing prints them elsewhere).
    """
    cible = None if mesure.objectif is None else echelle.place(mesure.objectif)
    if mesure.valeur is not None and cible is not None:
        x = echelle.place(mesure.valeur)
        if abs(cible - x) > 1:
            toile.ligne(x, y, cible, y, "lien")
    if cible is not None:
        toile.ligne(cible, y - demi, cible, y + demi, "objectif")
    if mesure.valeur is None:
        _absente(toile, echelle, mesure, cible, y, ecrite)
    else:
        _presente(toile, echelle, mesure, (echelle.place(mesure.valeur), cible), y, marge if ecrite else None)


def _presente(
    toile: Toile, echelle: Echelle, mesure: Mesure, marques: tuple[float, float | None], y: float, marge: float | None
) -> None:
    x, cible = marques
    toile.disque(x, y, 6.5 if mesure.actuelle else 5, "resultat bord" if mesure.actuelle else "avant")
    if marge is None:
        return
    reference = None if mesure.reference is None else echelle.place(mesure.reference)
    place = largeur_texte(mesure.mots, gras=mesure.actuelle)
    ou = cote_libre(x, cible, place, (echelle.debut + 3, echelle.fin + marge), reference)
    if cible is not None and min(x, cible) < ou.debut and ou.fin < max(x, cible):
        toile.rectangle(ou.debut - 3, y - 8, place + 6, 16, "fond")
    toile.texte(ou.x, y + 4.5, mesure.mots, "t-r t-n" if mesure.actuelle else "t-n", ou.ancre)


def _absente(toile: Toile, echelle: Echelle, mesure: Mesure, cible: float | None, y: float, ecrite: bool) -> None:
    reference = None if mesure.reference is None else echelle.place(mesure.reference)
    place = 11 + largeur_texte(mesure.mots) if ecrite else 8
    depart = depart_libre(echelle.debut + 14, place, [cible, reference])
    toile.croix(depart, y)
    if ecrite:
        toile.texte(depart + 11, y + 4.5, mesure.mots)
