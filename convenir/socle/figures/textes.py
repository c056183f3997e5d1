"""Measure, break and shorten the words of a figure, so that none runs into another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from convenir.socle.figures.chasses import GRAS, MAIGRE

CORPS = 13.0
PETIT = 12.0
INCONNU = 1.1
_LARGEURS = tuple(
    {signe: largeur for largeur, signes in table.items() for signe in signes} for table in (MAIGRE, GRAS)
)
_INTERDITS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def propre(texte: str) -> str:
    """Return the text on one line, without the signs that XML forbids."""
    return re.sub(r"[ \t\n\r]+", " ", _INTERDITS.sub(" ", texte)).strip(" ")


def echapper(texte: str) -> str:
    """Return the text safe between tags and inside an attribute."""
    return escape(propre(texte), quote=True)


@lru_cache(maxsize=4096)
def largeur_texte(texte: str, corps: float = CORPS, gras: bool = False) -> float:
    """Return an upper bound of the printed width, in the units of the drawing."""
    largeurs = _LARGEURS[gras]
    return corps * sum(largeurs.get(signe, INCONNU) for signe in texte)


def plus_large(textes: Sequence[str], corps: float = CORPS, gras: bool = False) -> float:
    """Return the width of the widest text, 0 without any."""
    return max((largeur_texte(texte, corps, gras) for texte in textes), default=0.0)


def tronquer(texte: str, place: float, corps: float = CORPS, gras: bool = False) -> str:
    """Shorten with « … » what does not fit; the whole text stays in `<desc>`."""
    texte = propre(texte)
    if largeur_texte(texte, corps, gras) <= place:
        return texte
    while texte and largeur_texte(texte.rstrip() + "…", corps, gras) > place:
        texte = texte[:-1]
    return texte.rstrip() + "…"


def couper(texte: str, place: float, corps: float = CORPS, gras: bool = False, lignes: int = 2) -> list[str]:
    """Break a text into at most `lignes` lines no wider than `place`; the last is shortened if need be."""
    coupees: list[str] = []
    mots = propre(texte).split(" ")
    while mots and len(coupees) < lignes - 1:
        prise = 1
        while prise < len(mots) and largeur_texte(" ".join(mots[: prise + 1]), corps, gras) <= place:
            prise += 1
        coupees.append(tronquer(" ".join(mots[:prise]), place, corps, gras))
        mots = mots[prise:]
    if mots:
        coupees.append(tronquer(" ".join(mots), place, corps, gras))
    return coupees
