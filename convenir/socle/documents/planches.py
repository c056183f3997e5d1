"""A page of a PDF as an image: what was received is seen where it is judged, whatever the machine of the person."""

from __future__ import annotations

import tempfile
from pathlib import Path

import typst

from convenir.socle.documents.rendu import DocumentImpossible, polices

# Width in points, and points per inch of the image: the handwriting of an A4 page stays legible.
LARGEUR, FINESSE = 595, 96
SOURCE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("recu.pdf", page: {page}, width: {largeur}pt)\n'


def page_en_image(octets: bytes, page: int) -> bytes:
    """Draw a page of a PDF in PNG.

    Args:
        octets: the PDF.
        page: its rank, from 1.

    Raises:
        DocumentImpossible: the PDF cannot be drawn, or has no such page.
    """
    with tempfile.TemporaryDirectory(prefix="convenir-page-") as dossier:
        (Path(dossier) / "recu.pdf").write_bytes(octets)
        source = Path(dossier) / "page.typ"
        source.write_text(SOURCE.format(page=page, largeur=LARGEUR))
        try:
            compilateur = typst.Compiler(root=dossier, font_paths=polices(), ignore_system_fonts=True)
            image = compilateur.compile(input=str(source), format="png", ppi=FINESSE)
        except (typst.TypstError, RuntimeError) as erreur:
            raise DocumentImpossible(f"La page {page} de ce PDF ne se dessine pas : ouvrez le fichier.") from erreur
    if not isinstance(image, bytes):
        raise DocumentImpossible(f"La page {page} de ce PDF est restée vide.")
    return image
