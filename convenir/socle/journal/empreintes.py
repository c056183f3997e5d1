"""Hashes of the journal: pure functions over plain values, no database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

GENESE = hashlib.sha256(b"Convenir : journal, format 1").hexdigest()
CHAMPS = (
    "numero", "instant", "acteur_id", "acteur_nom", "organisation_id", "organisation_nom", "requete_id", "acte",
    "objet_type", "objet_id", "objet_libelle", "charge_empreinte", "precedente",
)  # fmt: skip


def texte_sur(valeur: str, taille: int | None = None) -> str:
    """Return the text as any database gives it back: no NUL, no lone surrogate, at most `taille` characters."""
    propre = valeur.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return propre if taille is None or len(propre) <= taille else propre[: taille - 1] + "…"


def normaliser(valeur: Any) -> Any:
    """Turn a payload into JSON values that come back the same from any database.

    Numbers other than integers become texts (a database may rewrite 1e16), dates ISO texts.

    Raises:
        TypeError: for a value that has no agreed form.
    """
    if valeur is None or isinstance(valeur, bool):
        return valeur
    if isinstance(valeur, Enum):
        return normaliser(valeur.value)
    if isinstance(valeur, str):
        return texte_sur(valeur)
    if isinstance(valeur, int):
        return int(valeur)
    if isinstance(valeur, Decimal | float | UUID):
        return str(valeur)
    if isinstance(valeur, date | datetime | time):
        return valeur.isoformat()
    return _normaliser_groupe(valeur)


def _normaliser_groupe(valeur: Any) -> Any:
    """Normalise a mapping or a collection; a set is sorted so that its order means nothing."""
    if isinstance(valeur, Mapping):
        return {texte_sur(str(cle)): normaliser(v) for cle, v in valeur.items()}
    if isinstance(valeur, set | frozenset):
        return sorted((normaliser(v) for v in valeur), key=str)
    if isinstance(valeur, list | tuple):
        return [normaliser(v) for v in valeur]
    raise TypeError(f"Le journal ne sait pas écrire une valeur de type {type(valeur).__name__}.")


def canonique(valeur: Any) -> bytes:
    """Return the one JSON writing of a value: sorted keys, no space, UTF-8."""
    return json.dumps(valeur, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def empreinte_charge(sel: str, avant: Any, apres: Any) -> str:
    """Return the SHA-256 of a normalised payload and its salt."""
    return hashlib.sha256(canonique({"sel": sel, "avant": avant, "apres": apres})).hexdigest()


def empreinte_entree(champs: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an entry, over every field of `CHAMPS`, the previous hash included."""
    retenus = {nom: champs[nom] for nom in CHAMPS}
    retenus["instant"] = instant_canonique(champs["instant"])
    return hashlib.sha256(canonique(retenus)).hexdigest()


def instant_canonique(instant: datetime) -> str:
    """Write an instant in UTC to the microsecond, whatever the time zone of the connection."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
