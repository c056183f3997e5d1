"""What every chart returns, and the legend that goes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from convenir.socle.figures.textes import PETIT, echapper, largeur_texte
from convenir.socle.figures.toile import Format, Svg, Toile

LARGE, ETROIT, IMPRESSION = 860.0, 350.0, 730.0
LONGUES = frozenset({"boite", "objectif-h", "reconduit", "lien"})


@dataclass(frozen=True)
class ElementLegende:
    """One mark and its meaning; `marque` is a key of `_MARQUES`."""

    marque: str
    texte: str

    @property
    def largeur(self) -> int:
        """Width of the mark, in pixels."""
        return 30 if self.marque in LONGUES else 16

    def dessiner(self, toile: Toile, x: float, y: float) -> None:
        """Draw the mark in a box 16 high whose top left corner is given."""
        _MARQUES[self.marque](toile, x, y)


def _barre(classe: str) -> Callable[[Toile, float, float], None]:
    return lambda toile, x, y: toile.rectangle(x + 1, y + 1, 14, 14, classe)


def _vertical(classe: str) -> Callable[[Toile, float, float], None]:
    return lambda toile, x, y: toile.ligne(x + 8, y, x + 8, y + 16, classe)


def _horizontal(classe: str) -> Callable[[Toile, float, float], None]:
    return lambda toile, x, y: toile.ligne(x, y + 8, x + 28, y + 8, classe)


def _reconduit(toile: Toile, x: float, y: float) -> None:
    toile.ligne(x, y + 8, x + 18, y + 8, "reconduit")
    toile.disque(x + 23, y + 8, 5, "avant")


_MARQUES: dict[str, Callable[[Toile, float, float], None]] = {
    "constate": lambda toile, x, y: toile.disque(x + 8, y + 8, 6, "constate"),
    "constate-avant": lambda toile, x, y: toile.disque(x + 8, y + 8, 5, "constate-avant"),
    "disque": lambda toile, x, y: toile.disque(x + 8, y + 8, 6, "resultat"),
    "cercle": lambda toile, x, y: toile.disque(x + 8, y + 8, 5, "avant"),
    "objectif": _vertical("objectif"),
    "objectif-h": _horizontal("objectif"),
    "lien": _horizontal("lien"),
    "mediane": _vertical("mediane"),
    "reference": _vertical("reference"),
    "boite": lambda toile, x, y: toile.rectangle(x + 1, y + 2, 28, 12, "boite"),
    "croix": lambda toile, x, y: toile.croix(x + 8, y + 8),
    "moustache": lambda toile, x, y: toile.moustache((x + 8, y + 15), (x + 8, y + 1)),
    "alloue": _barre("alloue"),
    "reconduit": _reconduit,
    **{classe: _barre(classe) for classe in ("resultat", "clair", "prevu", "partiel", "neutre", "retire", "bande")},
}


@dataclass(frozen=True)
class Legende:
    """The marks of a figure in reading order; silent for screen readers, which have the description."""

    cle: str
    elements: tuple[ElementLegende, ...] = ()

    @property
    def html(self) -> Svg:
        """Return the list put under the figure in a page."""
        puces = "".join(self._puce(rang, element) for rang, element in enumerate(self.elements))
        return Svg(f'<ul class="cv-legende" aria-hidden="true">{puces}</ul>' if puces else "")

    def _puce(self, rang: int, element: ElementLegende) -> str:
        toile = Toile(Format(f"g{rang}", element.largeur), self.cle)
        element.dessiner(toile, 0, 0)
        longue = " cv-fig--long" if element.largeur > 16 else ""
        return (
            f'<li><svg class="cv-fig{longue}" width="{element.largeur}" height="16" '
            f'viewBox="0 0 {element.largeur} 16" focusable="false">{toile.corps()}</svg>{echapper(element.texte)}</li>'
        )

    def tracer(self, toile: Toile) -> None:
        """Draw the legend under a printed figure, on as many lines as it takes."""
        x, y = 0.0, toile.hauteur + 10
        for element in self.elements:
            place = element.largeur + 7 + largeur_texte(element.texte, PETIT)
            if x > 0 and x + place > toile.largeur:
                x, y = 0.0, y + 21
            element.dessiner(toile, x, y)
            toile.texte(x + element.largeur + 7, y + 12, element.texte, "t-s")
            x += place + 22
        toile.hauteur += 4 if self.elements else 0


@dataclass(frozen=True)
class Figure:
    """A chart in its three drawings, each drawn when it is first asked for: a page never draws for paper."""

    titre: str
    description: str
    legende: Legende
    formats: tuple[Format, Format, Format]
    dessiner: Callable[[Format], Svg] = field(repr=False, compare=False)

    @cached_property
    def large(self) -> Svg:
        """Drawing for a wide page."""
        return self.dessiner(self.formats[0])

    @cached_property
    def etroit(self) -> Svg:
        """Drawing for a telephone."""
        return self.dessiner(self.formats[1])

    @cached_property
    def impression(self) -> Svg:
        """Drawing for paper, black and white, with its legend."""
        return self.dessiner(self.formats[2])

    @cached_property
    def html(self) -> Svg:
        """Return the whole `<figure>`: both screen drawings (the style sheet shows one) and the legend."""
        return Svg(f'<figure class="cv-figure">{self.large}{self.etroit}{self.legende.html}</figure>')


def composer(
    cle: str,
    titre: str,
    description: str,
    tracer: Callable[[Toile], None] | None,
    *,
    legende: Sequence[ElementLegende] = (),
    largeur: float = LARGE,
    impression: float = IMPRESSION,
    rien: str = "Aucune donnée à montrer.",
) -> Figure:
    """Draw a chart three times; `tracer=None` says in words that there is nothing to draw.

    Args:
        cle: stem of the identifiers, unique in the page.
        titre: what and when.
        description: every value, in sentences.
        tracer: places the marks on a canvas, reading its width and hand.
        legende: marks to explain.
        largeur: width of the large drawing, in pixels.
        impression: width of the printed drawing; the document scales it.
        rien: the sentence shown when there is nothing to draw.
    """
    elements = Legende(cle, tuple(legende) if tracer else ())
    texte = description if tracer else rien

    def dessin(format_: Format) -> Svg:
        toile = Toile(format_, cle)
        if tracer is None:
            toile.rien(rien)
        else:
            tracer(toile)
        if format_.impression:
            elements.tracer(toile)
        return toile.document(titre, texte)

    formats = (
        Format("l", largeur, classe="cv-fig cv-large"),
        Format("e", ETROIT, etroit=True, classe="cv-fig cv-etroit"),
        Format("p", impression, impression=True),
    )
    return Figure(titre, texte, elements, formats, dessin)
