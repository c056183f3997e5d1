"""A target in negotiation: past results, comparable structures, reference, each party's positions, target agreed.

The State is a disc, the structure a square, the target agreed a diamond; what was proposed before is hollow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from convenir.socle.commun.francais import enumeration, pourcent
from convenir.socle.figures.comparaison import BoiteTerritoire
from convenir.socle.figures.echelles import Echelle, Nombre, connus, graduer
from convenir.socle.figures.ecriture import nombre_rond, part_courte
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import PETIT, largeur_texte, plus_large
from convenir.socle.figures.toile import Toile

PAS = 28.0
HAUT = 26.0
Ecrire = Callable[[Nombre], str]


@dataclass(frozen=True)
class ResultatPasse:
    """A result of one year, in the unit of the objective; `mention` says why there is none."""

    annee: int
    valeur: Nombre | None
    mention: str = "n. d."


@dataclass(frozen=True)
class Voix:
    """What one party put forward, oldest first; `marque` is `etat`, `structure` or `tiers`."""

    libelle: str
    marque: str
    valeurs: tuple[Nombre, ...]


@dataclass(frozen=True)
class Attendu:
    """Value expected in this context and its 95 % interval."""

    valeur: Nombre
    bas: Nombre
    haut: Nombre


@dataclass(frozen=True)
class Negociation:
    """Everything the figure shows; a part that is not known has no line: the page says so."""

    resultats: tuple[ResultatPasse, ...] = ()
    comparables: BoiteTerritoire | None = None
    voix: tuple[Voix, ...] = ()
    convenu: Nombre | None = None
    reference: Nombre | None = None
    attendu: Attendu | None = None

    def en_mots(self, ecrire: Ecrire) -> str:
        """Every value, in sentences."""
        dits = []
        if self.resultats:
            lus = [ecrire(r.valeur) if r.valeur is not None else r.mention for r in self.resultats]
            annees = enumeration([str(r.annee) for r in self.resultats])
            dits.append(f"Résultats {enumeration(lus)} en {annees}.")
        if self.attendu is not None:
            a = self.attendu
            dits.append(f"Attendu {ecrire(a.valeur)}, entre {ecrire(a.bas)} et {ecrire(a.haut)}.")
        if self.comparables is not None and self.comparables.connue:
            dits.append(f"{self.comparables.en_mots('structures', ecrire)}.")
        if self.reference is not None:
            dits.append(f"Référence nationale {ecrire(self.reference)}.")
        dits += [f"{v.libelle} : {', puis '.join(ecrire(x) for x in v.valeurs)}." for v in self.voix if v.valeurs]
        fin = (
            f"Cible convenue {ecrire(self.convenu)}." if self.convenu is not None else "Pas encore de cible convenue."
        )
        return " ".join([*dits, fin])

    @property
    def valeurs(self) -> list[float]:
        """Every value drawn."""
        boite = self.comparables if self.comparables is not None and self.comparables.connue else None
        lues: list[Nombre | None] = [r.valeur for r in self.resultats]
        lues += [boite.q1, boite.mediane, boite.q3] if boite else []
        lues += [x for v in self.voix for x in v.valeurs]
        lues += [self.convenu, self.reference]
        lues += [self.attendu.bas, self.attendu.haut] if self.attendu else []
        return connus(lues)


@dataclass(frozen=True)
class _Rang:
    """A line of the drawing: its label, and what draws its marks at a height and returns the label's place."""

    libelle: str
    gras: bool
    tracer: Callable[[Toile, Echelle, float], tuple[float, str]]


def negociation(quoi: Negociation, *, cle: str, titre: str, ecrire: Ecrire = pourcent, largeur: float = 690) -> Figure:
    """Draw what a negotiation has on the table, one line per voice, on one scale from zero.

    Args:
        quoi: results, comparable structures, positions, target.
        cle: stem of the identifiers, unique in the page.
        titre: what and when.
        ecrire: writes a value in its unit.
        largeur: width of the large drawing.
    """
    tracer = partial(_tracer, quoi=quoi, ecrire=ecrire) if quoi.valeurs else None
    return composer(cle, titre, quoi.en_mots(ecrire), tracer, legende=_legende(quoi), largeur=largeur)


def _legende(quoi: Negociation) -> list[ElementLegende]:
    """Explain the marks that no label stands beside: each voice has its line and its name."""
    derniers = [r.annee for r in quoi.resultats if r.valeur is not None]
    elements = []
    if derniers:
        elements.append(ElementLegende("constate", f"Résultat {derniers[-1]}"))
        if len(derniers) > 1:
            elements.append(
                ElementLegende("constate-avant", f"Résultat {enumeration([str(a) for a in derniers[:-1]])}")
            )
    if quoi.comparables is not None and quoi.comparables.connue:
        elements.append(ElementLegende("boite", "Moitié centrale des structures comparables, et leur médiane"))
    return elements


def _rangs(quoi: Negociation, ecrire: Ecrire) -> list[_Rang]:
    rangs = []
    if any(r.valeur is not None for r in quoi.resultats):
        rangs.append(_Rang("Résultats", False, partial(_resultats, resultats=quoi.resultats, ecrire=ecrire)))
    if quoi.attendu is not None:
        rangs.append(_Rang("Attendu", False, partial(_attendu, attendu=quoi.attendu, ecrire=ecrire)))
    if quoi.comparables is not None and quoi.comparables.connue:
        rangs.append(_Rang("Comparables", False, partial(_boite, boite=quoi.comparables, ecrire=ecrire)))
    rangs += [_Rang(v.libelle, True, partial(_voix, voix=v, ecrire=ecrire)) for v in quoi.voix if v.valeurs]
    if quoi.convenu is not None:
        rangs.append(_Rang("Convenu", True, partial(_convenu, valeur=quoi.convenu, ecrire=ecrire)))
    return rangs


