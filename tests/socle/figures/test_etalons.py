"""Deux dessins comparés signe à signe : un changement de la grammaire se voit ici avant de se voir en page.

Se refont par `REFAIRE_ETALONS=1 pytest tests/socle/figures`, puis se regardent avant d'être versés.
"""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from convenir.socle.figures import PartPublic, Svg, barre_mini, publics_priorites

DOSSIER = Path(__file__).parent / "etalons"
UNE = publics_priorites([PartPublic("Femmes", Decimal("38.5"), 45, 20)], cle="une", titre="Femmes en 2026")
ETALONS = {
    "mini": barre_mini(77, 80, cle="mini"),
    "une-etroit": UNE.etroit,
    "une-impression": UNE.impression,
}


@pytest.mark.parametrize("nom", ETALONS)
def test_etalon(nom: str) -> None:
    obtenu: Svg = ETALONS[nom]
    fichier = DOSSIER / f"{nom}.svg"
    if os.environ.get("REFAIRE_ETALONS"):
        DOSSIER.mkdir(exist_ok=True)
        fichier.write_text(obtenu + "\n", "utf-8")
    assert obtenu + "\n" == fichier.read_text("utf-8")
