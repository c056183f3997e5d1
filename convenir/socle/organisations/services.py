"""The organisations that exist everywhere: State services and départements, created from the official geography."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from convenir.socle.organisations.models import Nature, NiveauTerritorial, Organisation
from convenir.socle.organisations.noms import nom_institutionnel
from convenir.socle.territoires.models import Commune, Departement, Region, Zone

# Overseas collectivities without a State service for employment of their own are not listed: only 975 is conventioned.
COM_AVEC_SERVICE = ("975",)


def services_attendus() -> Iterator[Organisation]:
    """Yield, unsaved, the DGEFP, each regional and departmental service, each département as a funder.

    Overseas, one service acts at both levels: one organisation, regional, that also carries its département.
    `code_externe` is the key by which they are found again: `DGEFP`, `REG-84`, `DEP-69`. The name is that of today.
    """
    for organisation in chain(_nationaux(), _regionaux(), _departementaux()):
        organisation.nom = nom_institutionnel(organisation, date.max) or organisation.code_externe
        yield organisation


def _nationaux() -> Iterator[Organisation]:
    yield Organisation(nature=Nature.SERVICE_ETAT, niveau=NiveauTerritorial.NATIONAL, code_externe="DGEFP")


def _regionaux() -> Iterator[Organisation]:
    for region in Region.objects.exclude(zone=Zone.COM).prefetch_related("departements"):
        departements = list(region.departements.all())
        yield Organisation(
            nature=Nature.SERVICE_ETAT,
            niveau=NiveauTerritorial.REGIONAL,
            region=region,
            departement=departements[0] if region.zone == Zone.DROM else None,
            code_externe=f"REG-{region.code}",
        )


def _departementaux() -> Iterator[Organisation]:
    departements = Departement.objects.select_related("region")
    for departement in departements.exclude(region__zone=Zone.COM) | departements.filter(code__in=COM_AVEC_SERVICE):
        if departement.region.zone != Zone.DROM:
            yield _departemental(Nature.SERVICE_ETAT, departement)
        yield _departemental(Nature.COLLECTIVITE, departement)


def _departemental(nature: Nature, departement: Departement) -> Organisation:
    return Organisation(
        nature=nature,
        niveau=NiveauTerritorial.DEPARTEMENTAL,
        region=departement.region,
        departement=departement,
        code_externe=f"DEP-{departement.code}",
    )


def agences_fictives(departements: Iterable[str]) -> Iterator[Organisation]:
    """Yield, unsaved, one invented France Travail agency per département, named after its largest commune."""
    for code in sorted(departements):
        commune = (
            Commune.objects.filter(departement=code, population__isnull=False)
            .select_related("departement")
            .order_by("-population", "code")
            .first()
        )
        if commune is not None:
            yield Organisation(
                nature=Nature.FRANCE_TRAVAIL,
                niveau=NiveauTerritorial.LOCAL,
                departement=commune.departement,
                region_id=commune.departement.region_id,
                nom=f"France Travail {commune.nom} (agence fictive)",
                code_externe=f"FICTIF-{code}",
            )
