"""The API and its tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convenir.restitution.api.actions import creer_jeton
from tests.factories_comptes import AdhesionFactory, connecter
from tests.restitution import fabrique_ml
from tests.restitution.table_acces import conventions, dossiers, objectifs
from tests.restitution.table_acces.commun import (
    PERSONNE,
    TOUS,
    VOIENT_AILLEURS,
    VOIENT_LES_ML,
    VOIENT_LES_STRUCTURES,
    Lieu,
    Ligne,
    dedans_dehors,
    mission_locale,
    ouverte,
)

LIGNES = [
    Ligne("api:jetons", TOUS),
    Ligne("api:revoquer", PERSONNE, non=405, sans_adhesion=405),
    Ligne("api:revoquer", PERSONNE, methode="post"),
    ouverte("api:api_v1:openapi-json"),
    Ligne("api:api_v1:api-root", PERSONNE, non=404, anonyme=404, sans_adhesion=404),
    Ligne("api:api_v1:structures", VOIENT_LES_STRUCTURES, anonyme=401),
    *dedans_dehors("api:api_v1:fiche", anonyme=401),
    Ligne("api:api_v1:missions_locales", VOIENT_LES_ML, anonyme=401),
    *mission_locale("api:api_v1:fiche_mission_locale", anonyme=401),
    Ligne("api:api_v1:dictionnaire", TOUS, anonyme=401),
    Ligne("api:api_v1:dictionnaire_entier", TOUS, anonyme=401),
    Ligne("api:api_v1:parametre", TOUS, anonyme=401),
    Ligne("api:api_v1:conventions", conventions.VOIENT, anonyme=401),
    *(
        ligne
        for nom in ("convention", "versions", "difference", "suivi_de_la_convention")
        for ligne in conventions.partout(f"api:api_v1:{nom}", conventions.VOIENT, anonyme=401)
    ),
    *objectifs.dedans_dehors("api:api_v1:objectifs_de_la_convention", objectifs.LISENT, anonyme=401),
    Ligne("api:api_v1:dossiers", dossiers.CONVENTIONS, anonyme=401),
    Ligne("api:api_v1:dossier", dossiers.LISENT, anonyme=401, cible="dedans", exceptions=dossiers.PAS_SOLLICITE),
    Ligne("api:api_v1:dossier", VOIENT_AILLEURS, anonyme=401, cible="ailleurs",
          exceptions=dict.fromkeys(dossiers.CONVENTIONS - VOIENT_AILLEURS, 404)),
]  # fmt: skip


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about."""
    une = lambda: [conventions.convention(lieu).reference]
    return {
        **{f"api:api_v1:{nom}": une for nom in ("convention", "versions", "difference", "suivi_de_la_convention")},
        "api:api_v1:objectifs_de_la_convention": lambda: [objectifs.convention(lieu).reference],
        "api:api_v1:dossier": lambda: [dossiers.dossier(lieu.s).convention.reference],
        "api:revoquer": lambda: [creer_jeton(connecter(AdhesionFactory()).acteur, "d'un autre")[0].pk],
        "api:api_v1:fiche": lambda: [lieu.s.code],
        "api:api_v1:fiche_mission_locale": lambda: [fabrique_ml.de(lieu.cible)],
        "api:api_v1:dictionnaire_entier": lambda: ["ml"],
        "api:api_v1:parametre": lambda: ["iae.socle.ACI"],
    }
