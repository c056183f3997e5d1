"""Workbooks of several sheets, written row by row in constant memory: CSV (first sheet), XLSX, ODS."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import IO
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from convenir.socle.commun.csv_ecrit import lignes_csv, lignes_sans_marque

Cellule = str | int | Decimal | date | None
FORMATS = ("csv", "xlsx", "ods")
MIME_ODS = "application/vnd.oasis.opendocument.spreadsheet"
# A zip member always carries a date: this one, so that the same rows give the same bytes.
SANS_DATE = (1980, 1, 1, 0, 0, 0)
_ESPACES = " ".join(
    f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"'
    for p, u in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)
_MANIFESTE = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
    'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME_ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


@dataclass(frozen=True)
class Feuille:
    """A sheet: its name, and its rows, the first of which names the columns."""

    nom: str
    rangs: Iterable[Sequence[Cellule]]


def repondre(feuilles: Sequence[Feuille], format_export: str, nom: str) -> HttpResponseBase:
    """Answer with every row, in the format asked for; a CSV holds the first sheet alone.

    Raises:
        KeyError: unknown format.
    """
    if format_export == "csv":
        return repondre_csv(feuilles[0].rangs, nom)
    fichier = ECRIVAINS[format_export](feuilles)
    return FileResponse(fichier, as_attachment=True, filename=f"{nom}.{format_export}")


def repondre_csv(rangs: Iterable[Sequence[Cellule]], nom: str) -> StreamingHttpResponse:
    """Answer with rows as they are read, the first of which names the columns."""
    reponse = StreamingHttpResponse(ecrire_csv(rangs), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.csv"'
    return reponse


def ecrire_csv(rangs: Iterable[Sequence[Cellule]]) -> Iterator[str]:
    """Yield UTF-8 with its mark, so that a spreadsheet opens accents and dates right."""
    return lignes_csv(rangs)


def ecrire_csv_sans_marque(rangs: Iterable[Sequence[Cellule]]) -> Iterator[str]:
    """Yield the same without its mark."""
    return lignes_sans_marque(rangs)


def ecrire_xlsx(feuilles: Sequence[Feuille]) -> IO[bytes]:
    """Write an XLSX workbook; figures stay figures, identifiers stay texts."""
    fichier = tempfile.TemporaryFile()  # noqa: SIM115 rendu à la réponse, qui le ferme
    classeur = xlsxwriter.Workbook(fichier, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    for feuille in feuilles:
        page = classeur.add_worksheet(feuille.nom)
        page.freeze_panes(1, 0)
        for i, rang in enumerate(feuille.rangs):
            for j, cellule in enumerate(rang):
                _cellule_xlsx(page, i, j, cellule)
    classeur.close()
    fichier.seek(0)
    return fichier


def _cellule_xlsx(page: xlsxwriter.worksheet.Worksheet, i: int, j: int, cellule: Cellule) -> None:
    if isinstance(cellule, str):
        page.write_string(i, j, cellule)
    elif isinstance(cellule, date):
        page.write_datetime(i, j, cellule)
    elif cellule is not None:
        page.write_number(i, j, float(cellule))


def ecrire_ods(feuilles: Sequence[Feuille]) -> IO[bytes]:
    """Write an OpenDocument spreadsheet: same rows, same bytes."""
    fichier = tempfile.TemporaryFile()  # noqa: SIM115 rendu à la réponse, qui le ferme
    with zipfile.ZipFile(fichier, "w") as archive:
        # The type comes first and uncompressed: it is how a reader tells the file.
        archive.writestr(_membre("mimetype", zipfile.ZIP_STORED), MIME_ODS)
        archive.writestr(_membre("META-INF/manifest.xml"), _MANIFESTE)
        with archive.open(_membre("content.xml"), "w", force_zip64=True) as contenu:
            for morceau in _contenu_ods(feuilles):
                contenu.write(morceau.encode())
    fichier.seek(0)
    return fichier


def _membre(nom: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    membre = zipfile.ZipInfo(nom, SANS_DATE)
    membre.compress_type = compression
    return membre


def _contenu_ods(feuilles: Sequence[Feuille]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ESPACES} office:version="1.3">'
    yield "<office:body><office:spreadsheet>"
    for feuille in feuilles:
        yield f"<table:table table:name={quoteattr(feuille.nom)}>"
        for rang in feuille.rangs:
            yield f"<table:table-row>{''.join(_cellule_ods(c) for c in rang)}</table:table-row>"
        yield "</table:table>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _cellule_ods(cellule: Cellule) -> str:
    if cellule is None or cellule == "":
        return "<table:table-cell/>"
    if isinstance(cellule, str):
        return f'<table:table-cell office:value-type="string">{_paragraphes(cellule)}</table:table-cell>'
    if isinstance(cellule, date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cellule.isoformat()}">'
            f"<text:p>{cellule:%d/%m/%Y}</text:p></table:table-cell>"
        )
    texte = str(cellule)
    nombre = f'office:value-type="float" office:value="{texte}"'
    return f"<table:table-cell {nombre}><text:p>{texte}</text:p></table:table-cell>"


def _paragraphes(texte: str) -> str:
    propre = "".join(c for c in texte if c >= " " or c in "\n\t")
    return "".join(f"<text:p>{escape(ligne)}</text:p>" for ligne in propre.split("\n"))


ECRIVAINS: dict[str, Callable[[Sequence[Feuille]], IO[bytes]]] = {"xlsx": ecrire_xlsx, "ods": ecrire_ods}
