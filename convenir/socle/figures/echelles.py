"""Scales and places: where a value falls, which round values mark the axis, on which side a label stands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Nombre = Decimal | int
PARTS = 60
AIR = 12.0


@dataclass(frozen=True)
class Echelle:
    """A straight scale from values to pixels; a value outside is drawn at the edge."""

    bas: float
    haut: float
    debut: float
    fin: float

    def place(self, valeur: Nombre | float) -> float:
        """Return the pixel of a value."""
        part = (min(max(float(valeur), self.bas), self.haut) - self.bas) / (self.haut - self.bas)
        return self.debut + part * (self.fin - self.debut)


def connus(valeurs: Iterable[Nombre | None]) -> list[float]:
    """Return the known values as floats: only pixels are computed from them."""
    return [float(valeur) for valeur in valeurs if valeur is not None]


def pas_rond(etendue: float, nombre: int) -> float:
    """Return the smallest step among 1, 2, 2.5 and 5 × 10ⁿ that covers the extent in `nombre` steps."""
    brut = max(etendue, 1e-9) / nombre
    puissance = 10.0 ** math.floor(math.log10(brut))
    return next(m * puissance for m in (1, 2, 2.5, 5, 10, 20) if m * puissance >= brut * (1 - 1e-9))


def graduer(bas: float, haut: float, nombre: int = 4) -> list[float]:
    """Return round graduations that enclose the two values, at least two of them."""
    taille = max(abs(bas), abs(haut), 1.0)
    pas = pas_rond(haut - bas if haut - bas > taille * 1e-6 else taille, nombre)
    premier, dernier = math.floor(bas / pas + 1e-9), math.ceil(haut / pas - 1e-9)
    return [round(rang * pas, 9) for rang in range(premier, max(dernier, premier + 1) + 1)]


def graduer_parts(valeurs: Sequence[float]) -> list[float]:
    """Return the graduations of shares: 0 to 60 % everywhere, further when a value is beyond."""
    maximum = max([*valeurs, float(PARTS)])
    return [0.0, 20.0, 40.0, 60.0] if maximum <= PARTS else graduer(0, maximum, 5)


@dataclass(frozen=True)
class Etiquette:
    """Where a label stands: its anchor point, and the span it covers."""

    x: float
    ancre: str
    place: float

    @property
    def debut(self) -> float:
        """Left edge."""
        return self.x - self.place if self.ancre else self.x

    @property
    def fin(self) -> float:
        """Right edge."""
        return self.x if self.ancre else self.x + self.place

    def touche(self, x: float | None, marge: float = 3) -> bool:
        """Tell whether a vertical mark would cross the label."""
        return x is not None and self.debut - marge <= x <= self.fin + marge


def cote_libre(
    x: float, cible: float | None, place: float, bornes: tuple[float, float], repere: float | None = None
) -> Etiquette:
    """Return the place of a label of width `place` beside the mark at `x`.

    It stands away from the target, else beyond it, else between the two; inside `bornes`, off `repere` if it can.
    """
    autre = x if cible is None else cible
    droite, gauche = Etiquette(max(x, autre) + AIR, "", place), Etiquette(min(x, autre) - AIR, "end", place)
    entre = Etiquette(x + AIR, "", place) if autre >= x else Etiquette(x - AIR, "end", place)
    essais = [gauche, droite] if cible is not None and cible >= x else [droite, gauche]
    if abs(autre - x) >= place + 2 * AIR:
        essais.append(entre)
    tiennent = [essai for essai in essais if bornes[0] <= essai.debut and essai.fin <= bornes[1]]
    return next((essai for essai in tiennent if not essai.touche(repere)), (tiennent or [entre])[0])


def depart_libre(depart: float, place: float, obstacles: Sequence[float | None]) -> float:
    """Return where words of width `place` may start, pushed right past the vertical marks they would touch."""
    for obstacle in sorted(connus_flottants(obstacles)):
        if depart - 8 <= obstacle <= depart + place + 4:
            depart = obstacle + 14
    return depart


def connus_flottants(valeurs: Sequence[float | None]) -> list[float]:
    """Return the positions that exist."""
    return [valeur for valeur in valeurs if valeur is not None]
