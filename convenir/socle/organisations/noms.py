"""Name of an organisation at a date, when the texts name it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from convenir.socle.organisations.institutions import NomInstitution, Territoire, noms_institutions

if TYPE_CHECKING:
    from convenir.socle.organisations.models import Organisation

# Role of an institution by nature and level; the other organisations are named by themselves.
ROLES = {
    ("service_etat", "national"): "service_national",
    ("service_etat", "regional"): "service_regional",
    ("service_etat", "departemental"): "service_departemental",
    ("collectivite", "departemental"): "collectivite_departementale",
}
FRANCE_TRAVAIL = "france_travail"


def territoire_de(organisation: Organisation) -> Territoire:
    """Return the territory that completes the name of an organisation, by its level."""
    region, departement = organisation.region, organisation.departement
    if organisation.niveau == "departemental" and departement is not None:
        parente = departement.region
        return Territoire(departement.nom, departement.complement, parente.zone, parente.code, departement.code)
    if organisation.niveau == "regional" and region is not None:
        return Territoire(region.nom, region.complement, region.zone, region.code)
    return Territoire()


def nom_institutionnel(organisation: Organisation, jour: date) -> str | None:
    """Return the name that the texts give on a day, or None for an organisation they do not name.

    An agency of France Travail keeps its own name, in which the operator takes the name of the day.
    """
    noms = noms_institutions()
    if organisation.nature == FRANCE_TRAVAIL:
        actuel = noms.au(FRANCE_TRAVAIL, date.max, Territoire()).sigle
        return organisation.nom.replace(actuel, noms.au(FRANCE_TRAVAIL, jour, Territoire()).sigle)
    role = ROLES.get((organisation.nature, organisation.niveau))
    return noms.forme(role, jour, territoire_de(organisation)) if role else None


def institution_au(role: str, jour: date, territoire: Territoire | None = None) -> NomInstitution:
    """Return the name, acronym and source of an institution on a day.

    Args:
        role: `service_national`, `service_regional`, `service_departemental`, `collectivite_departementale`,
            `france_travail`, `agence_paiement` or `commission_iae`.
        jour: day of the act.
        territoire: chooses the overseas and Île-de-France names; absent, the general name.

    Raises:
        KeyError: unknown role.
    """
    return noms_institutions().au(role, jour, territoire or Territoire())
