"""The journal as CSV for a spreadsheet: streamed, never cut."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone

from convenir.socle.journal import actes
from convenir.socle.journal.models import Entree

EN_TETE = (
    "numero", "instant", "auteur", "organisation", "acte", "code_acte", "type_objet", "identifiant_objet", "objet",
    "avant", "apres", "requete", "empreinte",
)  # fmt: skip
FORMULES = ("=", "+", "-", "@", "\t", "\r")
MARQUE = "\ufeff"


class _Echo:
    def write(self, ligne: str) -> str:
        """Give the line back instead of keeping it."""
        return ligne


def lignes_csv(entrees: Iterable[Entree]) -> Iterator[str]:
    """Yield the file line by line: UTF-8 with its mark and semicolons, as French spreadsheets open them."""
    ecrivain = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield MARQUE + str(ecrivain.writerow(EN_TETE))
    for entree in entrees:
        yield str(ecrivain.writerow([sans_formule(v) for v in _valeurs(entree)]))


def _valeurs(entree: Entree) -> list[Any]:
    charge = entree.charge
    return [
        entree.numero,
        timezone.localtime(entree.instant).isoformat(timespec="seconds"),
        entree.acteur_nom,
        entree.organisation_nom,
        actes.libelle(entree.acte),
        entree.acte,
        entree.objet_type,
        entree.objet_id,
        entree.objet_libelle,
        "effacé" if charge.effacee_le else _json(charge.avant),
        "effacé" if charge.effacee_le else _json(charge.apres),
        entree.requete_id,
        entree.empreinte,
    ]


def _json(valeur: Any) -> str:
    return "" if valeur is None else json.dumps(valeur, ensure_ascii=False, sort_keys=True)


def sans_formule(valeur: Any) -> Any:
    """Keep a text from being run as a formula by a spreadsheet."""
    return f"'{valeur}" if isinstance(valeur, str) and valeur.startswith(FORMULES) else valeur
