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


def raison_hors_perimetre(acteur: Acteur, apportes: Collection[str], couverts: Collection[str] = ()) -> str | None:
    """Say why a person may not put in force a delivery; None when they may.

    Args:
        acteur: who asks.
        apportes: départements of the structures it brings.
        couverts: départements where it would hold: all of them when it is national.

    The national data role and the machine itself load for everyone. Anyone else loads for their perimeter alone: a
    delivery is put in force whole, so one département outside is enough to stop it.
    """
    if acteur.est_systeme or acteur.role == Role.DONNEES_NATIONALES:
        return None
    dehors = [
        f"{nom} ({code})"
        for code, nom, region in Departement.objects.filter(code__in={*apportes, *couverts})
        .order_by("code")
        .values_list("code", "nom", "region")
        if not acteur.perimetre.couvre_departement(code, region)
    ]
    if not dehors:
        return None
    autres = f" et {len(dehors) - CITES} autres" if len(dehors) > CITES else ""
    liste = ", ".join(dehors[:CITES]) + autres if autres else enumeration(dehors)
    nationale = set(couverts) > set(apportes)
    constat = (
        f"Cette livraison est nationale : elle vaudrait aussi pour des départements hors de votre périmètre ({liste})."
        if nationale
        else f"Cette livraison contient aussi des structures de départements hors de votre périmètre : {liste}."
    )
    return (
        f"{constat} Vous n'appliquez que ce qui reste dans votre périmètre : demandez à l'ASP une extraction de votre "
        "seul territoire, ou confiez celle-ci au rôle « Données nationales »."
    )


def departements_permis(acteur: Acteur, departements: Collection[str]) -> set[str]:
    """Return those of these départements where a person may put a delivery in force."""
    if acteur.est_systeme or acteur.role == Role.DONNEES_NATIONALES:
        return set(departements)
    lus = Departement.objects.filter(code__in=departements).values_list("code", "region")
    return {code for code, region in lus if acteur.perimetre.couvre_departement(code, region)}


def exiger_perimetre(acteur: Acteur, apportes: Collection[str], couverts: Collection[str] = ()) -> None:
    """Stop a person who may not put a delivery in force (see `raison_hors_perimetre`).

    Raises:
        ActionRefusee: naming the départements.
    """
    if raison := raison_hors_perimetre(acteur, apportes, couverts):
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
