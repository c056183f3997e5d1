"""Monthly ETP against the level agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import groupby

from convenir.socle.commun.francais import MOIS, MOIS_COURTS, etp, nombre
from convenir.socle.commun.periodes import Mois
from convenir.socle.figures.echelles import Echelle, Nombre, connus, graduer
from convenir.socle.figures.ecriture import nombre_rond
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import CORPS, PETIT, largeur_texte, plus_large
from convenir.socle.figures.toile import Toile

HAUT = 24.0


class EtatSaisie(StrEnum):
    """How a month is known; its value is the class of its bar."""

    REALISE = "resultat"
    PARTIEL = "partiel"
    ESTIME = "clair"


@dataclass(frozen=True)
class MoisEtp:
    """ETP of a month; `valeur=None` leaves it empty and prints `mention`; `bas`, `haut` bound an estimate."""

    mois: Mois
    valeur: Nombre | None
    conventionne: Nombre | None = None
    etat: EtatSaisie = EtatSaisie.REALISE
    bas: Nombre | None = None
    haut: Nombre | None = None
    mention: str = "non saisi"

    def en_mots(self) -> str:
        """Every value of the month."""
        nom = f"{MOIS[self.mois.mois - 1]} {self.mois.annee}"
        fin = f" pour {nombre(self.conventionne, 2)} conventionnés" if self.conventionne is not None else ""
        if self.valeur is None:
            return f"{nom} {self.mention}{fin}"
        etat = {EtatSaisie.PARTIEL: ", saisie partielle,", EtatSaisie.ESTIME: " estimés"}.get(self.etat, "")
        bornes = f", entre {nombre(self.bas, 2)} et {nombre(self.haut, 2)}," if self.intervalle else ""
        return f"{nom} {nombre(self.valeur, 2)}{etat}{bornes}{fin}"

    @property
    def intervalle(self) -> bool:
        """Tell whether both bounds of the estimate are known."""
        return self.bas is not None and self.haut is not None


def etp_mensuels(mois: Sequence[MoisEtp], *, cle: str, titre: str, largeur: float = 860) -> Figure:
    """Draw monthly bars from zero, their value at the foot, and the agreed level as steps.

    A partial month is hatched, an estimated one pale with its interval, a missing one is left empty and named.
    """
    mots = f"ETP de chaque mois : {' ; '.join(un.en_mots() for un in mois)}."
    tracer = partial(_tracer, mois=mois) if mois else None
    return composer(cle, titre, mots, tracer, legende=_legende(mois), largeur=largeur)


def _legende(mois: Sequence[MoisEtp]) -> list[ElementLegende]:
    presents = {un.etat for un in mois if un.valeur is not None}
    partiels = [MOIS[un.mois.mois - 1] for un in mois if un.valeur is not None and un.etat is EtatSaisie.PARTIEL]
    partielle = f"Saisie partielle ({', '.join(partiels)})" if len(partiels) < 3 else "Saisie partielle"
    estime = "Estimé, avec son intervalle" if any(un.intervalle for un in mois) else "Estimé"
    textes = {EtatSaisie.REALISE: "Réalisé", EtatSaisie.PARTIEL: partielle, EtatSaisie.ESTIME: estime}
    elements = [ElementLegende(etat.value, texte) for etat, texte in textes.items() if etat in presents]
    if any(un.conventionne is not None for un in mois):
        elements.append(ElementLegende("objectif-h", "Conventionné"))
    return elements


@dataclass(frozen=True)
class _Plan:
    echelle: Echelle  # vertical: debut = foot, fin = top
    gauche: float
    colonne: float
    barre: float
    initiales: bool = False
    debout: bool = False

    def centre(self, rang: int) -> float:
        return self.gauche + self.colonne * (rang + 0.5)

    def bord(self, rang: int) -> float:
        return self.gauche + self.colonne * rang


def _tracer(toile: Toile, mois: Sequence[MoisEtp]) -> None:
    maximum = max([*connus(v for un in mois for v in (un.valeur, un.conventionne, un.haut)), 0.0])
    graduations = graduer(0, max(maximum * 1.02, 1.0))
    pied = HAUT + (212 if toile.etroit else 242 if not toile.format.impression else 190)
    gauche = plus_large([nombre_rond(v) for v in graduations], PETIT) + 12
    droite = toile.largeur - (2 if toile.etroit else _marge(mois))
    colonne = (droite - gauche) / len(mois)
    plan = _plan(mois, Echelle(0, graduations[-1], pied, HAUT), gauche, colonne)
    for valeur in graduations:
        y = plan.echelle.place(valeur)
        (toile.repere if valeur else partial(toile.ligne, classe="axe0"))(gauche, y, droite, y)
        toile.texte(gauche - 7, y + 4, nombre_rond(valeur), "t-s t-n", "end")
    for rang, un in enumerate(mois):
        _mois(toile, plan, un, rang)
    _conventionne(toile, plan, mois)
    toile.hauteur += 8


def _plan(mois: Sequence[MoisEtp], echelle: Echelle, gauche: float, colonne: float) -> _Plan:
    """Choose once for all months how names and values are written, so that a row of words is even."""
    barre = colonne * (0.62 if colonne > 52 else 0.72)
    hautes = [nombre(un.valeur, 1) for un in mois if un.valeur is not None and _profondeur(echelle, un.valeur) > 24]
    noms = plus_large([MOIS_COURTS[un.mois.mois - 1] for un in mois], PETIT)
    return _Plan(echelle, gauche, colonne, barre, noms > colonne - 4, plus_large(hautes) > barre - 2)


def _profondeur(echelle: Echelle, valeur: Nombre) -> float:
    return echelle.debut - echelle.place(valeur)


def _marge(mois: Sequence[MoisEtp]) -> float:
    niveau = mois[-1].conventionne
    return 8.0 if niveau is None else 12 + plus_large(["Conventionné", etp(niveau, 1)], gras=True)


def _mois(toile: Toile, plan: _Plan, un: MoisEtp, rang: int) -> None:
    x, pied = plan.centre(rang), plan.echelle.debut
    court = MOIS_COURTS[un.mois.mois - 1]
    nom = court[0].upper() if plan.initiales else court
    toile.texte(x, pied + 19, nom, "t-s", "middle")
    if un.valeur is None:
        toile.texte(x + 4, pied - 8, un.mention, "t-s", debout=True)
        return
    sommet = plan.echelle.place(un.valeur)
    toile.rectangle(x - plan.barre / 2, sommet, plan.barre, pied - sommet, un.etat.value)
    haut = sommet
    if un.bas is not None and un.haut is not None:
        haut = plan.echelle.place(un.haut)
        toile.moustache((x, plan.echelle.place(un.bas)), (x, haut))
    _valeur(toile, plan, un, x, (sommet, haut))


def _valeur(toile: Toile, plan: _Plan, un: MoisEtp, x: float, sommets: tuple[float, float]) -> None:
    """Write the value at the foot of its bar, upright if the bar is thin, above it if the bar is short."""
    mots, pied, (sommet, haut) = nombre(un.valeur, 1), plan.echelle.debut, sommets
    large = largeur_texte(mots, CORPS)
    court = pied - sommet < (large + 12 if plan.debout else 24)
    debout = large > plan.colonne - 2 if court else plan.debout
    if court:
        toile.texte(x + 4.5 * debout, haut - 6, mots, "t-n", "" if debout else "middle", debout)
        return
    if un.etat is EtatSaisie.PARTIEL and debout:
        toile.rectangle(x - 8, pied - large - 11, 16, large + 7, "fond")
    elif un.etat is EtatSaisie.PARTIEL:
        toile.rectangle(x - large / 2 - 2, pied - 24, large + 4, 18, "fond")
    classe = "t-n t-i" if un.etat is EtatSaisie.REALISE else "t-n"
    toile.texte(x + 4.5 * debout, pied - (8 if debout else 10), mots, classe, "" if debout else "middle", debout)


def _conventionne(toile: Toile, plan: _Plan, mois: Sequence[MoisEtp]) -> None:
    niveaux = _niveaux(mois)
    for rang, (debut, fin, niveau) in enumerate(niveaux):
        y = plan.echelle.place(niveau)
        toile.ligne(plan.bord(debut), y, plan.bord(fin), y, "objectif")
        if rang and niveaux[rang - 1][1] == debut:
            toile.ligne(
                plan.bord(debut), y, plan.bord(debut), plan.echelle.place(niveaux[rang - 1][2]), "objectif mince"
            )
    libre = 0.0
    for debut, fin, niveau in niveaux:
        libre = _nom_du_niveau(toile, plan, (debut, fin, niveau), libre, dernier=fin == len(mois))


def _niveaux(mois: Sequence[MoisEtp]) -> list[tuple[int, int, Nombre]]:
    groupes, rang = [], 0
    for niveau, suite in groupby(mois, key=lambda un: un.conventionne):
        debut, rang = rang, rang + len(list(suite))
        if niveau is not None:
            groupes.append((debut, rang, niveau))
    return groupes


def _nom_du_niveau(
    toile: Toile, plan: _Plan, niveau: tuple[int, int, Nombre], libre: float, *, dernier: bool
) -> float:
    """Name a level beside its line (the last, on a large drawing) or above it; return where words may start again."""
    debut, fin, valeur = niveau
    y = plan.echelle.place(valeur)
    if dernier and not toile.etroit:
        toile.texte(plan.bord(fin) + 8, y - 4, "Conventionné", "t-b")
        toile.texte(plan.bord(fin) + 8, y + 12, etp(valeur, 1), "t-b t-n")
        return libre
    mots = f"Conventionné {etp(valeur, 1)}" if libre == 0 else etp(valeur, 1)
    place, x = largeur_texte(mots, gras=True), plan.bord(debut) + 4
    if dernier and (x < libre or x + place > toile.largeur):
        x = toile.largeur - place
    bas = y > plan.echelle.debut - 84  # words would cover the foot of the bars
    if bas or x < libre or x + place > toile.largeur:
        return libre
    toile.texte(x, y - 7, mots, "t-b t-n")
    return x + place + 8
