"""Untruncated exports of a list: CSV streamed, XLSX written in constant memory."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from convenir.socle.organisations.models import Structure

Cellule = str | int | Decimal | date | None
FORMATS = ("csv", "xlsx")
PAR_LOT = 2000
# Chaque ligne est une structure qui porte en attributs les chiffres de l'année (`liste.filtrer`).
COLONNES: tuple[tuple[str, Callable[[Any], Cellule]], ...] = (
    ("identifiant_asp", lambda s: s.id_asp),
    ("categorie", lambda s: s.categorie),
    ("denomination", lambda s: s.denomination),
    ("siret_signature", lambda s: s.siret_signature),
    ("siret_actualise", lambda s: s.siret_actualise),
    ("commune", lambda s: s.commune.nom if s.commune else ""),
    ("departement", lambda s: s.departement_id),
    ("etp_conventionnes", lambda s: s.etp_conventionnes),
    ("etp_realises_a_date", lambda s: s.etp_realises_cumul),
    ("taux_realisation_pct", lambda s: s.taux_realisation),
    ("periode", lambda s: s.periode),
    ("sorties_examinees", lambda s: s.sorties_examinees),
    ("sorties_dynamiques", lambda s: s.sorties_dynamiques),
    ("taux_dynamique_pct", lambda s: s.taux_dynamique),
    ("objectif_dynamique_pct", lambda s: s.objectif_dynamique),
    ("taux_durable_pct", lambda s: s.taux_durable),
    ("personnes_presentes", lambda s: s.presents),
    ("aide_allouee_eur", lambda s: s.aide_allouee),
    ("aide_utilisee_eur", lambda s: s.aide_utilisee),
    ("fin_annexe", lambda s: s.fin_annexe),
    ("alertes", lambda s: " ; ".join(a["fait"] for a in s.alertes or [])),
)


class _Echo:
    """A file that returns what is written to it: lets `csv.writer` feed a streamed response."""

    def write(self, texte: str) -> str:
        return texte


def repondre(lignes: QuerySet[Structure], format_export: str, nom: str) -> HttpResponseBase:
    """Answer with every row, in the format asked for."""
    parcours = lignes.iterator(chunk_size=PAR_LOT)
    if format_export == "csv":
        reponse = StreamingHttpResponse(_csv(parcours), content_type="text/csv; charset=utf-8")
        reponse["Content-Disposition"] = f'attachment; filename="{nom}.csv"'
        return reponse
    return FileResponse(_xlsx(parcours), as_attachment=True, filename=f"{nom}.xlsx")


def _rangs(lignes: Iterable[Structure]) -> Iterator[list[Cellule]]:
    yield [nom for nom, _ in COLONNES]
    for structure in lignes:
        yield [lire(structure) for _, lire in COLONNES]


def _csv(lignes: Iterable[Structure]) -> Iterator[str]:
    """Write UTF-8 with its mark, so that a spreadsheet opens accents and dates right."""
    ecrire = csv.writer(_Echo(), lineterminator="\n")
    yield "\ufeff"
    for rang in _rangs(lignes):
        yield ecrire.writerow([_texte(c) for c in rang])


def _texte(cellule: Cellule) -> str:
    """Write a cell; a text that a spreadsheet would take for a formula is disarmed."""
    texte = "" if cellule is None else str(cellule)
    return f"'{texte}" if isinstance(cellule, str) and texte[:1] in "=+-@\t\r" and texte else texte


def _xlsx(lignes: Iterable[Structure]) -> IO[bytes]:
    """Write a workbook row by row; figures stay figures, SIRET stay texts."""
    fichier = tempfile.TemporaryFile()  # noqa: SIM115 rendu à la réponse, qui le ferme
    classeur = xlsxwriter.Workbook(fichier, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    feuille = classeur.add_worksheet("Structures")
    feuille.freeze_panes(1, 0)
    for i, rang in enumerate(_rangs(lignes)):
        for j, cellule in enumerate(rang):
            _ecrire_cellule(feuille, i, j, cellule)
    classeur.close()
    fichier.seek(0)
    return fichier


def _ecrire_cellule(feuille: xlsxwriter.worksheet.Worksheet, i: int, j: int, cellule: Cellule) -> None:
    if isinstance(cellule, str):
        feuille.write_string(i, j, cellule)
    elif isinstance(cellule, date):
        feuille.write_datetime(i, j, cellule)
    elif cellule is not None:
        feuille.write_number(i, j, float(cellule))
