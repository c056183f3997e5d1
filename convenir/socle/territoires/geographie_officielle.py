"""Reading of the vendored official geography. Pure: files in, rows out."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

DOSSIER = Path(__file__).resolve().parent / "geographie"
MILLESIME = 2026
Valeur = str | int | None


def lire_niveau(fichier: str) -> Iterator[dict[str, Valeur]]:
    """Yield the rows of one level; an empty population or EPCI is None.

    Args:
        fichier: file name under `geographie/`, plain or gzipped CSV.
    """
    octets = (DOSSIER / fichier).read_bytes()
    texte = (gzip.decompress(octets) if fichier.endswith(".gz") else octets).decode("utf-8")
    for ligne in csv.DictReader(texte.splitlines()):
        valeurs: dict[str, Valeur] = dict(ligne)
        if "population" in ligne:
            valeurs["population"] = int(ligne["population"]) if ligne["population"] else None
        if "epci" in ligne:
            valeurs["epci"] = ligne["epci"] or None
        yield valeurs
