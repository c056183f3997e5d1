"""Perimeter of a membership: what it opens, from the role and the territory of its organisation."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from convenir.socle.comptes.models import Adhesion
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role
from convenir.socle.organisations.models import MissionLocale, Nature, NiveauTerritorial, Organisation, Structure
from convenir.socle.organisations.perimetre import Perimetre

ROLES_DU_TERRITOIRE = frozenset(
    {Role.DEPARTEMENTAL, Role.SIGNATAIRE, Role.FRANCE_TRAVAIL, Role.FINANCEUR, Role.MEMBRE_CDIAE}
)
# Ces rôles existent aussi dans un service régional ; ils y voient la région.
ROLES_AUSSI_REGIONAUX = frozenset({Role.SIGNATAIRE, Role.FRANCE_TRAVAIL, Role.FINANCEUR})


def perimetre_de(adhesion: Adhesion) -> Perimetre:
    """Return what a membership lets see; costs one SQL query for the roles of a structure, none otherwise.

    A role without structures (national data, administration) and an organisation whose territory is not known see
    nothing; the regional animation sees the missions locales of its région, and no SIAE.
    """
    role, organisation = Role(adhesion.role), adhesion.organisation
    if role == Role.NATIONAL:
        return Perimetre.france()
    if role == Role.REGIONAL:
        return _region(organisation)
    if role in ROLES_DU_TERRITOIRE:
        return _territoire(role, organisation)
    if role == Role.RESEAU:
        return Perimetre.des_reseaux([organisation.pk])
    if role == Role.ANIMATION_REGIONALE:
        region = organisation.region_id
        return Perimetre.des_missions_locales_de_region(region) if region else Perimetre.aucun()
    if role in ROLES_STRUCTURE and organisation.nature == Nature.MISSION_LOCALE:
        siennes = MissionLocale.objects.filter(organisation=organisation)
        return Perimetre.des_missions_locales(siennes.values_list("pk", flat=True))
    if role in ROLES_STRUCTURE:
        return Perimetre.des_structures(structures_de(adhesion))
    return Perimetre.aucun()


def _region(organisation: Organisation) -> Perimetre:
    code = organisation.region_id
    return Perimetre.region(code) if code else Perimetre.aucun()


def _territoire(role: Role, organisation: Organisation) -> Perimetre:
    """Return the région of a regional body whose role may see it, else the département of the organisation."""
    if role in ROLES_AUSSI_REGIONAUX and organisation.niveau == NiveauTerritorial.REGIONAL:
        return _region(organisation)
    code = organisation.departement_id
    return Perimetre.departement(code) if code else Perimetre.aucun()


def structures_de(adhesion: Adhesion) -> frozenset[int]:
    """Return the structures a membership follows: those it names, or all of the carrier when it names none.

    A named structure that left the carrier is no longer seen; naming only such structures opens nothing.
    """
    lien = Adhesion.structures.through.objects.filter(adhesion_id=adhesion.pk)
    lignes = Structure.objects.filter(porteur_id=adhesion.organisation_id).values_list(
        "pk", Exists(lien.filter(structure_id=OuterRef("pk"))), Exists(lien)
    )
    return frozenset(pk for pk, nommee, restreinte in lignes if nommee or not restreinte)
