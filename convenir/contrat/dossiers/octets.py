"""What a file sent really is, read from its bytes: its name is never trusted. Pure."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from convenir.contrat.dossiers.referentiel import TypeDePiece
from convenir.contrat.dossiers.rules import formats_en_mots
from convenir.socle.commun.erreurs import EntreeInvalide

SUFFIXES = {
    "pdf": ".pdf",
    "docx": ".docx",
    "odt": ".odt",
    "xlsx": ".xlsx",
    "ods": ".ods",
    "jpeg": ".jpeg",
    "png": ".png",
}
MIMES = {
    "pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip
MEMBRES_MAX = 5_000


def format_des_octets(octets: bytes) -> str | None:
    """Return the format of a file (« pdf », « docx »…), or None when it is none of those accepted."""
    if octets.startswith(b"%PDF-"):
        return "pdf" if b"%%EOF" in octets[-2048:] else None
    if octets.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if octets.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    return _format_du_zip(octets) if octets.startswith(b"PK\x03\x04") else None


def _format_du_zip(octets: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(octets)) as archive:
            noms = set(archive.namelist()[:MEMBRES_MAX])
            genre = _lire_genre(archive) if "mimetype" in noms else ""
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError):
        return None
    if "[Content_Types].xml" in noms:
        return "docx" if "word/document.xml" in noms else "xlsx" if "xl/workbook.xml" in noms else None
    return {MIMES["odt"]: "odt", MIMES["ods"]: "ods"}.get(genre)


def _lire_genre(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as membre:
        return membre.read(200).decode("ascii", "replace").strip()


def porte_des_macros(octets: bytes) -> bool:
    """Tell whether an office file carries a program."""
    if not octets.startswith(b"PK\x03\x04"):
        return False
    with zipfile.ZipFile(BytesIO(octets)) as archive:
        return any("vbaproject" in n.lower() or n.lower().startswith("basic/") for n in archive.namelist())


def verifier_piece(piece: TypeDePiece, nom: str, octets: bytes) -> str:
    """Return the format of a piece, read from its bytes.

    Raises:
        EntreeInvalide: empty, too large, unreadable, of another format than its kind allows, or with macros.
    """
    mo = piece.taille_max // (1024 * 1024)
    if not octets:
        raise EntreeInvalide(f"« {nom} » est vide. Choisissez le fichier de nouveau.")
    if len(octets) > piece.taille_max:
        raise EntreeInvalide(f"« {nom} » dépasse {mo} Mo. Réduisez-le, ou envoyez-le en plusieurs pièces.")
    lu = format_des_octets(octets)
    admis = formats_en_mots(piece.formats)
    if lu is None:
        raise EntreeInvalide(f"« {nom} » n'est pas un fichier lisible. Formats admis pour cette pièce : {admis}.")
    if lu not in piece.formats:
        raise EntreeInvalide(f"« {nom} » est un fichier {lu.upper()}. Formats admis pour cette pièce : {admis}.")
    if porte_des_macros(octets):
        raise EntreeInvalide(f"« {nom} » contient des macros. Enregistrez-le sans macros, ou en PDF.")
    return lu
