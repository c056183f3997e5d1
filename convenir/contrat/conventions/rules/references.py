"""Convenir's own reference of a convention: `CONV-<département>-<année>-<catégorie>-<ordre>` (décisions, § 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

FORME = re.compile(r"^CONV-(?P<dep>[0-9A-Z]{2,4})-(?P<annee>[0-9]{4})-(?P<categorie>[A-Z]{2,4})-(?P<ordre>[0-9]{4,})$")
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


def lire_reference(texte: str) -> Reference:
    """Read a reference, whatever its case and the blanks around.

    Raises:
        ValueError: with the expected form.
    """
    trouve = FORME.match(texte.strip().upper())
    if not trouve:
        raise ValueError(f"« {texte} » n'est pas une référence de convention. Forme attendue : CONV-44-2026-ACI-0012.")
    return Reference(trouve["dep"], int(trouve["annee"]), trouve["categorie"], int(trouve["ordre"]))
