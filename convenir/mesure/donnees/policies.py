"""Who may import what, and why not."""

from __future__ import annotations

from collections.abc import Collection

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.commun.francais import enumeration
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Structure
from convenir.socle.territoires.models import Departement

CITES = 10


def raison_hors_perimetre(acteur: Acteur, departements: Collection[str]) -> str | None:
    """Say why a person may not put in force a delivery that bears on these départements; None when they may.

    The national data role and the machine itself load for everyone. Anyone else loads for their perimeter alone: a
    delivery is put in force whole, so one département outside is enough to stop it.
    """
    if acteur.est_systeme or acteur.role == Role.DONNEES_NATIONALES:
        return None
    dehors = [
        f"{nom} ({code})"
        for code, nom, region in Departement.objects.filter(code__in=departements)
        .order_by("code")
        .values_list("code", "nom", "region")
        if not acteur.perimetre.couvre_departement(code, region)
    ]
    if not dehors:
        return None
    autres = f" et {len(dehors) - CITES} autres" if len(dehors) > CITES else ""
    liste = ", ".join(dehors[:CITES]) + autres if autres else enumeration(dehors)
    return (
        f"Cette livraison porte aussi sur des départements hors de votre périmètre : {liste}. Demandez une livraison "
        "de votre seul territoire, ou confiez celle-ci au rôle « Données nationales »."
    )


def exiger_perimetre(acteur: Acteur, departements: Collection[str]) -> None:
    """Stop a person who may not put in force a delivery that bears on these départements.

    Raises:
        ActionRefusee: naming the départements.
    """
    if raison := raison_hors_perimetre(acteur, departements):
        raise ActionRefusee(raison)


def exiger_structure(acteur: Acteur, structure: Structure | None) -> None:
    """Stop a person who corrects a structure they cannot see.

    Raises:
        ActionRefusee: out of the perimeter, or an annexe attached to no structure.
    """
    visible = (
        structure is not None and Structure.objects.visibles_par(acteur.perimetre).filter(pk=structure.pk).exists()
    )
    if not visible:
        raise ActionRefusee("Cette structure n'est pas dans votre périmètre : vous ne pouvez pas la corriger.")
