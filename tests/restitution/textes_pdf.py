"""The text of a PDF as golden files keep it: hashes change from one calculation to the next, not the document."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pypdf

EMPREINTE = re.compile(r"\b[0-9a-f]{8,64}\b")


def lire(octets: bytes) -> pypdf.PdfReader:
    """Open the bytes of a PDF."""
    return pypdf.PdfReader(io.BytesIO(octets))


def texte(octets: bytes) -> str:
    """Return its text, page by page, hashes hidden."""
    brut = "\n\f\n".join(page.extract_text() for page in lire(octets).pages)
    return "\n".join(EMPREINTE.sub("<empreinte>", ligne.rstrip()) for ligne in brut.splitlines()) + "\n"


def comme_l_etalon(octets: bytes, etalon: Path) -> None:
    """Compare with a golden text, made again when REFAIRE_ETALONS is set, then read before kept."""
    obtenu = texte(octets)
    if os.environ.get("REFAIRE_ETALONS"):
        etalon.write_text(obtenu, "utf-8")
    assert obtenu == etalon.read_text("utf-8")
