"""A structure among those of its category: boxes of the territories, never the names of others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from convenir.socle.commun.francais import nombre, pourcent
from convenir.socle.figures.echelles import Echelle, Nombre, connus, graduer
from convenir.socle.figures.ecriture import nombre_rond, part_courte
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import PETIT, couper, largeur_texte, plus_large, tronquer
from convenir.socle.figures.toile import Toile

Ecrire = Callable[[Nombre], str]


@dataclass(frozen=True)
class BoiteTerritoire:
    """Quartiles of a category in a territory and how many structures, if known; `mention` says why there is no box."""

    libelle: str
    effectif: int | None
    q1: Nombre | None = None
    mediane: Nombre | None = None
    q3: Nombre | None = None
    mention: str = "trop peu de structures"

    @property
    def connue(self) -> bool:
        """Tell whether the three quartiles are known."""
        return None not in (self.q1, self.mediane, self.q3)

    def combien(self, categorie: str) -> str:
        """How many structures, nothing when it is not known."""
        return "" if self.effectif is None else f"{nombre(self.effectif)} {categorie}"

    def en_mots(self, categorie: str, ecrire: Ecrire) -> str:
        """Every value of the box."""
        debut = ", ".join(filter(None, (self.libelle, self.combien(categorie))))
        if self.q1 is None or self.mediane is None or self.q3 is None:
            return f"{debut} : {self.mention}"
        return f"{debut} : médiane {ecrire(self.mediane)}, moitié centrale de {ecrire(self.q1)} à {ecrire(self.q3)}"


@dataclass(frozen=True)
class _Comparaison:
    boites: Sequence[BoiteTerritoire]
    structure: str
    valeur: Nombre | None
    mention: str
    categorie: str
    ecrire: Ecrire
    axe: Ecrire

    @property
    def mesure(self) -> str:
        return self.ecrire(self.valeur) if self.valeur is not None else self.mention


def boites_comparaison(
    boites: Sequence[BoiteTerritoire],
    *,
    structure: str,
    valeur: Nombre | None,
    categorie: str,
    cle: str,
    titre: str,
    mention: str = "non calculable",
    en_pourcent: bool = True,
    decimales: int = 1,
    largeur: float = 860,
) -> Figure:
    """Draw a grey box (central half) and a median per territory, and the structure as a disc on its line.

    Args:
        boites: territories, the nearest first.
        structure: its name, the only one written.
        valeur: its value, in the unit of the boxes.
        categorie: sigle of the category, « ACI ».
        cle: stem of the identifiers, unique in the page.
        titre: what and when.
        mention: word printed when the structure has no value.
        en_pourcent: write values as percentages, else as plain numbers.
        decimales: decimals of a plain number.
        largeur: width of the large drawing.
    """
    ecrire, axe = (pourcent, part_courte) if en_pourcent else (partial(nombre, decimales=decimales), _axe)
    tout = _Comparaison(boites, structure, valeur, mention, categorie, ecrire, axe)
    reperes = " ; ".join(boite.en_mots(categorie, ecrire) for boite in boites)
    mots = f"{structure} : {tout.mesure}. {reperes}."
    legende = [
        ElementLegende("boite", f"La moitié centrale des {categorie}"),
        ElementLegende("mediane", f"Médiane : une {categorie} sur deux est au-dessus"),
    ]
    dessinable = valeur is not None or any(boite.connue for boite in boites)
    tracer = partial(_tracer, tout=tout) if boites and dessinable else None
    return composer(cle, titre, mots, tracer, legende=legende, largeur=largeur, rien=mots)


def _axe(valeur: Nombre) -> str:
    return nombre_rond(float(valeur))


def _tracer(toile: Toile, tout: _Comparaison) -> None:
    valeurs = connus(v for boite in tout.boites for v in (boite.q1, boite.mediane, boite.q3))
    valeurs += connus([tout.valeur])
    graduations = graduer(min(valeurs), max(valeurs))
    echelle = _echelle(toile, tout, graduations)
    pas = 52.0 if toile.etroit else 42.0
    bas = 30 + pas * len(tout.boites)
    for valeur in graduations:
        x = echelle.place(valeur)
        toile.repere(x, 30, x, bas)
    toile.graduations(bas + 18, [(echelle.place(v), tout.axe(Decimal(str(v)))) for v in graduations])
    for rang, boite in enumerate(tout.boites):
        _boite(toile, boite, echelle, 30 + pas * rang, tout.categorie)
    _structure(toile, tout, echelle, bas)
    toile.hauteur += 6


def _echelle(toile: Toile, tout: _Comparaison, graduations: list[float]) -> Echelle:
    derniere = largeur_texte(tout.axe(Decimal(str(graduations[-1]))), PETIT) / 2
    if toile.etroit:
        return Echelle(graduations[0], graduations[-1], 8, toile.largeur - 8)
    colonne = min(plus_large([boite.libelle for boite in tout.boites], gras=True), 250.0) + 30
    return Echelle(graduations[0], graduations[-1], max(colonne, 200.0), toile.largeur - derniere - 8)


def _boite(toile: Toile, boite: BoiteTerritoire, echelle: Echelle, haut: float, categorie: str) -> None:
    effectif = boite.combien(categorie)
    if toile.etroit:
        milieu = haut + 36
        suite = effectif and f" ({effectif})"
        toile.texte(0, haut + 20, tronquer(boite.libelle, toile.largeur - largeur_texte(suite) - 4) + suite)
    else:
        milieu = haut + 20
        toile.texte(0, milieu, couper(boite.libelle, echelle.debut - 30, gras=True, lignes=1)[0], "t-b")
        if effectif:
            toile.texte(0, milieu + 16, effectif, "t-s t-n")
    if boite.q1 is None or boite.mediane is None or boite.q3 is None:
        toile.croix(echelle.debut + 14, milieu)
        toile.texte(echelle.debut + 26, milieu + 4.5, boite.mention, "t-s")
        return
    q1, q3, mediane = (echelle.place(v) for v in (boite.q1, boite.q3, boite.mediane))
    toile.rectangle(q1, milieu - 8, max(q3 - q1, 1.5), 16, "boite")
    toile.ligne(mediane, milieu - 12, mediane, milieu + 12, "mediane")


def _structure(toile: Toile, tout: _Comparaison, echelle: Echelle, bas: float) -> None:
    mesure = f" : {tout.mesure}"
    if tout.valeur is None:
        nom = tronquer(tout.structure, toile.largeur - largeur_texte(mesure, gras=True) - 30, gras=True)
        toile.croix(echelle.debut + 6, 15)
        toile.texte(echelle.debut + 18, 19.5, _tenir(nom + mesure, toile.largeur - echelle.debut - 20), "t-b")
        return
    x = echelle.place(tout.valeur)
    toile.ligne(x, 18, x, bas, "lien")
    toile.disque(x, 16, 6.5, "resultat bord")
    a_droite, a_gauche = toile.largeur - x - 13, x - 13
    cote = a_droite >= largeur_texte(tout.structure + mesure, gras=True) or a_droite >= a_gauche
    place = (a_droite if cote else a_gauche) - largeur_texte(mesure, gras=True)
    mots = tronquer(tout.structure, place, gras=True) + mesure
    toile.texte(x + 12 if cote else x - 12, 20.5, mots, "t-r t-n", "" if cote else "end")


def _tenir(mots: str, place: float) -> str:
    return tronquer(mots, place, gras=True)
