"""What the API answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from ninja import Schema


class Erreur(Schema):
    """An error a person can act on."""

    erreur: str


class StructureResumee(Schema):
    """A line of the list of structures; amounts and rates are decimal strings."""

    code: str
    denomination: str
    categorie: str
    commune: str | None
    departement: str
    etp_conventionnes: Decimal | None
    taux_realisation: Decimal | None
    sorties_examinees: int | None
    sorties_dynamiques: int | None
    taux_dynamique: Decimal | None
    objectif_dynamique: Decimal | None
    niveau_alerte: int | None
    fin_annexe: date | None


class PageDeStructures(Schema):
    """One page of the list."""

    annee: int
    total: int
    page: int
    pages: int
    structures: list[StructureResumee]


class ChiffrePublie(Schema):
    """A figure of the year; hidden or absent, it has no value."""

    code: str
    periode: str
    numerateur: Decimal | None
    denominateur: Decimal | None
    valeur: Decimal | None
    statut: str


class MissionLocaleResumee(Schema):
    """A line of the list of missions locales."""

    code: str
    nom: str
    departement: str
    statut: str
    module_entreprise: bool
    indicateurs: list[ChiffrePublie]


class PageDeMissionsLocales(Schema):
    """One page of the list."""

    annee: int
    total: int
    page: int
    pages: int
    missions_locales: list[MissionLocaleResumee]


class TravailPublie(Schema):
    """A work of axes 4 and 5 as its mission locale describes it; `etp` is empty when it does not say."""

    mission_locale: str
    genre: str
    axe: int
    intitule: str
    partenaires: list[str]
    territoire: str
    debut: date
    fin: date | None
    livrable: str
    etp: Decimal | None
    pieces: int


class PageDeTravaux(Schema):
    """One page of a register."""

    total: int
    page: int
    pages: int
    travaux: list[TravailPublie]


class DefinitionPubliee(Schema):
    """A definition of the catalogue; `a_confirmer` says what is still to be confirmed, and is empty otherwise."""

    code: str
    libelle: str
    definition: str
    unite: str
    numerateur: str
    denominateur: str
    texte: str
    a_confirmer: str


class ParametrePublie(Schema):
    """A value of the law at a date (décisions, § 5)."""

    code: str
    date: Any
    valeur: Any
    unite: str
    texte: str
    source: str
    verifie_le: Any
    a_confirmer: bool
    historique: list[dict[str, Any]]
