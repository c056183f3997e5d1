"""What the fiche of a mission locale needs as a document, typed: every value is a text already worded."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from convenir.socle.documents.contextes import Cellule, FigureDocument, Mention, Meta, Preuve, SourceDocument


@dataclass(frozen=True)
class ChiffreMl:
    """A value, « n. d. » and the like included, and the count behind a rate."""

    texte: str
    detail: str = ""


@dataclass(frozen=True)
class LigneFicheMl:
    """An indicator: a value per year shown, a text per territory (None: without object)."""

    libelle: str
    retrait: int
    annees: tuple[ChiffreMl, ...]
    autour: tuple[Cellule, ...]
    precision: str = ""  # of what year each term of a ratio is
    a_confirmer: bool = False


@dataclass(frozen=True)
class SectionFicheMl:
    """An axis or a family: its sentences, its drawing and the title of the drawing, its lines."""

    titre: str
    phrases: tuple[str, ...]
    titre_figure: str
    figure: FigureDocument | None
    lignes: tuple[LigneFicheMl, ...]


@dataclass(frozen=True)
class RegleAppliquee:
    """A dated parameter as it was applied."""

    libelle: str
    valeur: str
    depuis: str
    a_confirmer: bool


@dataclass(frozen=True)
class DonneesFicheMl:
    """All of a fiche; `annees` and `territoires` head the columns, the year of the fiche first."""

    meta: Meta
    services: tuple[str, ...]
    titre: str
    objet: str
    identite: tuple[tuple[str, Cellule], ...]
    tete: tuple[tuple[str, str, str], ...]  # label, value, detail
    qualite: tuple[str, ...]
    annees: tuple[str, ...]
    territoires: tuple[str, ...]
    mentions: tuple[str, ...]
    sections: tuple[SectionFicheMl, ...]
    absents: tuple[Mention, ...]
    regles: tuple[RegleAppliquee, ...]
    sources: tuple[SourceDocument, ...]
    preuve: Preuve

    def en_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists and texts.

        Raises:
            ValueError: a line has not one value per column, which would break its table.
        """
        attendues = (len(self.annees), len(self.territoires))
        for ligne in (x for s in self.sections for x in s.lignes):
            if (len(ligne.annees), len(ligne.autour)) != attendues:
                raise ValueError(f"« {ligne.libelle} » : il faut une valeur par année et par territoire.")
        return asdict(self)
