"""What an act changed, in words: one line per field, its value before and after."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from convenir.socle.commun.francais import jour
from convenir.socle.journal.models import Entree

RIEN = "–"


@dataclass(frozen=True)
class LigneDeDetail:
    """A field and its two values, ready to print."""

    champ: str
    avant: str
    apres: str


def modele_de(entree: Entree) -> type[Model] | None:
    """Return the model of the object of an entry, if it is one that still exists."""
    with suppress(LookupError, ValueError):
        return apps.get_model(entree.objet_type)
    return None


def nom_du_type(entree: Entree) -> str:
    """Return what the object is, in French: « adhésion »."""
    modele = modele_de(entree)
    return str(modele._meta.verbose_name) if modele else entree.objet_type


def lignes_de_detail(entree: Entree) -> list[LigneDeDetail]:
    """Return the fields of the payload, those before first, in their own order; empty when erased."""
    avant, apres, modele = entree.charge.avant or {}, entree.charge.apres or {}, modele_de(entree)
    champs = dict.fromkeys([*avant, *apres])
    return [LigneDeDetail(nom_du_champ(modele, c), en_mots(avant.get(c)), en_mots(apres.get(c))) for c in champs]


def nom_du_champ(modele: type[Model] | None, champ: str) -> str:
    """Return the French name of a field of the model, or the key of the payload made readable."""
    if modele is not None:
        with suppress(FieldDoesNotExist):
            return str(getattr(modele._meta.get_field(champ), "verbose_name", champ)).capitalize()
    return champ.replace("_", " ").capitalize()


def en_mots(valeur: Any) -> str:
    """Write a JSON value for a reader: dates in words, lists in a sentence, nothing as a dash."""
    if valeur is None or valeur in ("", [], {}):
        return RIEN
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, Mapping):
        return " ; ".join(f"{cle.replace('_', ' ')} : {en_mots(v)}" for cle, v in valeur.items())
    if isinstance(valeur, list):
        return ", ".join(en_mots(v) for v in valeur)
    return _texte(str(valeur))


def _texte(valeur: str) -> str:
    with suppress(ValueError):
        if len(valeur) == 10:
            return jour(date.fromisoformat(valeur))
    return valeur
