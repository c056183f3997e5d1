"""Who may import what, and why not."""

from __future__ import annotations

from collections.abc import Collection

from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.commun.francais import enumeration
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import MissionLocale, Structure
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
    if acteur.est_systeme or acteur.role == Role.DONNEES_NATIONALES or depose_pour_sa_mission_locale(acteur):
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
    if acteur.est_systeme or acteur.role == Role.DONNEES_NATIONALES or depose_pour_sa_mission_locale(acteur):
        return set(departements)
    lus = Departement.objects.filter(code__in=departements).values_list("code", "region")
    return {code for code, region in lus if acteur.perimetre.couvre_departement(code, region)}


def depose_pour_sa_mission_locale(acteur: Acteur) -> bool:
    """Tell whether a person deposits the data of the mission locale they work for."""
    return not acteur.est_systeme and acteur.peut(Capacite.DEPOSER_MISSION_LOCALE)


def lit_des_livraisons(acteur: Acteur) -> bool:
    """Tell whether a person reads some deliveries; which ones, `queries.livraisons_visibles` says."""
    return acteur.peut(Capacite.VOIR_LIVRAISONS) or depose_pour_sa_mission_locale(acteur)


def peut_deposer(acteur: Acteur) -> bool:
    """Tell whether a person may deposit something: for their territory, or for their mission locale."""
    return acteur.peut(Capacite.IMPORTER_DONNEES) or depose_pour_sa_mission_locale(acteur)


def exiger_de_deposer(acteur: Acteur) -> None:
    """Stop a person who may deposit nothing.

    Raises:
        ActionRefusee: with the reason.
    """
    if not peut_deposer(acteur):
        acteur.exiger(Capacite.IMPORTER_DONNEES)


def codes_de_sa_mission_locale(acteur: Acteur) -> frozenset[str]:
    """Return the identifiers under which the records name the mission locale of a person."""
    organisation = acteur.organisation
    if organisation is None:
        return frozenset()
    connus = MissionLocale.objects.filter(organisation=organisation).values_list("code", flat=True)
    return frozenset({*connus, organisation.code_externe} - {""})


def raison_hors_mission_locale(acteur: Acteur, codes: Collection[str]) -> str | None:
    """Say why a person of a mission locale may not bring the data of these ones; None when they may."""
    if not depose_pour_sa_mission_locale(acteur):
        return None
    autres = sorted(set(codes) - codes_de_sa_mission_locale(acteur))
    if not autres:
        return None
    return (
        f"Cette livraison porte sur {enumeration(autres[:CITES])}, qui n'est pas votre mission locale. "
        "Ne déposez que vos propres données."
    )


def raison_de_refus(
    acteur: Acteur, apportes: Collection[str], couverts: Collection[str], missions: Collection[str] = ()
) -> str | None:
    """Say why a person may not put a delivery of these départements and missions locales in force, or None."""
    return raison_hors_perimetre(acteur, apportes, couverts) or raison_hors_mission_locale(acteur, missions)


def exiger_perimetre(
    acteur: Acteur, apportes: Collection[str], couverts: Collection[str] = (), missions: Collection[str] = ()
) -> None:
    """Stop a person who may not put a delivery in force (see `raison_de_refus`).

    Raises:
        ActionRefusee: naming what is not theirs.
    """
    if raison := raison_de_refus(acteur, apportes, couverts, missions):
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
