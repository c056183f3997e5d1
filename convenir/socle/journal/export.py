"""The journal as CSV for a spreadsheet: streamed, never cut."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.utils import timezone

from convenir.socle.commun.csv_ecrit import lignes_csv as ecrire_lignes
from convenir.socle.journal import actes
from convenir.socle.journal.models import Entree

EN_TETE = (
    "numero", "instant", "auteur", "organisation", "acte", "code_acte", "type_objet", "identifiant_objet", "objet",
    "avant", "apres", "requete", "empreinte",
)  # fmt: skip


def lignes_csv(entrees: Iterable[Entree]) -> Iterator[str]:
    """Yield the file line by line, with semicolons, as French spreadsheets open it."""
    return ecrire_lignes(chain((EN_TETE,), map(_valeurs, entrees)), ";", "\r\n")


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
