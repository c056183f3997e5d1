"""Convenir's own reference of a convention: `CONV-<département>-<année>-<catégorie>-<ordre>` (décisions, § 4)."""

from __future__ import annotations

from dataclasses import dataclass

MISSION_LOCALE = "ML"


@dataclass(frozen=True)
class Reference:
    """A reference in its four parts; `categorie` is a category of SIAE or `ML`."""

    departement: str
    annee: int
    categorie: str
    ordre: int

    def __str__(self) -> str:
        return f"CONV-{self.departement}-{self.annee:04d}-{self.categorie}-{self.ordre:04d}"
