"""Pages of the portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.restitution.table_acces.commun import (
    MARQUES,
    PERSONNE,
    TOUS,
    VOIENT_LES_STRUCTURES,
    Lieu,
    Ligne,
    dedans_dehors,
    ouverte,
)

LIGNES = [
    Ligne("portail:accueil", TOUS, sans_adhesion=200),
    Ligne("portail:structures", VOIENT_LES_STRUCTURES),
    Ligne("portail:structures_export", VOIENT_LES_STRUCTURES, cible="csv"),
    Ligne("portail:structures_export", VOIENT_LES_STRUCTURES, cible="xlsx"),
    Ligne("portail:structures_export", PERSONNE, cible="exe", exceptions=dict.fromkeys(VOIENT_LES_STRUCTURES, 404)),
    *dedans_dehors("portail:fiche"),
    *dedans_dehors("portail:fiche_json"),
    *dedans_dehors("portail:fiche_pdf"),
    *dedans_dehors("portail:chiffre", requete={"periode": "2025"}),
    Ligne(
        "portail:chiffre", MARQUES, cible="rqth",
        requete={"periode": "2025", "ventilation": "rqth", "modalite": "oui"},
        exceptions=dict.fromkeys(VOIENT_LES_STRUCTURES - MARQUES, 404),
    ),
    ouverte("portail:accessibilite"),
    ouverte("portail:mentions"),
    ouverte("portail:donnees_personnelles"),
    ouverte("portail:methodes"),
]  # fmt: skip


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about."""
    return {
        "portail:structures_export": lambda: [lieu.cible],
        "portail:fiche": lambda: [lieu.s.id_asp, lieu.s.categorie],
        "portail:fiche_pdf": lambda: [lieu.s.id_asp, lieu.s.categorie],
        "portail:fiche_json": lambda: [lieu.s.id_asp, lieu.s.categorie],
        "portail:chiffre": lambda: [
            lieu.s.id_asp,
            lieu.s.categorie,
            "iae.publics.part" if lieu.cible == "rqth" else "iae.sorties.taux_dynamique",
        ],
    }
