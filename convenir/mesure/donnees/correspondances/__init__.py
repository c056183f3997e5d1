"""How the headers and the codes of an export are read as those of the published format, source by source."""

from __future__ import annotations

from convenir.mesure.donnees.correspondances.modele import (
    AUCUNE,
    ColonneChoisie,
    Correspondance,
    TableChoisie,
    lire_correspondance,
    lire_yaml,
)

__all__ = ["AUCUNE", "ColonneChoisie", "Correspondance", "TableChoisie", "lire_correspondance", "lire_yaml"]
