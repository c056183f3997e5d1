"""The canvas: shapes and words placed by their coordinates, written as one SVG element with inlined attributes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from convenir.socle.figures.styles import MOTIFS, POLICES, attributs
from convenir.socle.figures.textes import CORPS, PETIT, echapper, largeur_texte, tronquer

AIR_GRADUATION = 6.0
_CLE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")


class Svg(str):
    """SVG markup already escaped: a template prints it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Say to template engines that this text is safe."""
        return str(self)


@dataclass(frozen=True)
class Format:
    """One of the drawings of a figure: its mark in the identifiers, its width in pixels, its hand."""

    marque: str
    largeur: float
    etroit: bool = False
    impression: bool = False
    classe: str = ""


def coord(valeur: float) -> str:
    """Write a coordinate, at most one decimal.

    Raises:
        ValueError: the value is not a finite number.
    """
    if not math.isfinite(valeur):
        raise ValueError(f"Coordonnée impossible : {valeur}.")
    texte = f"{valeur:.1f}"
    return "0" if texte in ("0.0", "-0.0") else texte.removesuffix(".0")


class Toile:
    """A drawing in progress; `hauteur` grows with what is placed on it."""

    def __init__(self, format_: Format, cle: str) -> None:
        if not _CLE.match(cle):
            raise ValueError(f"Clé de figure impossible : {cle!r}. Lettres sans accent, chiffres et tirets.")
        self.format = format_
        self.cle = f"{cle}-{format_.marque}"
        self.hauteur = 0.0
        self._fonds: list[str] = []
        self._formes: list[str] = []
        self._textes: list[str] = []
        self._motifs: set[str] = set()

    @property
    def largeur(self) -> float:
        """Width of the drawing, in pixels."""
        return self.format.largeur

    @property
    def etroit(self) -> bool:
        """Tell whether the drawing is the narrow one, for a telephone."""
        return self.format.etroit

    def ligne(self, x1: float, y1: float, x2: float, y2: float, classe: str) -> None:
        """Draw a straight line."""
        self._forme("line", classe, y2, x1=x1, y1=y1, x2=x2, y2=y2)

    def repere(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a grid line, under every mark whatever the order of the calls."""
        self.ligne(x1, y1, x2, y2, "axe")
        self._fonds.append(self._formes.pop())

    def rectangle(self, x: float, y: float, largeur: float, hauteur: float, classe: str) -> None:
        """Draw a bar or a box; a negative size is drawn as nothing."""
        if largeur > 0 and hauteur > 0:
            self._forme("rect", classe, y + hauteur, x=x, y=y, width=largeur, height=hauteur)

    def disque(self, x: float, y: float, rayon: float, classe: str) -> None:
        """Draw a disc or a hollow circle."""
        self._forme("circle", classe, y + rayon, cx=x, cy=y, r=rayon)

    def losange(self, x: float, y: float, demi: float, classe: str) -> None:
        """Draw a diamond."""
        sommets = ((x, y - demi), (x + demi, y), (x, y + demi), (x - demi, y))
        trace = "M" + " L".join(f"{coord(a)},{coord(b)}" for a, b in sommets) + " Z"
        self._formes.append(f'<path d="{trace}" {self._attributs(classe)}/>')
        self._etendre(y + demi)

    def marque(self, x: float, y: float, voix: str, *, avant: bool = False) -> None:
        """Draw the mark of a voice: a disc for the State, a square for the structure, a diamond for what is agreed.

        What was put forward before is smaller and hollow.
        """
        classe = f"{voix}-avant" if avant else voix
        if voix == "convenu":
            self.losange(x, y, 8, classe)
        elif voix == "etat":
            self.disque(x, y, 5 if avant else 6.5, classe)
        else:
            demi = 4.5 if avant else 6.5
            self.rectangle(x - demi, y - demi, 2 * demi, 2 * demi, classe)

    def marches(self, points: list[tuple[float, float]], classe: str) -> None:
        """Draw a broken line through points."""
        trace = "M" + " L".join(f"{coord(x)},{coord(y)}" for x, y in points)
        self._formes.append(f'<path d="{trace}" {self._attributs(classe)}/>')
        self._etendre(max(y for _, y in points))

    def croix(self, x: float, y: float) -> None:
        """Draw the mark of what cannot be computed: a small grey cross."""
        self.ligne(x - 4, y - 4, x + 4, y + 4, "nd-trait")
        self.ligne(x - 4, y + 4, x + 4, y - 4, "nd-trait")

    def moustache(self, bas: tuple[float, float], haut: tuple[float, float], couchee: bool = False) -> None:
        """Draw an interval between two points of a vertical, or of a horizontal (`couchee`)."""
        (x1, y1), (x2, y2) = bas, haut
        dx, dy = (0, 5) if couchee else (5, 0)
        self.ligne(x1, y1, x2, y2, "intervalle")
        for x, y in (bas, haut):
            self.ligne(x - dx, y - dy, x + dx, y + dy, "intervalle")

    def texte(self, x: float, y: float, contenu: str, classe: str = "", ancre: str = "", debout: bool = False) -> None:
        """Write words on a base line; `ancre` is « middle », « end » or nothing; `debout` turns them upwards."""
        attributs_ = self._attributs(classe) + (f' text-anchor="{ancre}"' if ancre else "")
        tour = f' transform="rotate(-90 {coord(x)} {coord(y)})"' if debout else ""
        ecrit = echapper(contenu)
        self._textes.append(
            f'<text x="{coord(x)}" y="{coord(y)}"{" " * bool(attributs_)}{attributs_}{tour}>{ecrit}</text>'
        )
        self._etendre(y)

    def graduations(self, y: float, valeurs: Sequence[tuple[float, str]]) -> None:
        """Write the values of an axis under it (pixel, words; ascending), kept inside the drawing.

        The last one says the unit and always stands; one that would touch the next is left out.
        """
        ecrites: list[tuple[float, str]] = []
        libre = self.largeur + AIR_GRADUATION
        for x, contenu in reversed(valeurs):
            demi = largeur_texte(contenu, PETIT) / 2
            centre = min(max(x, demi), self.largeur - demi)
            if centre + demi + AIR_GRADUATION <= libre:
                ecrites.append((centre, contenu))
                libre = centre - demi
        for centre, contenu in reversed(ecrites):
            self.texte(centre, y, contenu, "t-s t-n", "middle")

    def rien(self, phrase: str) -> None:
        """Say in words that there is nothing to draw."""
        self.texte(0, 20, tronquer(phrase, self.largeur, CORPS), "")
        self._etendre(28)

    def document(self, titre: str, description: str) -> Svg:
        """Return the whole `<svg>`, with its name and its values in words."""
        t, d = f"{self.cle}-t", f"{self.cle}-d"
        classe = f'class="{self.format.classe}" ' if self.format.classe else ""
        taille = f'viewBox="0 0 {coord(self.largeur)} {coord(math.ceil(self.hauteur))}"'
        return Svg(
            f'<svg xmlns="http://www.w3.org/2000/svg" {classe}{taille} role="img" aria-labelledby="{t} {d}" '
            f'font-family="{POLICES[self.format.impression]}" font-size="{CORPS:g}">'
            f'<title id="{t}">{echapper(titre)}</title><desc id="{d}">{echapper(description)}</desc>'
            f"{self.corps()}</svg>"
        )

    def corps(self) -> str:
        """Return patterns, grid, shapes, then words: words are always above shapes."""
        mots = (
            '<g fill="#3a3a3a" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">'
            f"{''.join(self._textes)}</g>"
        )
        return self._definitions() + "".join(self._fonds + self._formes) + (mots if self._textes else "")

    def _forme(self, nom: str, classe: str, bas: float, **mesures: float) -> None:
        places = " ".join(f'{cle}="{coord(valeur)}"' for cle, valeur in mesures.items())
        self._formes.append(f"<{nom} {places} {self._attributs(classe)}/>")
        self._etendre(bas)

    def _etendre(self, y: float) -> None:
        self.hauteur = max(self.hauteur, y)

    def _attributs(self, classe: str) -> str:
        if not classe:
            return ""
        paires = attributs(classe, self.format.impression)
        motif = paires.get("fill", "")
        if motif in MOTIFS:
            self._motifs.add(motif)
            paires = paires | {"fill": f"url(#{self.cle}-{motif})"}
        return f'class="{classe}"' + "".join(f' {cle}="{valeur}"' for cle, valeur in paires.items())

    def _definitions(self) -> str:
        trait, point = self._attributs("h-trait"), self._attributs("p-point")
        motifs = [MOTIFS[m].format(id=f"{self.cle}-{m}", trait=trait, point=point) for m in sorted(self._motifs)]
        return f"<defs>{''.join(motifs)}</defs>" if motifs else ""