def _tracer(toile: Toile, quoi: Negociation, ecrire: Ecrire) -> None:
    rangs = _rangs(quoi, ecrire)
    colonne = plus_large([r.libelle for r in rangs], gras=True) + 16
    graduations = graduer(0, max(quoi.valeurs) or 10.0, 2 if toile.etroit and colonne > 110 else 4)
    droite = toile.largeur - _place_des_mots(toile, quoi, ecrire)
    echelle = Echelle(0, graduations[-1], colonne if toile.etroit else max(colonne, 130.0), droite)
    bas = HAUT + PAS * len(rangs)
    axe = part_courte if ecrire is pourcent else ecrire
    for valeur in graduations:
        toile.repere(echelle.place(valeur), HAUT, echelle.place(valeur), bas)
    toile.graduations(bas + 18, [(echelle.place(v), _au_bout(v, graduations[-1], axe)) for v in graduations])
    reference = None if quoi.reference is None else echelle.place(quoi.reference)
    if reference is not None and quoi.reference is not None:
        toile.ligne(reference, HAUT - 6, reference, bas, "reference")
        _mot_de_reference(toile, reference, f"Réf. nationale {axe(quoi.reference)}")
    for rang, ligne in enumerate(rangs):
        _ligne(toile, ligne, echelle, HAUT + PAS * rang + PAS / 2, reference)
    toile.hauteur += 4


def _au_bout(valeur: float, derniere: float, axe: Ecrire) -> str:
    """Write a value of the axis; a unit in words stands at its end alone."""
    mots = axe(Decimal(str(valeur)).normalize())
    return nombre_rond(valeur) if valeur != derniere and mots[-1].isalpha() else mots


def _place_des_mots(toile: Toile, quoi: Negociation, ecrire: Ecrire) -> float:
    """Return the room kept at the right for the value of a line, so that it never covers its own mark."""
    mots = plus_large(["100,0 %", *(ecrire(Decimal(str(v)).normalize()) for v in quoi.valeurs)], gras=True)
    return min(mots, toile.largeur * 0.4) + 12


def _mot_de_reference(toile: Toile, x: float, mots: str) -> None:
    demi = largeur_texte(mots, PETIT, gras=True) / 2
    toile.texte(min(max(x, demi), toile.largeur - demi), 14, mots, "t-s t-b", "middle")


def _ligne(toile: Toile, rang: _Rang, echelle: Echelle, y: float, reference: float | None) -> None:
    toile.texte(0, y + 4.5, rang.libelle, "t-b" if rang.gras else "")
    fin, mots = rang.tracer(toile, echelle, y)
    depart, place = fin + 12, largeur_texte(mots, gras=True)
    if reference is not None and depart - 4 <= reference <= depart + place + 4:
        depart = reference + 8
    toile.texte(max(min(depart, toile.largeur - place), echelle.debut), y + 4.5, mots, "t-b t-n")


def _resultats(
    toile: Toile, echelle: Echelle, y: float, *, resultats: Sequence[ResultatPasse], ecrire: Ecrire
) -> tuple[float, str]:
    connues = [r.valeur for r in resultats if r.valeur is not None]
    places = [echelle.place(v) for v in connues]
    if len(places) > 1:
        toile.ligne(min(places), y, max(places), y, "axe0")
    for x in places[:-1]:
        toile.disque(x, y, 4.5, "constate-avant")
    toile.disque(places[-1], y, 6, "constate")
    dernier = resultats[-1]
    return max(places), ecrire(connues[-1]) if dernier.valeur is not None else dernier.mention


def _attendu(toile: Toile, echelle: Echelle, y: float, *, attendu: Attendu, ecrire: Ecrire) -> tuple[float, str]:
    bas, haut, milieu = (echelle.place(v) for v in (attendu.bas, attendu.haut, attendu.valeur))
    toile.rectangle(bas, y - 7, haut - bas, 14, "clair")
    toile.ligne(milieu, y - 10, milieu, y + 10, "mediane")
    return haut, ecrire(attendu.valeur)


def _boite(toile: Toile, echelle: Echelle, y: float, *, boite: BoiteTerritoire, ecrire: Ecrire) -> tuple[float, str]:
    if boite.q1 is None or boite.mediane is None or boite.q3 is None:
        return echelle.debut, boite.mention
    q1, mediane, q3 = (echelle.place(v) for v in (boite.q1, boite.mediane, boite.q3))
    toile.rectangle(q1, y - 7, max(q3 - q1, 1.5), 14, "boite")
    toile.ligne(mediane, y - 10, mediane, y + 10, "mediane")
    return max(q3, mediane), ecrire(boite.mediane)


def _voix(toile: Toile, echelle: Echelle, y: float, *, voix: Voix, ecrire: Ecrire) -> tuple[float, str]:
    places = [echelle.place(v) for v in voix.valeurs]
    if len(places) > 1:
        toile.ligne(min(places), y, max(places), y, "axe0")
    for x in places[:-1]:
        toile.marque(x, y, voix.marque, avant=True)
    toile.marque(places[-1], y, voix.marque)
    return max(places), ecrire(voix.valeurs[-1])


def _convenu(toile: Toile, echelle: Echelle, y: float, *, valeur: Nombre, ecrire: Ecrire) -> tuple[float, str]:
    x = echelle.place(valeur)
    toile.marque(x, y, "convenu")
    return x, ecrire(valeur)
