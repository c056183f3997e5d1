"""Kinds of notification: each module declares its own, with the words of the preferences page and a default rhythm."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices


class Rythme(TextChoices):
    """How often a kind is sent by mail; it is always on the page."""

    IMMEDIAT = "immediat", "Dès que possible"
    QUOTIDIEN = "quotidien", "Une fois par jour"
    HEBDOMADAIRE = "hebdomadaire", "Une fois par semaine"
    JAMAIS = "jamais", "Jamais par courriel"


@dataclass(frozen=True)
class GenreDeNotification:
    """A kind: its code (« objectifs.position »), its words, the rhythm of those who chose none.

    Attributes:
        attend: whether it tells that something awaits the person, rather than what happened.
    """

    code: str
    libelle: str
    defaut: Rythme
    attend: bool = False


_GENRES: dict[str, GenreDeNotification] = {}


def declarer(code: str, libelle: str, defaut: Rythme = Rythme.QUOTIDIEN, *, attend: bool = False) -> str:
    """Declare a kind and return its code; declaring it twice alike changes nothing.

    Raises:
        ValueError: the code already has other words or another rhythm.
    """
    genre = GenreDeNotification(code, libelle, defaut, attend)
    if _GENRES.setdefault(code, genre) != genre:
        raise ValueError(f"Le genre de notification {code} est déjà déclaré autrement.")
    return code


def connus() -> list[GenreDeNotification]:
    """Return every declared kind, in the order of the words."""
    return sorted(_GENRES.values(), key=lambda genre: genre.libelle)


def genre(code: str) -> GenreDeNotification:
    """Return a kind; one that no module declares any more keeps its code and goes daily."""
    return _GENRES.get(code, GenreDeNotification(code, code, Rythme.QUOTIDIEN))


TACHE = declarer("taches.tache", "Une tâche vous est confiée", Rythme.QUOTIDIEN, attend=True)
