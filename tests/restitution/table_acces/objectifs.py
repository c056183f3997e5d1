"""Objectives: the State and the structure negotiate, France Travail and the funders give their view, others read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.models import Axe, Nature, Objectif, Position
from convenir.contrat.objectifs.states import Etat
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role
from tests.factories_comptes import UtilisateurFactory
from tests.factories_conventions import convention_en_preparation
from tests.factories_objectifs import INSTANT
from tests.restitution.table_acces.commun import PERSONNE, VOIENT_AILLEURS, Lieu, Ligne

R = Role
NEGOCIENT = {R.DEPARTEMENTAL, R.DIRECTION_STRUCTURE}
AVIS = {R.FRANCE_TRAVAIL, R.FINANCEUR}
LISENT = {R.NATIONAL, R.REGIONAL, R.SIGNATAIRE, R.MEMBRE_CDIAE, *ROLES_STRUCTURE, *NEGOCIENT, *AVIS}
# The funder reads the objectives it expects: there is none here, so the convention does not exist for it.
ICI = LISENT - {R.FINANCEUR}


def dedans_dehors(
    nom: str, servis: set[Role], methode: str = "get", oui: int = 200, anonyme: int = 302
) -> list[Ligne]:
    """A page of a convention: outside the perimeter it does not exist."""
    prives = dict.fromkeys(servis & {R.FINANCEUR}, 404)
    ailleurs = dict.fromkeys(servis - VOIENT_AILLEURS, 404)
    return [
        Ligne(nom, servis, oui=oui, cible="dedans", methode=methode, exceptions=prives, anonyme=anonyme),
        Ligne(
            nom,
            servis & VOIENT_AILLEURS,
            oui=oui,
            cible="ailleurs",
            methode=methode,
            exceptions=ailleurs,
            anonyme=anonyme,
        ),
    ]


LIGNES = [
    Ligne("objectifs:liste", LISENT),
    Ligne("objectifs:suivi", LISENT),
    Ligne("api:api_v1:objectifs", LISENT, anonyme=401, requete={"annee": "2026"}),
    Ligne("objectifs:suivi_export", LISENT),
    *dedans_dehors("objectifs:negociation", LISENT),
    *dedans_dehors("objectifs:poser", NEGOCIENT),
    *dedans_dehors("objectifs:releve", NEGOCIENT, "post", 302),
    *dedans_dehors("objectifs:preciser", NEGOCIENT),
    *dedans_dehors("objectifs:juger", NEGOCIENT),
    *dedans_dehors("objectifs:poser_sorties", NEGOCIENT, "post", 302),
    *dedans_dehors("objectifs:repondre", NEGOCIENT, "post", 400),
    *dedans_dehors("objectifs:avis", AVIS, "post", 400),
    *dedans_dehors("objectifs:retirer", NEGOCIENT, "post", 302),
    *dedans_dehors("objectifs:reprendre", LISENT, "post", 302),
    *(
        Ligne(f"objectifs:{nom}", PERSONNE, non=405, sans_adhesion=405)
        for nom in ("poser_sorties", "repondre", "avis", "retirer", "reprendre", "releve")
    ),
]


def convention(lieu: Lieu) -> Convention:
    return Convention.objects.filter(structure=lieu.s).first() or convention_en_preparation(
        "en_negociation", structure=lieu.s
    )


def _objectif(lieu: Lieu) -> Objectif:
    return Objectif.objects.create(
        convention=convention(lieu), annee=2026, axe=Axe.FORMATION, nature=Nature.LOCAL, libelle="Permis fictifs",
        etat=Etat.OUVERT, seuil_partiel=80, cree_le=INSTANT,
    )  # fmt: skip


def _position(lieu: Lieu) -> Position:
    objectif = _objectif(lieu)
    return Position.objects.create(
        objectif=objectif, rang=1, partie="etat", genre="proposition", valeur=3, raisons="Une raison fictive.",
        organisation=objectif.convention.service, auteur=UtilisateurFactory(), deposee_le=INSTANT,
    )  # fmt: skip


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about."""
    annee: Callable[[], list[Any]] = lambda: [convention(lieu).reference, 2026]
    un: Callable[[], list[Any]] = lambda: [_objectif(lieu).pk]
    return {
        "objectifs:suivi_export": lambda: ["csv"],
        **{f"objectifs:{nom}": annee for nom in ("negociation", "poser", "poser_sorties", "releve")},
        **{f"objectifs:{nom}": un for nom in ("repondre", "avis", "preciser", "retirer", "juger")},
        "objectifs:reprendre": lambda: [_position(lieu).pk],
    }
