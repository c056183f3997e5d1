"""Factories of the socle: territories, organisations, structures. Every name is plainly invented."""

from __future__ import annotations

from datetime import date

import factory
from factory.django import DjangoModelFactory
from stdnum import luhn

from convenir.socle.organisations.categories import Categorie
from convenir.socle.organisations.models import (
    MissionLocale,
    Nature,
    NiveauTerritorial,
    NomDate,
    Organisation,
    Structure,
)
from convenir.socle.territoires.models import Commune, CommuneZonage, Departement, Epci, Genre, Region, Zonage


def siret_fictif(rang: int) -> str:
    """Return a SIRET with right check digits: SIREN `9` + rank, establishment 1."""
    siren = f"9{rang:07d}"
    siren += luhn.calc_check_digit(siren)
    etablissement = f"{siren}0001"
    return etablissement + luhn.calc_check_digit(etablissement)


class RegionFactory(DjangoModelFactory):
    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"R{n % 100:02d}")
    nom = factory.LazyAttribute(lambda r: f"Région fictive {r.code}")
    complement = factory.LazyAttribute(lambda r: f"de {r.nom}")
    population = 1_000_000


class DepartementFactory(DjangoModelFactory):
    class Meta:
        model = Departement
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"D{n % 100:02d}")
    nom = factory.LazyAttribute(lambda d: f"Département fictif {d.code}")
    complement = factory.LazyAttribute(lambda d: f"de {d.nom}")
    region = factory.SubFactory(RegionFactory)
    population = 500_000


class EpciFactory(DjangoModelFactory):
    class Meta:
        model = Epci
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"2{n:08d}")
    nom = factory.LazyAttribute(lambda e: f"CC fictive {e.code}")
    nature = "CC"
    population = 20_000


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"X{n:04d}")
    nom = factory.LazyAttribute(lambda c: f"Commune fictive {c.code}")
    departement = factory.SubFactory(DepartementFactory)
    epci = factory.SubFactory(EpciFactory)
    population = 2_000
    codes_postaux = "99999"


class ZonageFactory(DjangoModelFactory):
    class Meta:
        model = Zonage

    genre = Genre.ZONE_EMPLOI
    code = factory.Sequence(lambda n: f"{n:04d}")
    nom = factory.LazyAttribute(lambda z: f"Zone fictive {z.code}")
    millesime = 2020


class CommuneZonageFactory(DjangoModelFactory):
    class Meta:
        model = CommuneZonage

    zonage = factory.SubFactory(ZonageFactory)
    commune = factory.SubFactory(CommuneFactory)


class OrganisationFactory(DjangoModelFactory):
    """An organisation; by default the carrier of SIAE."""

    class Meta:
        model = Organisation

    nature = Nature.SIAE_PORTEUR
    nom = factory.Sequence(lambda n: f"Association fictive {n}")
    siret = factory.Sequence(siret_fictif)


class ServiceDepartementalFactory(OrganisationFactory):
    """The State service of a département (DDETS)."""

    nature = Nature.SERVICE_ETAT
    niveau = NiveauTerritorial.DEPARTEMENTAL
    departement = factory.SubFactory(DepartementFactory)
    region = factory.SelfAttribute("departement.region")
    nom = factory.LazyAttribute(lambda o: f"DDETS {o.departement.complement}")
    siret = ""


class ServiceRegionalFactory(OrganisationFactory):
    """The State service of a région (DREETS)."""

    nature = Nature.SERVICE_ETAT
    niveau = NiveauTerritorial.REGIONAL
    region = factory.SubFactory(RegionFactory)
    nom = factory.LazyAttribute(lambda o: f"DREETS {o.region.complement}")
    siret = ""


class ServiceNationalFactory(OrganisationFactory):
    """The DGEFP."""

    nature = Nature.SERVICE_ETAT
    niveau = NiveauTerritorial.NATIONAL
    nom = "DGEFP"
    siret = ""


class AgenceFranceTravailFactory(OrganisationFactory):
    """A France Travail agency."""

    nature = Nature.FRANCE_TRAVAIL
    niveau = NiveauTerritorial.LOCAL
    departement = factory.SubFactory(DepartementFactory)
    region = factory.SelfAttribute("departement.region")
    nom = factory.Sequence(lambda n: f"Agence France Travail fictive {n}")
    siret = ""


class ConseilDepartementalFactory(OrganisationFactory):
    """The département as a co-funder."""

    nature = Nature.COLLECTIVITE
    niveau = NiveauTerritorial.DEPARTEMENTAL
    departement = factory.SubFactory(DepartementFactory)
    region = factory.SelfAttribute("departement.region")
    nom = factory.LazyAttribute(lambda o: f"Conseil départemental {o.departement.complement}")
    siret = ""


class ReseauFactory(OrganisationFactory):
    """A network of SIAE."""

    nature = Nature.RESEAU
    nom = factory.Sequence(lambda n: f"Réseau fictif {n}")
    siret = ""


class NomDateFactory(DjangoModelFactory):
    class Meta:
        model = NomDate

    organisation = factory.SubFactory(OrganisationFactory)
    nom = factory.Sequence(lambda n: f"Nom fictif {n}")
    debut = date(2021, 4, 1)


class StructureFactory(DjangoModelFactory):
    """A SIAE; its porteur, commune and département go together."""

    class Meta:
        model = Structure
        skip_postgeneration_save = True

    id_asp = factory.Sequence(lambda n: 800_000 + n)
    categorie = Categorie.ACI
    denomination = factory.Sequence(lambda n: f"SIAE fictive {n}")
    departement = factory.SubFactory(DepartementFactory)
    commune = factory.SubFactory(CommuneFactory, departement=factory.SelfAttribute("..departement"))
    porteur = factory.SubFactory(
        OrganisationFactory,
        nom=factory.SelfAttribute("..denomination"),
        code_externe=factory.LazyAttribute(lambda o: str(o.factory_parent.id_asp)),
        departement=factory.SelfAttribute("..departement"),
    )
    siret_signature = factory.Sequence(siret_fictif)
    siret_actualise = factory.SelfAttribute("siret_signature")
    forme_juridique = "9220"
    code_naf = "8899B"

    @factory.post_generation
    def reseaux(self, create: bool, extracted: list[Organisation] | None, **kwargs: object) -> None:
        if create and extracted:
            self.reseaux.set(extracted)


class MissionLocaleFactory(DjangoModelFactory):
    """A mission locale and its organisation."""

    class Meta:
        model = MissionLocale

    code = factory.Sequence(lambda n: f"ML{n:04d}")
    nom = factory.LazyAttribute(lambda m: f"Mission locale fictive {m.code}")
    departement = factory.SubFactory(DepartementFactory)
    organisation = factory.SubFactory(
        OrganisationFactory,
        nature=Nature.MISSION_LOCALE,
        niveau=NiveauTerritorial.LOCAL,
        nom=factory.SelfAttribute("..nom"),
        departement=factory.SelfAttribute("..departement"),
        region=factory.SelfAttribute("..departement.region"),
        code_externe=factory.SelfAttribute("..code"),
    )
