"""Export of what was set aside in a delivery, and of its warnings: every line, streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.anomalies import FICHIER
from convenir.mesure.donnees.controle.connexion import connexion, parquet
from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.verrou import dossier_entrepot
from convenir.mesure.reprise import a_neuf

ENTETE = ("issue", "fichier", "ligne", "colonne", "valeur", "message")
ISSUES = {"quarantaine": "mise à l'écart", "doublon": "comptée une fois", "avertissement": "lue avec un avertissement"}
LOT = 5_000


class _Echo:
    def write(self, texte: str) -> str:
        return texte


def lignes_csv(livraison: Livraison) -> Iterator[str]:
    """Yield the CSV (UTF-8 with BOM, semicolon, as French spreadsheets open it), header first."""
    ecrivain = csv.writer(_Echo(), delimiter=";", lineterminator="\n")
    yield "\ufeff" + ecrivain.writerow(ENTETE)
    for ligne in _lignes(livraison):
        yield ecrivain.writerow([_sans_formule(champ) for champ in ligne])


def _sans_formule(champ: Any) -> Any:
    """Keep a spreadsheet from running a value as a formula."""
    return f"'{champ}" if isinstance(champ, str) and champ[:1] in ("=", "+", "-", "@", "\t", "\r") else champ


def fichier_des_anomalies(livraison: Livraison) -> Path | None:
    """Return the file of the anomalies, where the delivery now stands, or None."""
    chemins = (dossier / FICHIER for dossier in (livraison.dossier, livraison.dossier_travail))
    return next((chemin for chemin in chemins if chemin.exists()), None)


def _lignes(livraison: Livraison) -> Iterable[tuple[Any, ...]]:
    chemin = fichier_des_anomalies(livraison)
    if chemin is None:
        for a in livraison.rapport.get("anomalies", []):
            yield ("refus", a["fichier"], a["ligne"], a["colonne"], a["valeur"], a["message"])
        return
    # Sorted aside first: a stop of the engine is then over before the first line leaves.
    with TemporaryDirectory(prefix=".export-", dir=dossier_entrepot() / ".travail") as provisoire:
        trie = Path(provisoire) / FICHIER
        a_neuf(lambda fils: _trier(chemin, trie, fils))
        with pq.ParquetFile(trie) as fichier:
            for lot in fichier.iter_batches(LOT):
                colonnes = (colonne.to_pylist() for colonne in lot.columns)
                yield from ((ISSUES.get(gravite, gravite), *reste) for gravite, *reste in zip(*colonnes, strict=True))


def _trier(chemin: Path, trie: Path, fils: int | None) -> None:
    """Write the anomalies in the order of the export."""
    with connexion([dossier_entrepot()], trie.parent, fils) as base:
        base.execute(
            f"COPY (SELECT gravite, fichier, ligne, colonne, valeur, message FROM {parquet(chemin)} "
            "ORDER BY gravite = 'avertissement', fichier, ligne NULLS FIRST, colonne, message) "
            f"TO {texte(str(trie))} (FORMAT parquet)"
        )
