"""Values side by side, in a given order that is never that of the values: it situates, it does not rank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from convenir.socle.figures.echelles import Echelle, Nombre, connus, graduer
from convenir.socle.figures.ecriture import nombre_rond
from convenir.socle.figures.figure import ElementLegende, Figure, composer
from convenir.socle.figures.textes import couper, largeur_texte, plus_large, tronquer
from convenir.socle.figures.toile import Toile

Ecrire = Callable[[Nombre], str]
HAUT = 8.0


@dataclass(frozen=True)
class ValeurSituee:
    """One line: a name, its value, the count behind it; `mention` says why there is no value."""

    libelle: str
    valeur: Nombre | None
    effectif: str = ""
    mention: str = "n. d."

    def en_mots(self, ecrire: Ecrire) -> str:
        """The line, in words."""
        valeur = self.mention if self.valeur is None else ecrire(self.valeur)
        return f"{self.libelle} : {valeur}{f' ({self.effectif})' if self.effectif else ''}"


@dataclass(frozen=True)
class MoitieCentrale:
    """Quartiles and median of the group, by nearest rank."""

    q1: Nombre
    mediane: Nombre
    q3: Nombre


def valeurs_situees(
    lignes: Sequence[ValeurSituee], groupe: MoitieCentrale | None, *, cle: str, titre: str, ecrire: Ecrire,
    largeur: float = 860,
) -> Figure:  # fmt: skip
    """Draw one disc per line over the central half of the group and its median.

    Args:
        lignes: in the order to show: by name, or by territory.
        groupe: central half; None when too few values are known.
        cle: stem of the identifiers, unique in the page.
        titre: what and when.
        ecrire: writes a value in its unit.
        largeur: width of the large drawing.
    """
    mots = [" ; ".join(ligne.en_mots(ecrire) for ligne in lignes)]
    legende = [ElementLegende("disque", "Valeur")]
    if groupe is not None:
        q1, mediane, q3 = (ecrire(v) for v in (groupe.q1, groupe.mediane, groupe.q3))
        mots.insert(0, f"Médiane {mediane}, moitié centrale de {q1} à {q3}")
        legende += [ElementLegende("boite", "Moitié centrale du groupe"), ElementLegende("mediane", "Médiane")]
    if any(ligne.valeur is None for ligne in lignes):
        legende.append(ElementLegende("croix", "Sans valeur"))
    connues = any(ligne.valeur is not None for ligne in lignes)
    tracer = partial(_tracer, lignes=lignes, groupe=groupe, ecrire=ecrire) if connues else None
    return composer(cle, titre, f"{'. '.join(mots)}.", tracer, legende=legende, largeur=largeur)


def _tracer(toile: Toile, lignes: Sequence[ValeurSituee], groupe: MoitieCentrale | None, ecrire: Ecrire) -> None:
    pas = 44.0 if toile.etroit else 27.0
    bas = HAUT + pas * len(lignes)
    valeurs = connus(ligne.valeur for ligne in lignes)
    graduations = graduer(min([0.0, *valeurs]), max(valeurs))
    droite = toile.largeur - (6 if toile.etroit else plus_large([_a_droite(x, ecrire) for x in lignes]) + 20)
    gauche = 6.0 if toile.etroit else min(plus_large([ligne.libelle for ligne in lignes]) + 20, 330.0)
    echelle = Echelle(graduations[0], graduations[-1], gauche, droite)
    if groupe is not None:
        x1, x2, x = (echelle.place(v) for v in (groupe.q1, groupe.q3, groupe.mediane))
        toile.rectangle(x1, HAUT, max(x2 - x1, 1.5), bas - HAUT, "bande")
        toile.ligne(x, HAUT, x, bas, "mediane")
    for graduation in graduations:
        x = echelle.place(graduation)
        toile.repere(x, HAUT, x, bas)
    toile.graduations(bas + 18, [(echelle.place(v), nombre_rond(v)) for v in graduations])
    for rang, ligne in enumerate(lignes):
        _ligne(toile, ligne, echelle, HAUT + pas * rang, ecrire)
    toile.hauteur += 8


def _a_droite(ligne: ValeurSituee, ecrire: Ecrire) -> str:
    valeur = ligne.mention if ligne.valeur is None else ecrire(ligne.valeur)
    return f"{valeur} ({ligne.effectif})" if ligne.effectif else valeur


def _ligne(toile: Toile, ligne: ValeurSituee, echelle: Echelle, haut: float, ecrire: Ecrire) -> None:
    mots = _a_droite(ligne, ecrire)
    if toile.etroit:
        milieu = haut + 32
        place = toile.largeur - largeur_texte(mots) - 10
        toile.texte(0, haut + 18, tronquer(ligne.libelle, place))
        toile.texte(toile.largeur, haut + 18, mots, "t-n", "end")
    else:
        milieu = haut + 14
        toile.texte(0, milieu + 4.5, couper(ligne.libelle, echelle.debut - 16, lignes=1)[0])
        toile.texte(toile.largeur, milieu + 4.5, mots, "t-n", "end")
    if ligne.valeur is None:
        toile.croix(echelle.debut + 8, milieu)
        return
    toile.disque(echelle.place(ligne.valeur), milieu, 6, "resultat bord")
