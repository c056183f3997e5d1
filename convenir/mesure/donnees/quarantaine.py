"""Export of what was set aside in a delivery, and of its warnings: every line, streamed."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from convenir.mesure.donnees.controle.anomalies import FICHIER
from convenir.mesure.donnees.controle.connexion import connexion, parquet
from convenir.mesure.donnees.models import Livraison
from convenir.mesure.donnees.verrou import dossier_entrepot

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
    with connexion([dossier_entrepot()], dossier_entrepot() / ".travail") as base:
        resultat = base.execute(
            f"SELECT gravite, fichier, ligne, colonne, valeur, message FROM {parquet(chemin)} "
            "ORDER BY gravite = 'avertissement', fichier, ligne NULLS FIRST, colonne, message"
        )
        while lot := resultat.fetchmany(LOT):
            yield from ((ISSUES.get(gravite, gravite), *reste) for gravite, *reste in lot)
