"""Kinds of document: the module that makes them says who reads them, who may replace them, and where they belong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.comptes.acteur import Acteur

Regle = Callable[[Acteur, str], str | None]


@dataclass(frozen=True)
class GenreDeDocument:
    """A kind.

    Attributes:
        code: « objectifs.releve ».
        libelle: « Relevé de la négociation ».
        lire, remplacer: from who asks and the key of the object, why not, or None.
        retour: from the key of the object, the address of the page it belongs to.
    """

    code: str
    libelle: str
    lire: Regle
    remplacer: Regle
    retour: Callable[[str], str]


_GENRES: dict[str, GenreDeDocument] = {}


def declarer(genre: GenreDeDocument) -> GenreDeDocument:
    """Declare a kind; declaring it twice keeps the first."""
    return _GENRES.setdefault(genre.code, genre)


def trouver(code: str) -> GenreDeDocument:
    """Return a kind.

    Raises:
        EntreeInvalide: no module declares it.
    """
    if code not in _GENRES:
        raise EntreeInvalide(f"Le genre de document « {code} » n'est déclaré par aucun module.")
    return _GENRES[code]
