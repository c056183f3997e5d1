"""What a written act needs, typed: the same context feeds the PDF and the editable document."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from typing import Any

from convenir.socle.documents.contextes import Meta


@dataclass(frozen=True)
class Tableau:
    """A table of an article: its headers, its rows (texts already worded), a note.

    Attributes:
        nombres: ranks of the columns of numbers, aligned on the right; the others are texts, on the left.
    """

    tetes: tuple[str, ...]
    rangs: tuple[tuple[str, ...], ...]
    pied: str = ""
    nombres: tuple[int, ...] = ()


@dataclass(frozen=True)
class Article:
    """An article: title, paragraphs, numbered items, table; `numerote` for those of the act itself.

    A blank line in a text that people typed parts two paragraphs, spaced and cut between pages as the others; in an
    item, two lines.
    """

    titre: str
    paragraphes: tuple[str, ...] = ()
    puces: tuple[str, ...] = ()
    tableau: Tableau | None = None
    numerote: bool = True

    def __post_init__(self) -> None:
        """Part the paragraphs at their blank lines, close those of the items."""
        parties = (p.strip() for texte in self.paragraphes for p in re.split(r"\n\s*\n", texte))
        object.__setattr__(self, "puces", tuple(re.sub(r"\n\s*\n", "\n", texte) for texte in self.puces))
        object.__setattr__(self, "paragraphes", tuple(p for p in parties if p))


@dataclass(frozen=True)
class Titre:
    """A part of the act and its articles."""

    titre: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class ActeDocument:
    """An act: head, recitals, parties, articles, annexes, signatures, proof.

    Attributes:
        parties: name of the party, how it is introduced, who represents it; empty, a line to fill in.
        signatures: `qualite` in whose name one signs, `nom` of who does; empty, a line to fill in.
    """

    meta: Meta
    services: tuple[str, ...]
    titre: str
    objet: str
    cartouche: tuple[tuple[str, str], ...] = ()
    visas: tuple[str, ...] = ()
    parties: tuple[tuple[str, str, str], ...] = ()
    titres: tuple[Titre, ...] = ()
    annexes: tuple[Titre, ...] = ()
    fait: str = ""
    signatures: tuple[dict[str, str], ...] = ()
    preuve: dict[str, Any] | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def en_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists and texts."""
        return asdict(self)
