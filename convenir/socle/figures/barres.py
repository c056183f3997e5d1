"""Small bars: inside a table cell, and one per step on the home page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from convenir.socle.commun.francais import nombre
from convenir.socle.figures.echelles import Echelle, Nombre
from convenir.socle.figures.figure import Figure, composer
from convenir.socle.figures.textes import couper, largeur_texte, plus_large, tronquer
from convenir.socle.figures.toile import Format, Svg, Toile

MINI = (104, 12)


def barre_mini(
    valeur: Nombre | None, objectif: Nombre | None = None, *, cle: str, maximum: Nombre = 100, impression: bool = False
) -> Svg:
    """Draw the small bar of a table cell and its target mark, 104 × 12; silent, since the cell says the number.

    Args:
        valeur: value drawn from zero; None leaves the place empty but for a dashed outline.
        objectif: target mark.
        cle: stem of the identifiers.
        maximum: value of a full bar; beyond, the bar is full.
        impression: black and white.
    """
    toile = Toile(Format("m", MINI[0], impression=impression), cle)
    echelle = Echelle(0, max(float(maximum), 1e-9), 0, MINI[0])
    if impression:
        toile.ligne(0, 6, MINI[0], 6, "axe")
    if valeur is None:
        toile.rectangle(1, 3, MINI[0] - 2, 6, "retire")
    else:
        toile.rectangle(0, 3, echelle.place(valeur), 6, "resultat")
    if objectif is not None:
        x = min(max(echelle.place(objectif), 1.5), MINI[0] - 1.5)
        toile.ligne(x, 0, x, 12, "halo")
        toile.ligne(x, 0, x, 12, "objectif mince")
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cv-fig cv-mini" width="{MINI[0]}" height="{MINI[1]}" '
        f'viewBox="0 0 {MINI[0]} {MINI[1]}" aria-hidden="true" focusable="false">{toile.corps()}</svg>'
    )


def mois_mini(
    valeurs: Sequence[Nombre | None], seuil: Nombre | None = None, *, cle: str, impression: bool = False
) -> Svg:
    """Draw the months of a table cell, 104 × 24; silent, since a table beside it says the numbers.

    Args:
        valeurs: one value a month, drawn from zero; None leaves a gap.
        seuil: line across, when it fits.
        cle: stem of the identifiers.
        impression: black and white.
    """
    haut = 2 * MINI[1]
    toile = Toile(Format("m", MINI[0], impression=impression), cle)
    connues = [float(v) for v in valeurs if v is not None]
    plafond = max([*connues, float(seuil or 0), 1e-9])
    echelle, pas = Echelle(0, plafond, haut - 1, 1), MINI[0] / max(len(valeurs), 1)
    toile.ligne(0, haut - 0.5, MINI[0], haut - 0.5, "axe")
    for rang, valeur in enumerate(valeurs):
        if valeur is not None:
            y = echelle.place(valeur)
            toile.rectangle(rang * pas + 1, y, pas - 2, max(haut - 1 - y, 0.5), "resultat")
    if seuil is not None:
        y = echelle.place(seuil)
        toile.ligne(0, y, MINI[0], y, "objectif mince")
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cv-fig cv-mini" width="{MINI[0]}" height="{haut}" '
        f'viewBox="0 0 {MINI[0]} {haut}" aria-hidden="true" focusable="false">{toile.corps()}</svg>'
    )


@dataclass(frozen=True)
class Etape:
    """A step and how many are there; `faite` fills the bar."""

    libelle: str
    effectif: int
    faite: bool = False


def etapes(
    lignes: Sequence[Etape], *, cle: str, titre: str, total: tuple[str, str] | None = None, largeur: float = 372
) -> Figure:
    """Draw one bar per step: pale while it waits, full when it is done; `total` is a last line of two texts."""
    mots = f"{' ; '.join(f'{ligne.libelle} : {nombre(ligne.effectif)}' for ligne in lignes)}."
    if total:
        mots += f" {total[0]} : {total[1]}."
    tracer = partial(_tracer, lignes=lignes, total=total) if lignes else None
    return composer(cle, titre, mots, tracer, largeur=largeur, impression=largeur)


def _tracer(toile: Toile, lignes: Sequence[Etape], total: tuple[str, str] | None) -> None:
    debut = min(plus_large([ligne.libelle for ligne in lignes]), toile.largeur * 0.5) + 14
    fin = toile.largeur - plus_large([nombre(ligne.effectif) for ligne in lignes], gras=True) - 10
    echelle = Echelle(0, max(*(ligne.effectif for ligne in lignes), 1), debut, fin)
    y = 6.0
    for ligne in lignes:
        textes = couper(ligne.libelle, debut - 14)
        for rang, mots in enumerate(textes):
            toile.texte(0, y + 14 + 16 * rang, mots)
        bout = echelle.place(ligne.effectif)
        toile.rectangle(debut, y, bout - debut, 18, "resultat" if ligne.faite else "clair")
        toile.texte(bout + 8 if ligne.effectif else debut, y + 14, nombre(ligne.effectif), "t-b t-n")
        y += 30 + 16 * (len(textes) - 1)
    if total:
        toile.ligne(0, y + 4, toile.largeur, y + 4, "axe")
        place = toile.largeur - largeur_texte(total[1], gras=True) - 12
        toile.texte(0, y + 26, tronquer(total[0], place, gras=True), "t-b")
        toile.texte(toile.largeur, y + 26, total[1], "t-b t-n", "end")
    toile.hauteur += 8
