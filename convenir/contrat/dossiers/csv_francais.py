"""CSV that a French spreadsheet opens right: UTF-8 with its mark, formulas disarmed, streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse


class _Echo:
    """A file that returns what is written to it: lets `csv.writer` feed a streamed response."""

    def write(self, texte: str) -> str:
        return texte


def en_csv(nom: str, entete: Sequence[str], rangs: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Answer with every row."""
    reponse = StreamingHttpResponse(_lignes(entete, rangs), content_type="text/csv; charset=utf-8")
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.csv"'
    return reponse


def _lignes(entete: Sequence[str], rangs: Iterable[Sequence[object]]) -> Iterator[str]:
    ecrire = csv.writer(_Echo(), lineterminator="\n")
    yield "\ufeff"
    yield ecrire.writerow(entete)
    for rang in rangs:
        yield ecrire.writerow([_cellule(c) for c in rang])


def _cellule(cellule: object) -> str:
    texte = "" if cellule is None else str(cellule)
    return f"'{texte}" if isinstance(cellule, str) and texte[:1] in tuple("=+-@\t\r") and texte else texte
