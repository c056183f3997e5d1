"""The files a work may carry: checked on their bytes, exactly as the pieces of a file of application are."""

from __future__ import annotations

from datetime import date

from convenir.contrat.dossiers.octets import verifier_piece
from convenir.contrat.dossiers.referentiel import TypeDePiece
from convenir.contrat.dossiers.rules import formats_en_mots

MO = 1024 * 1024
PIECES_MAX = 5
PIECE = TypeDePiece(
    code="travail", libelle="Pièce d'un travail", aide="", formes=(), quand="toujours", facultatif=True,
    formats=("pdf", "docx", "odt", "xlsx", "ods", "jpeg", "png"), taille_max=10 * MO, debut=date(2008, 1, 1), fin=None,
    texte="Règle de Convenir", source="Règle de Convenir", doute="",
)  # fmt: skip
AIDE = f"{formats_en_mots(PIECE.formats)}. {PIECE.taille_max // MO} Mo au plus, {PIECES_MAX} pièces au plus."


def lire_format(nom: str, octets: bytes) -> str:
    """Return the format of a file, read from its bytes.

    Raises:
        EntreeInvalide: empty, too large, unreadable, of another format, or with macros.
    """
    return verifier_piece(PIECE, nom, octets)
