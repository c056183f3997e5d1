"""Aid allotted, acquired, paid and estimated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from convenir.socle.commun.francais import euros, nombre
from convenir.socle.figures.echelles import Echelle, Nombre, connus
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import couper, largeur_texte, plus_large
from convenir.socle.figures.toile import Toile


class GenreAide(StrEnum):
    """What an amount is; its value is the class of its bar."""

    ALLOUE = "alloue"
    ACQUIS = "resultat"
    VERSE = "clair"
    ESTIME = "prevu"


@dataclass(frozen=True)
class LigneAide:
    """An amount in euros, the bounds of an estimate; `mention` says why there is no amount."""

    libelle: str
    montant: Nombre | None
    genre: GenreAide
    bas: Nombre | None = None
    haut: Nombre | None = None
    mention: str = ""

    @property
    def mesure(self) -> str:
        """The amount, or the word that replaces it."""
        return euros(self.montant) if self.montant is not None else (self.mention or nombre(None))

    def en_mots(self) -> str:
        """Every value of the line."""
        connu = self.bas is not None and self.haut is not None
        bornes = f", entre {euros(self.bas)} et {euros(self.haut)}" if connu else ""
        return f"{self.libelle} : {self.mesure}{bornes}"


def barres_aide(lignes: Sequence[LigneAide], *, cle: str, titre: str, largeur: float = 860) -> Figure:
    """Draw amounts from zero; the amount allotted is an outline prolonged by a dashed line, the ceiling."""
    mots = f"{' ; '.join(ligne.en_mots() for ligne in lignes)}."
    tracer = partial(_tracer, lignes=lignes) if lignes else None
    legende = []
    if any(ligne.genre is GenreAide.ALLOUE and ligne.montant is not None for ligne in lignes):
        legende.append(ElementLegende("reference", "Plafond alloué"))
    if any(ligne.haut is not None for ligne in lignes):
        legende.append(ElementLegende("moustache", "Intervalle de l’estimation"))
    return composer(cle, titre, mots, tracer, legende=legende, largeur=largeur)


def _tracer(toile: Toile, lignes: Sequence[LigneAide]) -> None:
    droite = toile.largeur - (12 if toile.etroit else plus_large([ligne.mesure for ligne in lignes], gras=True) + 24)
    colonne = min(plus_large([ligne.libelle for ligne in lignes]), 240.0) + 20
    debut = 1.0 if toile.etroit else max(colonne, 200.0)
    maximum = max([*connus(v for ligne in lignes for v in (ligne.montant, ligne.haut)), 1.0])
    echelle = Echelle(0, maximum, debut, droite)
    y, plafond = 4.0, None
    for ligne in lignes:
        bas = (_ligne_etroite if toile.etroit else _ligne_large)(toile, ligne, echelle, y)
        if ligne.genre is GenreAide.ALLOUE and ligne.montant is not None and plafond is None:
            plafond = (echelle.place(ligne.montant), bas - 10)
        y = bas
    if plafond is not None:
        _plafond(toile, plafond[0], plafond[1], y - 2)
    toile.hauteur += 4


def _plafond(toile: Toile, x: float, haut: float, bas: float) -> None:
    """Prolong the ceiling down; between amounts written above the bars of a narrow drawing, beside the bars only."""
    if not toile.etroit:
        toile.ligne(x, haut, x, bas, "reference")
        return
    pied = haut + 10 + 16
    while pied <= bas:
        toile.ligne(x, pied, x, pied + 24, "reference")
        pied += 47


def _ligne_large(toile: Toile, ligne: LigneAide, echelle: Echelle, y: float) -> float:
    lignes = couper(ligne.libelle, echelle.debut - 20)
    haut = y + 6 + 8 * (len(lignes) - 1)
    for rang, mots in enumerate(lignes):
        toile.texte(0, y + 20 + 16 * rang, mots)
    toile.texte(toile.largeur, haut + 14, ligne.mesure, "t-b t-n", "end")
    _barre(toile, ligne, echelle, haut)
    return y + 34 + 16 * (len(lignes) - 1)


def _ligne_etroite(toile: Toile, ligne: LigneAide, echelle: Echelle, y: float) -> float:
    place = toile.largeur - largeur_texte(ligne.mesure, gras=True) - 12
    toile.texte(0, y + 13, couper(ligne.libelle, place, lignes=1)[0])
    toile.texte(toile.largeur, y + 13, ligne.mesure, "t-b t-n", "end")
    _barre(toile, ligne, echelle, y + 19)
    return y + 47


def _barre(toile: Toile, ligne: LigneAide, echelle: Echelle, haut: float) -> None:
    if ligne.montant is None:
        toile.croix(echelle.debut + 8, haut + 9)
        return
    classe = "alloue" if ligne.genre is GenreAide.ALLOUE else ligne.genre.value
    toile.rectangle(echelle.debut, haut, echelle.place(ligne.montant) - echelle.debut, 18, classe)
    if ligne.bas is not None and ligne.haut is not None:
        toile.moustache((echelle.place(ligne.bas), haut + 9), (echelle.place(ligne.haut), haut + 9), couchee=True)
