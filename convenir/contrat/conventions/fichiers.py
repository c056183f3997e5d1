"""Files received from people: what they really are, how heavy, how many pages; nothing is trusted from their name."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from convenir.socle.commun.erreurs import EntreeInvalide

TAILLE_MAX = 20 * 1024 * 1024
SIGNATURES = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".odt": b"PK\x03\x04", ".png": b"\x89PNG", ".jpg": b"\xff\xd8"}


@dataclass(frozen=True)
class Fichier:
    """A file accepted: name, extension, bytes, number of pages for a PDF."""

    nom: str
    suffixe: str
    octets: bytes
    pages: int | None


def lire(nom: str, octets: bytes, *, acceptes: frozenset[str] = frozenset(SIGNATURES)) -> Fichier:
    """Check a received file.

    Args:
        nom: its name as sent; only the last part and the extension count.
        acceptes: extensions accepted.

    Raises:
        EntreeInvalide: naming the file, what is wrong and the way out.
    """
    nom = Path(nom.replace("\\", "/")).name[:200]
    suffixe = Path(nom).suffix.lower().replace(".jpeg", ".jpg")
    if suffixe not in acceptes:
        raise EntreeInvalide(f"« {nom} » n'est pas accepté ici. Formats : {', '.join(sorted(acceptes))}.")
    if not octets:
        raise EntreeInvalide(f"« {nom} » est vide.")
    if len(octets) > TAILLE_MAX:
        raise EntreeInvalide(f"« {nom} » dépasse {TAILLE_MAX // 1024**2} Mio : réduisez la résolution du scan.")
    if not octets.startswith(SIGNATURES[suffixe]):
        raise EntreeInvalide(f"« {nom} » n'est pas un fichier {suffixe[1:].upper()} : son contenu dit autre chose.")
    return Fichier(nom, suffixe, octets, compter_pages(octets, nom) if suffixe == ".pdf" else None)


def compter_pages(octets: bytes, nom: str) -> int:
    """Return the number of pages of a PDF.

    Raises:
        EntreeInvalide: it cannot be read.
    """
    try:
        return int(PdfFileReader(BytesIO(octets), strict=False).root["/Pages"]["/Count"])
    except (PdfError, KeyError, ValueError, TypeError) as erreur:
        raise EntreeInvalide(f"« {nom} » ne se lit pas comme un PDF : enregistrez-le de nouveau.") from erreur
