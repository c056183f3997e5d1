"""Results against targets, up to three years per type of exit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from convenir.socle.commun.francais import enumeration, nombre, pourcent
from convenir.socle.figures.echelles import Echelle, Nombre, connus, graduer_parts
from convenir.socle.figures.ecriture import part_courte
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.reperes import Mesure, tracer_mesure
from convenir.socle.figures.textes import PETIT, couper, largeur_texte, plus_large
from convenir.socle.figures.toile import Toile

COLONNE = 172.0


@dataclass(frozen=True)
class PointAnnuel:
    """Result and target of one year, in percent; `mention` says why there is no result."""

    annee: int
    resultat: Nombre | None
    objectif: Nombre | None = None
    numerateur: int | None = None
    denominateur: int | None = None
    mention: str = ""

    @property
    def absence(self) -> str:
        """Word printed in place of the result."""
        return self.mention or ("non calculable" if self.denominateur == 0 else nombre(None))

    @property
    def effectif(self) -> str:
        """« 19 sur 35 », empty when the counts are not known."""
        if self.numerateur is None or self.denominateur is None:
            return ""
        return f"{nombre(self.numerateur)} sur {nombre(self.denominateur)}"

    @property
    def detail(self) -> str:
        """« 19 sur 35, objectif 58 % »."""
        objectif = f"objectif {part_courte(self.objectif)}" if self.objectif is not None else "sans objectif"
        return f"{self.effectif}, {objectif}" if self.effectif else objectif.capitalize()

    def en_mots(self) -> str:
        """Every value of the point."""
        resultat = pourcent(self.resultat) if self.resultat is not None else self.absence
        effectif = f" ({self.effectif})" if self.effectif else ""
        objectif = (
            f" pour un objectif de {part_courte(self.objectif)}" if self.objectif is not None else " sans objectif"
        )
        return f"{self.annee} {resultat}{effectif}{objectif}"


@dataclass(frozen=True)
class SerieObjectif:
    """One type of exit: its years, most recent first, and the national reference in percent."""

    libelle: str
    points: tuple[PointAnnuel, ...]
    reference: Nombre | None = None

    def en_mots(self) -> str:
        """Every value of the series."""
        reference = f", référence nationale {part_courte(self.reference)}" if self.reference is not None else ""
        return f"{self.libelle} : {', '.join(point.en_mots() for point in self.points)}{reference}"


@dataclass(frozen=True)
class _Plan:
    echelle: Echelle
    graduations: list[float]
    pas: float
    entete: float


def resultats_objectifs(series: Sequence[SerieObjectif], *, cle: str, titre: str, largeur: float = 860) -> Figure:
    """Draw targets against results: disc, hollow circle, vertical bar, link; the shares share the 0–60 % scale.

    Args:
        series: types of exit, each with its years, most recent first.
        cle: stem of the identifiers, unique in the page.
        titre: what and when.
        largeur: width of the large drawing.
    """
    gardees = [serie for serie in series if serie.points]
    mots = f"{' ; '.join(serie.en_mots() for serie in gardees)}."
    tracer = partial(_tracer, series=gardees) if gardees else None
    return composer(cle, titre, mots, tracer, legende=_legende(gardees), largeur=largeur)


def _legende(series: Sequence[SerieObjectif]) -> list[ElementLegende]:
    if not series:
        return []
    points = [point for serie in series for point in serie.points]
    derniere = max(point.annee for point in points)
    passees = sorted({point.annee for point in points} - {derniere})
    elements = [ElementLegende("disque", f"Résultat {derniere}")]
    if passees:
        mot = "Résultats" if len(passees) > 1 else "Résultat"
        elements.append(ElementLegende("cercle", f"{mot} {enumeration([str(annee) for annee in passees])}"))
    if any(point.objectif is not None for point in points):
        elements.append(ElementLegende("objectif", "Objectif de la convention"))
    if any(serie.reference is not None for serie in series):
        elements.append(ElementLegende("reference", "Référence nationale"))
    return elements


def _plan(toile: Toile, series: Sequence[SerieObjectif]) -> _Plan:
    valeurs = connus(v for serie in series for p in serie.points for v in (p.resultat, p.objectif, serie.reference))
    graduations = graduer_parts(valeurs)
    derniere = largeur_texte(part_courte(round(graduations[-1])), PETIT) / 2
    if toile.etroit:
        return _Plan(Echelle(0, graduations[-1], 44, toile.largeur - derniere - 2), graduations, 30, 26)
    droite = plus_large([point.detail for serie in series for point in serie.points])
    debut = COLONNE + 64 if toile.largeur < 800 else 250.0
    fin = toile.largeur - droite - max(derniere, 16) - 8
    return _Plan(Echelle(0, graduations[-1], debut, fin), graduations, 26, 0)


def _tracer(toile: Toile, series: Sequence[SerieObjectif]) -> None:
    plan = _plan(toile, series)
    hauteurs = [_hauteur(toile, plan, serie) for serie in series]
    haut = 4.0 if toile.etroit else 13.0
    bas = haut + sum(hauteurs)
    for valeur in plan.graduations:
        x = plan.echelle.place(valeur)
        toile.repere(x, haut + 7, x, bas)
    toile.graduations(bas + 20, [(plan.echelle.place(v), part_courte(round(v))) for v in plan.graduations])
    for serie, hauteur in zip(series, hauteurs, strict=True):
        _serie(toile, plan, serie, haut, hauteur)
        haut += hauteur
    toile.hauteur += 6


def _libelle(serie: SerieObjectif) -> list[str]:
    return couper(serie.libelle, COLONNE, gras=True, lignes=max(len(serie.points), 3))


def _hauteur(toile: Toile, plan: _Plan, serie: SerieObjectif) -> float:
    mots = 0 if toile.etroit else 17 * len(_libelle(serie)) + 10
    return max(plan.entete + plan.pas * len(serie.points), mots) + 18


def _serie(toile: Toile, plan: _Plan, serie: SerieObjectif, haut: float, hauteur: float) -> None:
    premier = haut + plan.entete + 22
    if toile.etroit:
        toile.rectangle(0, haut, toile.largeur, plan.entete, "fond")
        detail = serie.points[0].detail
        place = toile.largeur - largeur_texte(detail) - 14
        toile.texte(0, haut + 19, couper(serie.libelle, place, gras=True, lignes=1)[0], "t-b")
        toile.texte(toile.largeur, haut + 19, detail, "t-n", "end")
    else:
        toile.ligne(0, haut, toile.largeur, haut, "axe")
        for rang, mots in enumerate(_libelle(serie)):
            toile.texte(0, premier + 4.5 + rang * 17, mots, "t-b")
    if serie.reference is not None:
        x = plan.echelle.place(serie.reference)
        toile.ligne(x, premier - 15, x, haut + hauteur - 7, "reference")
    for rang, point in enumerate(serie.points):
        _point(toile, plan, point, premier + rang * plan.pas, serie.reference, dernier=rang == 0)


def _point(
    toile: Toile, plan: _Plan, point: PointAnnuel, y: float, reference: Nombre | None, *, dernier: bool
) -> None:
    echelle = plan.echelle
    toile.texte(
        0 if toile.etroit else echelle.debut - 14, y + 4.5, str(point.annee),
        "t-b t-n" if dernier else "t-s t-n", "" if toile.etroit else "end",
    )  # fmt: skip
    mots = point.absence if point.resultat is None else pourcent(point.resultat)
    mesure = Mesure(point.resultat, mots, point.objectif, reference, actuelle=dernier)
    tracer_mesure(toile, echelle, mesure, y, demi=10.5, marge=14)
    if not toile.etroit:
        toile.texte(toile.largeur, y + 4.5, point.detail, "t-n" if dernier else "t-s t-n", "end")
