"""Fabriques des conventions : une convention à n'importe quel état, ses versions, ses signatures. Tout est inventé."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from convenir.contrat.conventions.models import (
    AnnexeFinanciere,
    Convention,
    Dispositif,
    NatureVersion,
    Signature,
    Version,
)
from convenir.contrat.conventions.rules.termes import Termes, empreinte, en_json
from convenir.contrat.conventions.states import EtatConvention, EtatVersion
from convenir.socle.commun.montants import montant_annexe
from tests.factories_socle import (
    MissionLocaleFactory,
    OrganisationFactory,
    ServiceDepartementalFactory,
    StructureFactory,
)

INSTANT = datetime(2026, 1, 5, 9, tzinfo=UTC)
TERMES = Termes(
    postes=Decimal("12"),
    montant_unitaire=Decimal("23921"),
    modulation_max=Decimal(10),
    heures_etp=Decimal(1820),
    sorties_prevues=32,
    taux_durable=Decimal(23),
    taux_transition=Decimal(17),
    taux_positives=Decimal(22),
    encadrement=Decimal("2.5"),
    accompagnement=Decimal("1.2"),
)


class ConventionFactory(DjangoModelFactory):
    """Une convention IAE de trois années civiles, sans version ; `partie` par défaut : une structure."""

    class Meta:
        model = Convention

    reference = factory.Sequence(lambda n: f"CONV-99-2026-ACI-{n + 1:04d}")
    dispositif = Dispositif.IAE
    structure = factory.SubFactory(StructureFactory)
    categorie = factory.LazyAttribute(lambda c: c.structure.categorie if c.structure else "")
    departement = factory.LazyAttribute(lambda c: (c.structure or c.mission_locale).departement)
    service = factory.LazyAttribute(lambda c: ServiceDepartementalFactory(departement=c.departement))
    debut = date(2026, 1, 1)
    fin = date(2029, 1, 1)
    etat_depuis = date(2026, 1, 5)
    creee_le = INSTANT


class CpoFactory(ConventionFactory):
    """Une CPO de mission locale."""

    reference = factory.Sequence(lambda n: f"CONV-99-2026-ML-{n + 1:04d}")
    dispositif = Dispositif.ML
    structure = None
    mission_locale = factory.SubFactory(MissionLocaleFactory)


class VersionFactory(DjangoModelFactory):
    """Une version ; `termes` typés."""

    class Meta:
        model = Version

    class Params:
        termes = TERMES

    convention = factory.SubFactory(ConventionFactory)
    nature = NatureVersion.INITIALE
    rang = 0
    numero = 0
    effet = factory.LazyAttribute(lambda v: v.convention.debut)
    clauses_fin = factory.LazyAttribute(lambda v: date(v.effet.year + 1, 1, 1))
    termes_json = factory.LazyAttribute(lambda v: en_json(v.termes))
    empreinte = factory.LazyAttribute(lambda v: empreinte(v.termes))
    creee_le = INSTANT


class SignatureFactory(DjangoModelFactory):
    class Meta:
        model = Signature

    version = factory.SubFactory(VersionFactory)
    partie = "structure"
    organisation = factory.SubFactory(OrganisationFactory)
    ordre = 1
    autorite = "Présidence de l'association fictive"


class AnnexeFinanciereFactory(DjangoModelFactory):
    class Meta:
        model = AnnexeFinanciere

    version = factory.SubFactory(VersionFactory)
    convention = factory.SelfAttribute("version.convention")
    annee = 2026
    debut = factory.LazyAttribute(lambda a: date(a.annee, 1, 1))
    fin = factory.LazyAttribute(lambda a: date(a.annee + 1, 1, 1))
    postes = Decimal("12")
    montant_unitaire = Decimal("23921")
    montant_total = factory.LazyAttribute(lambda a: montant_annexe(a.postes, a.montant_unitaire, 12))
    preparee_le = INSTANT


def convention_en_cours(termes: Termes = TERMES, **champs: Any) -> Convention:
    """Une convention en cours, dont la version initiale est signée."""
    convention = ConventionFactory(etat=EtatConvention.EN_COURS, **champs)
    VersionFactory(convention=convention, termes=termes, etat=EtatVersion.SIGNEE, signee_le=convention.debut)
    return convention


def convention_en_preparation(
    etat: str = EtatConvention.BROUILLON, termes: Termes = TERMES, **champs: Any
) -> Convention:
    """Une convention avant sa signature, dont la version initiale est en préparation."""
    convention = ConventionFactory(etat=etat, **champs)
    VersionFactory(convention=convention, termes=termes)
    return convention
