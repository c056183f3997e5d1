"""Exits by reason, grouped by family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from convenir.socle.commun.francais import nombre, pourcent
from convenir.socle.figures.echelles import Echelle, Nombre, connus
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import couper, largeur_texte, plus_large
from convenir.socle.figures.toile import Toile

SECRET = "s.\u202fs."


class GenreFamille(StrEnum):
    """What a family of exits counts for; its value is the class of its bars."""

    DYNAMIQUE = "resultat"
    AUTRE = "neutre"
    RETIREE = "retire"


@dataclass(frozen=True)
class MotifSortie:
    """A reason and its count of persons; None when the statistical secret hides it."""

    libelle: str
    effectif: int | None

    def en_mots(self) -> str:
        """« CDI 3 »."""
        return f"{self.libelle} {nombre(self.effectif) if self.effectif is not None else SECRET}"


@dataclass(frozen=True)
class FamilleSorties:
    """A family of reasons, its count and its share of the exits examined, in percent."""

    libelle: str
    genre: GenreFamille
    motifs: tuple[MotifSortie, ...]
    effectif: int | None = None
    part: Nombre | None = None

    @property
    def total(self) -> str:
        """« 7 (20,0 %) », « 3, hors du taux »."""
        effectif = nombre(self.effectif) if self.effectif is not None else SECRET
        if self.genre is GenreFamille.RETIREE:
            return f"{effectif}, hors du taux"
        return f"{effectif} ({pourcent(self.part)})" if self.part is not None else effectif

    def en_mots(self) -> str:
        """Every value of the family."""
        motifs = ", ".join(motif.en_mots() for motif in self.motifs)
        return f"{self.libelle} : {self.total}{' ; ' * bool(motifs)}{motifs}"


def barres_motifs(familles: Sequence[FamilleSorties], *, cle: str, titre: str, largeur: float = 860) -> Figure:
    """Draw exits by reason: blue for dynamic exits, grey for others, dashed for those withdrawn from the rate."""
    mots = f"{'. '.join(famille.en_mots() for famille in familles)}."
    tracer = partial(_tracer, familles=familles) if familles else None
    return composer(cle, titre, mots, tracer, legende=_legende(familles), largeur=largeur, rien="Aucune sortie.")


def _legende(familles: Sequence[FamilleSorties]) -> list[ElementLegende]:
    textes = {
        GenreFamille.DYNAMIQUE: "Sorties dynamiques",
        GenreFamille.AUTRE: "Hors des sorties dynamiques",
        GenreFamille.RETIREE: "Retirées du calcul",
    }
    presents = {famille.genre for famille in familles}
    return [ElementLegende(genre.value, texte) for genre, texte in textes.items() if genre in presents]


def _tracer(toile: Toile, familles: Sequence[FamilleSorties]) -> None:
    motifs = [motif for famille in familles for motif in famille.motifs]
    retrait = 6.0 if toile.etroit else 12.0
    colonne = min(plus_large([m.libelle for m in motifs]), (200 if toile.etroit else 300) - retrait)
    debut = max(colonne + retrait + 12, 0.0 if toile.etroit else 250.0)
    maximum = max([*connus(motif.effectif for motif in motifs), 1.0])
    fin = toile.largeur - 10 - plus_large([nombre(m.effectif) for m in motifs] + [SECRET])
    echelle = Echelle(0, maximum, debut, fin)
    y = 20.0
    for famille in familles:
        y = _famille(toile, famille, echelle, retrait, y)
    toile.hauteur += 8


def _famille(toile: Toile, famille: FamilleSorties, echelle: Echelle, retrait: float, y: float) -> float:
    place = toile.largeur - largeur_texte(famille.total, gras=True) - 14
    toile.texte(0, y, couper(famille.libelle, place, gras=True, lignes=1)[0], "t-b")
    toile.texte(toile.largeur, y, famille.total, "t-b t-n", "end")
    toile.ligne(0, y + 7, toile.largeur, y + 7, "axe")
    y += 29
    for motif in famille.motifs:
        lignes = couper(motif.libelle, echelle.debut - retrait - 12)
        _barre(toile, motif, famille.genre, echelle, y)
        for rang, mots in enumerate(lignes):
            toile.texte(retrait, y + rang * 16, mots)
        y += 21 + 16 * (len(lignes) - 1)
    return y + 11


def _barre(toile: Toile, motif: MotifSortie, genre: GenreFamille, echelle: Echelle, y: float) -> None:
    if motif.effectif is None:
        toile.texte(echelle.debut, y, SECRET, "t-s")
        return
    bout = echelle.place(motif.effectif)
    toile.rectangle(echelle.debut, y - 11, bout - echelle.debut, 13, genre.value)
    toile.texte(bout + 7 if motif.effectif else echelle.debut, y, nombre(motif.effectif), "t-n")
