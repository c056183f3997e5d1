"""Words as they are searched: without accents, case or punctuation. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGUEUR_RECHERCHE = 400
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_SEPARATEURS = re.compile(r"[^0-9a-z]+")
_CHIFFRES_GROUPES = re.compile(r"[\d\s.]+")


def normaliser(texte: str) -> str:
    """Return lower-case words without accents, one space apart: « L'Étape-Sud » gives « l etape sud »."""
    decompose = unicodedata.normalize("NFKD", texte.translate(_LIGATURES))
    sans_accent = "".join(c for c in decompose if not unicodedata.combining(c))
    return _SEPARATEURS.sub(" ", sans_accent.lower()).strip()


def mots_cherches(texte: str) -> list[str]:
    """Return the words to search; a number typed in groups (« 123 456 789 00012 ») is one word."""
    if _CHIFFRES_GROUPES.fullmatch(texte.strip()):
        return ["".join(c for c in texte if c.isdecimal())]
    return normaliser(texte).split()


def texte_de_recherche(morceaux: Iterable[str]) -> str:
    """Join what a structure is searched by into one normalised text, cut to its column."""
    return normaliser(" ".join(morceaux))[:LONGUEUR_RECHERCHE]
