"""Les gabarits DOCX gardés sont ceux que le dépôt produit."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from convenir.socle.documents.docx import GABARITS, gabarits

RACINE = Path(__file__).resolve().parents[3]


def test_les_gabarits_sont_ceux_que_nous_produisons() -> None:
    spec = importlib.util.spec_from_file_location("produire_gabarits", RACINE / "outils/produire_gabarits.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert gabarits() == set(module.GABARITS_PRODUITS)
    for nom, produire in module.GABARITS_PRODUITS.items():
        assert (GABARITS / f"{nom}.docx").read_bytes() == module.octets(produire()), nom
