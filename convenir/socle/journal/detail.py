"""What an act changed, in words: one line per field, its value before and after."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.utils import timezone

from convenir.socle.commun.francais import jour
from convenir.socle.journal.models import Entree

RIEN = "–"
LONGUEUR_D_UNE_DATE = len("2026-12-31")


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
    return [_ligne(modele, champ, avant.get(champ), apres.get(champ)) for champ in champs]


def _ligne(modele: type[Model] | None, champ: str, avant: Any, apres: Any) -> LigneDeDetail:
    """Word one field: its French name, and the words of its choices when the model declares them."""
    declare = champ_du_modele(modele, champ)
    if declare is None:
        return LigneDeDetail(champ.replace("_", " ").capitalize(), en_mots(avant), en_mots(apres))
    choix = dict(declare.flatchoices)
    nom = str(declare.verbose_name).capitalize()
    return LigneDeDetail(nom, en_mots(_choisir(choix, avant)), en_mots(_choisir(choix, apres)))


def champ_du_modele(modele: type[Model] | None, champ: str) -> Field[Any, Any] | None:
    """Return the field of the model that carries this name, if it has one."""
    if modele is not None:
        with suppress(FieldDoesNotExist):
            trouve = modele._meta.get_field(champ)
            return trouve if isinstance(trouve, Field) else None
    return None


def _choisir(choix: dict[Any, Any], valeur: Any) -> Any:
    return str(choix[valeur]) if isinstance(valeur, str | int) and valeur in choix else valeur


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
    """Write an ISO date in words, and an ISO instant as a local day and hour; any other text as it is."""
    with suppress(ValueError):
        if len(valeur) == LONGUEUR_D_UNE_DATE:
            return jour(date.fromisoformat(valeur))
        if valeur[LONGUEUR_D_UNE_DATE : LONGUEUR_D_UNE_DATE + 1] == "T":
            instant = timezone.localtime(datetime.fromisoformat(valeur))
            return f"{jour(instant.date())}, {instant.hour} h {instant.minute:02d}"
    return valeur
