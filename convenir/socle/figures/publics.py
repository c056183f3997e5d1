"""Publics received against the priorities of the territory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from convenir.socle.commun.francais import nombre, pluriel, pourcent
from convenir.socle.figures.echelles import Echelle, Nombre, connus, graduer_parts
from convenir.socle.figures.ecriture import part_courte
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.reperes import Mesure, tracer_mesure
from convenir.socle.figures.textes import PETIT, couper, largeur_texte, plus_large
from convenir.socle.figures.toile import Toile


@dataclass(frozen=True)
class PartPublic:
    """Share of a public in percent, its priority, its count; `mention` says why there is no share."""

    libelle: str
    part: Nombre | None
    priorite: Nombre | None = None
    effectif: int | None = None
    mention: str = ""

    @property
    def mesure(self) -> str:
        """The share, or the word that replaces it."""
        return pourcent(self.part) if self.part is not None else (self.mention or nombre(None))

    @property
    def personnes(self) -> str:
        """« 24 personnes », empty when not known."""
        return "" if self.effectif is None else pluriel(self.effectif, "personne")

    @property
    def rapport(self) -> str:
        """« 46,2 %, priorité 50 % »."""
        return self.mesure + (f", priorité {part_courte(self.priorite)}" if self.priorite is not None else "")

    def en_mots(self) -> str:
        """Every value of the line."""
        personnes = f" ({self.personnes})" if self.personnes else ""
        fin = f", priorité {part_courte(self.priorite)}" if self.priorite is not None else ", sans priorité fixée"
        return f"{self.libelle} : {self.mesure}{personnes}{fin}"


def publics_priorites(
    lignes: Sequence[PartPublic],
    *,
    cle: str,
    titre: str,
    base: str = "Part des salariés présents",
    largeur: float = 860,
) -> Figure:
    """Draw the share of each public as a disc and its priority as a vertical bar, on the 0–60 % scale.

    Args:
        lignes: publics in reading order.
        cle: stem of the identifiers, unique in the page.
        titre: what and when.
        base: what the share is a share of, for the legend.
        largeur: width of the large drawing.
    """
    mots = f"{' ; '.join(ligne.en_mots() for ligne in lignes)}."
    legende = [ElementLegende("disque", base)]
    if any(ligne.priorite is not None for ligne in lignes):
        legende.append(ElementLegende("objectif", "Priorité du territoire"))
    tracer = partial(_tracer, lignes=lignes) if lignes else None
    return composer(cle, titre, mots, tracer, legende=legende, largeur=largeur)


def _tracer(toile: Toile, lignes: Sequence[PartPublic]) -> None:
    graduations = graduer_parts(connus(v for ligne in lignes for v in (ligne.part, ligne.priorite)))
    demi = largeur_texte(part_courte(round(graduations[-1])), PETIT) / 2
    if toile.etroit:
        echelle = Echelle(0, graduations[-1], 8, toile.largeur - 8)
    else:
        colonne = min(plus_large([ligne.libelle for ligne in lignes]), 300.0)
        effectifs = plus_large([ligne.personnes for ligne in lignes], PETIT)
        echelle = Echelle(0, graduations[-1], max(colonne + 20, 236), toile.largeur - effectifs - max(demi, 40) - 8)
    reperes = [echelle.place(valeur) for valeur in graduations]
    y = 8.0
    for ligne in lignes:
        y = (_ligne_etroite if toile.etroit else _ligne_large)(toile, ligne, echelle, y, reperes)
    if not toile.etroit:
        for x in reperes:
            toile.repere(x, 2, x, y)
    toile.graduations(y + 18, [(x, part_courte(round(v))) for x, v in zip(reperes, graduations, strict=True)])
    toile.hauteur += 6


def _ligne_large(toile: Toile, ligne: PartPublic, echelle: Echelle, y: float, _reperes: list[float]) -> float:
    lignes = couper(ligne.libelle, echelle.debut - 20)
    milieu = y + 15 + 8 * (len(lignes) - 1)
    for rang, mots in enumerate(lignes):
        toile.texte(0, y + 19.5 + 16 * rang, mots)
    toile.texte(toile.largeur, milieu + 4, ligne.personnes, "t-s t-n", "end")
    _marques(toile, ligne, echelle, milieu)
    return y + 34 + 16 * (len(lignes) - 1)


def _ligne_etroite(toile: Toile, ligne: PartPublic, echelle: Echelle, y: float, reperes: list[float]) -> float:
    place = toile.largeur - largeur_texte(ligne.rapport) - 12
    lignes = couper(ligne.libelle, place)
    for rang, mots in enumerate(lignes):
        toile.texte(0, y + 16 + 16 * rang, mots)
    toile.texte(toile.largeur, y + 16, ligne.rapport, "t-n", "end")
    milieu = y + 32 + 16 * (len(lignes) - 1)
    for x in reperes:
        toile.repere(x, milieu - 8, x, milieu + 8)
    _marques(toile, ligne, echelle, milieu)
    return milieu + 14


def _marques(toile: Toile, ligne: PartPublic, echelle: Echelle, y: float) -> None:
    toile.repere(echelle.debut, y, echelle.fin, y)
    mesure = Mesure(ligne.part, ligne.mesure, ligne.priorite)
    tracer_mesure(toile, echelle, mesure, y, demi=9, marge=32, ecrite=not toile.etroit)
