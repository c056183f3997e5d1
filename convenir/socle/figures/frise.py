"""The life of a contract on a line of time: its versions one under the other, today, what runs on by continuity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from convenir.socle.commun.francais import jour as en_mots
from convenir.socle.figures.echelles import Echelle
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import PETIT, largeur_texte, tronquer
from convenir.socle.figures.toile import Toile

RANGEE, HAUTEUR, BAS_DES_LIBELLES = 52.0, 22.0, 30.0


@dataclass(frozen=True)
class Bande:
    """A version on the line.

    Attributes:
        libelle: « Avenant n° 1, en vigueur ».
        debut, fin: days it covers, `fin` out.
        texte: written inside, « 14,00 ETP ».
        ferme: signed; otherwise drawn dashed.
        continuite: first day out of what it still covers by continuity, or None.
    """

    libelle: str
    debut: date
    fin: date
    texte: str = ""
    ferme: bool = True
    continuite: date | None = None


def frise(bandes: Sequence[Bande], *, debut: date, fin: date, jour: date, cle: str, titre: str) -> Figure:
    """Draw the versions between `debut` and `fin` (out), with the day read.

    Args:
        cle: stem of the identifiers, unique in the page.
        titre: what and when.
    """
    legende = [ElementLegende("clair", "Termes signés"), ElementLegende("retire", "À signer, ou par continuité")]
    mots = " ".join(_phrase(b) for b in bandes)
    tracer = partial(_tracer, bandes=bandes, debut=debut, fin=fin, jour=jour) if bandes else None
    return composer(cle, titre, mots, tracer, legende=legende, rien="Aucune version n'est encore préparée.")


def _phrase(bande: Bande) -> str:
    suite = f", puis par continuité avant le {en_mots(bande.continuite)}" if bande.continuite else ""
    return (
        f"{bande.libelle} : {bande.texte or 'sans postes'}, du {en_mots(bande.debut)} au {en_mots(bande.fin)}{suite}."
    )


def _tracer(toile: Toile, bandes: Sequence[Bande], debut: date, fin: date, jour: date) -> None:
    temps = Echelle(debut.toordinal(), fin.toordinal(), 2, toile.largeur - 2)
    bas = BAS_DES_LIBELLES + RANGEE * len(bandes)
    _annees(toile, temps, debut, fin, bas)
    libelles = [
        _bande(toile, temps, bande, BAS_DES_LIBELLES + rang * RANGEE, fin) for rang, bande in enumerate(bandes)
    ]
    if debut <= jour < fin:
        x = temps.place(jour.toordinal())
        _aujourdhui(toile, x, libelles)
        ancre = "start" if x < 60 else "end" if x > toile.largeur - 60 else "middle"
        toile.texte(x, 12, "Aujourd’hui", "t-b", ancre)
    toile.hauteur += 6


def _aujourdhui(toile: Toile, x: float, libelles: Sequence[tuple[float, float]]) -> None:
    """Draw the line of the day; it stops where it would cross the label of a band."""
    toile.ligne(x, 18, x, BAS_DES_LIBELLES, "reference")
    for rang, (gauche, droite) in enumerate(libelles):
        haut = BAS_DES_LIBELLES + rang * RANGEE
        coupe = 18 if gauche - 3 < x < droite + 3 else 0
        toile.ligne(x, haut + coupe, x, haut + RANGEE, "reference")


def _annees(toile: Toile, temps: Echelle, debut: date, fin: date, bas: float) -> None:
    for annee in range(debut.year, fin.year + 1):
        x = temps.place(max(date(annee, 1, 1), debut).toordinal())
        if annee == fin.year and fin == date(annee, 1, 1):
            break
        toile.repere(x, 22, x, bas)
        toile.texte(x, bas + 18, str(annee), "t-s", "start")


def _bande(toile: Toile, temps: Echelle, bande: Bande, haut: float, fin: date) -> tuple[float, float]:
    """Draw the band, its continuity, its label above and its value inside when there is room.

    Returns:
        Left and right of the label.
    """
    x1 = temps.place(bande.debut.toordinal())
    x2 = temps.place(min(bande.fin, fin).toordinal())
    libelle = tronquer(bande.libelle, toile.largeur, gras=True)
    largeur = largeur_texte(libelle, gras=True)
    depart = max(min(x1, toile.largeur - largeur - 2), 0)
    toile.texte(depart, haut + 14, libelle, "t-b")
    toile.rectangle(x1, haut + 20, max(x2 - x1, 2), HAUTEUR, "clair" if bande.ferme else "retire")
    if bande.continuite and bande.continuite > bande.fin:
        x3 = temps.place(min(bande.continuite, fin).toordinal())
        toile.rectangle(x2, haut + 20, max(x3 - x2, 2), HAUTEUR, "retire")
    if bande.texte and largeur_texte(bande.texte, PETIT) + 8 < x2 - x1:
        toile.texte((x1 + x2) / 2, haut + 20 + HAUTEUR / 2 + 4.5, bande.texte, "t-s t-n", "middle")
    return depart, depart + largeur
