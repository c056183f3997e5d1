"""Export of what was set aside in a delivery, and of its warnings: every line, streamed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.anomalies import FICHIER, motif_des_anomalies
from convenir.mesure.donnees.controle.connexion import connexion, parquet
from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.rapport import Rapport
from convenir.mesure.donnees.verrou import dossier_entrepot
from convenir.mesure.reprise import a_neuf
from convenir.socle.commun.csv_ecrit import lignes_csv as ecrire_lignes

ENTETE = ("issue", "fichier", "ligne", "colonne", "valeur", "message")
ISSUES = {"quarantaine": "mise à l'écart", "doublon": "comptée une fois", "avertissement": "lue avec un avertissement"}
LOT = 5_000


def lignes_csv(livraison: Livraison) -> Iterator[str]:
    """Yield the CSV (UTF-8 with BOM, semicolon, as French spreadsheets open it), header first."""
    dossiers = (livraison.dossier, livraison.dossier_travail)
    return _csv(_lignes(_fichier_des_anomalies(dossiers), livraison.rapport.get("anomalies", [])))


def ecrire_csv(sortie: Path, rapport: Rapport, dossier: Path | None = None) -> None:
    """Write the whole CSV beside its place, then put it there: never half a file.

    Args:
        sortie: file written over.
        rapport: of the import; a refusal has no other file than its list.
        dossier: working folder of the import, empty if it was refused before its control; None if it has none.

    Raises:
        OSError: the place cannot be written.
    """
    en_vigueur = rapport.livraison if rapport.deja_importee else None
    deja = Livraison.objects.filter(uuid=en_vigueur).first() if en_vigueur else None
    lignes = (
        lignes_csv(deja)
        if deja
        else _csv(_lignes(_fichier_des_anomalies([dossier] if dossier else []), rapport.anomalies))
    )
    provisoire = sortie.with_name(f".{sortie.name}.partiel")
    try:
        with provisoire.open("w", encoding="utf-8", newline="") as flux:
            flux.writelines(lignes)
        provisoire.replace(sortie)
    finally:
        provisoire.unlink(missing_ok=True)


def _csv(lignes: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    return ecrire_lignes(chain((ENTETE,), lignes), ";")


def _fichier_des_anomalies(dossiers: Iterable[Path]) -> Path | None:
    """Return the file of the anomalies, where the delivery now stands, or None."""
    return next((dossier / FICHIER for dossier in dossiers if (dossier / FICHIER).exists()), None)


def _lignes(chemin: Path | None, refus: Iterable[Mapping[str, Any]]) -> Iterable[tuple[Any, ...]]:
    if chemin is None:
        for a in refus:
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
    anomalies = parquet(motif_des_anomalies(chemin.parent))
    with connexion([dossier_entrepot()], trie.parent, fils) as base:
        base.execute(
            f"COPY (SELECT gravite, fichier, ligne, colonne, valeur, message FROM {anomalies} "
            "ORDER BY gravite = 'avertissement', fichier, ligne NULLS FIRST, colonne, message) "
            f"TO {texte(str(trie))} (FORMAT parquet)"
        )
