"""From the lines read to the lines counted: each subtraction has its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from convenir.socle.commun.francais import nombre
from convenir.socle.figures.echelles import Echelle
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import couper, plus_large
from convenir.socle.figures.toile import Toile


@dataclass(frozen=True)
class Ecart:
    """A reason to set lines aside, and how many."""

    libelle: str
    effectif: int


@dataclass(frozen=True)
class Soustraction:
    """Lines read, lines set aside by reason, and what is left: computed, hence always right.

    `dont` counts, among what is left, the lines of the numerator (« dont 19 dynamiques » is in `libelle_reste`).
    """

    libelle_depart: str
    depart: int
    ecarts: tuple[Ecart, ...]
    libelle_reste: str
    dont: int | None = None

    @property
    def reste(self) -> int:
        """Lines counted."""
        return self.depart - sum(ecart.effectif for ecart in self.ecarts)

    def en_mots(self) -> str:
        """Every value of the subtraction."""
        phrases, reste = [f"{self.libelle_depart} : {nombre(self.depart)}"], self.depart
        for ecart in self.ecarts:
            reste -= ecart.effectif
            verbe = "retirée" if ecart.effectif < 2 else "retirées"
            phrases.append(f"{ecart.libelle} : {nombre(ecart.effectif)} {verbe}, reste {nombre(reste)}")
        dont = f", dont {nombre(self.dont)}" if self.dont is not None else ""
        return " ; ".join([*phrases, f"{self.libelle_reste} : {nombre(self.reste)}{dont}"]) + "."


def entonnoir_lignes(soustraction: Soustraction, *, cle: str, titre: str, largeur: float = 860) -> Figure:
    """Draw the lines read, then each set set aside as a dashed box « −k », then what is left.

    Raises:
        ValueError: more lines set aside than read, or more in the numerator than left.
    """
    if soustraction.reste < 0 or (soustraction.dont or 0) > soustraction.reste:
        raise ValueError(f"Soustraction impossible : {soustraction.en_mots()}")
    legende = [ElementLegende("retire", "Lignes écartées"), ElementLegende("bande", "Lignes gardées")]
    tracer = partial(_tracer, tout=soustraction) if soustraction.depart else None
    rien = f"Aucune ligne : {soustraction.libelle_depart}."
    return composer(cle, titre, soustraction.en_mots(), tracer, legende=legende, largeur=largeur, rien=rien)


def _tracer(toile: Toile, tout: Soustraction) -> None:
    libelles = [tout.libelle_depart, *(ecart.libelle for ecart in tout.ecarts)]
    colonne = max(plus_large(libelles), plus_large([tout.libelle_reste], gras=True))
    nombres = plus_large([nombre(tout.depart), *(nombre(-ecart.effectif) for ecart in tout.ecarts)], gras=True)
    debut = 0.0 if toile.etroit else min(colonne + 20, toile.largeur * 0.52)
    echelle = Echelle(0, tout.depart, debut, toile.largeur - nombres - 12)
    y = _rang(toile, echelle, 0, tout.libelle_depart, nombre(tout.depart), [("neutre", 0, tout.depart)])
    reste = tout.depart
    for ecart in tout.ecarts:
        avant, reste = reste, reste - ecart.effectif
        barres: Sequence[tuple[str, int, int]] = [("bande", 0, reste), ("retire", reste, avant)]
        y = _rang(toile, echelle, y, ecart.libelle, nombre(-ecart.effectif), barres)
    dont = tout.dont if tout.dont is not None else reste
    barres = [("resultat", 0, dont), ("clair", dont, reste)]
    _rang(toile, echelle, y, tout.libelle_reste, nombre(reste), barres, gras=True)
    toile.hauteur += 5


def _rang(
    toile: Toile, echelle: Echelle, y: float, libelle: str, mots: str, barres: Sequence[tuple[str, int, int]],
    gras: bool = False,
) -> float:  # fmt: skip
    etroit = toile.etroit
    lignes = couper(libelle, toile.largeur if etroit else echelle.debut - 16, gras=gras)
    haut = y + (4 + 17 * len(lignes) if etroit else 8 + 8 * (len(lignes) - 1))
    for rang, ligne in enumerate(lignes):
        toile.texte(0, y + (16 if etroit else 21) + 16 * rang, ligne, "t-b" if gras else "")
    for classe, de, a in barres:
        toile.rectangle(echelle.place(de), haut, echelle.place(a) - echelle.place(de), 17, classe)
    entier = gras or barres[0][0] == "neutre"
    bout = echelle.place(barres[-1][2])
    toile.texte(bout + 8, haut + 13, mots, "t-b t-n" if entier else "t-n")
    return haut + 17 + (10 if etroit else 9) + (0 if etroit else 8 * (len(lignes) - 1))
