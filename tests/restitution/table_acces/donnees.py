"""Deliveries and corrections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convenir.mesure.donnees.models import AnnexeLue, Livraison
from tests.restitution.table_acces.commun import (
    CORRIGENT,
    IMPORTENT,
    PERSONNE,
    TOUS,
    VOIENT_LES_LIVRAISONS,
    Lieu,
    Ligne,
    R,
)

LIGNES = [
    Ligne("donnees:livraisons", VOIENT_LES_LIVRAISONS),
    Ligne("donnees:livraison", VOIENT_LES_LIVRAISONS),
    Ligne("donnees:quarantaine", VOIENT_LES_LIVRAISONS),
    Ligne("donnees:deposer", IMPORTENT),
    Ligne("donnees:deposer", IMPORTENT, methode="post"),
    Ligne("donnees:appliquer", PERSONNE, non=405, sans_adhesion=405),
    Ligne("donnees:appliquer", IMPORTENT, methode="post", oui=302),
    Ligne("donnees:abandonner", PERSONNE, non=405, sans_adhesion=405),
    Ligne("donnees:abandonner", IMPORTENT, methode="post", oui=302),
    Ligne("donnees:remettre", IMPORTENT, methode="post", oui=400),
    Ligne("donnees:corriger_structure", CORRIGENT, cible="dedans"),
    Ligne("donnees:corriger_structure", {R.REGIONAL}, cible="ailleurs", exceptions={R.DEPARTEMENTAL: 404}),
    Ligne("donnees:corriger_annexe", CORRIGENT, cible="dedans"),
    Ligne("donnees:corriger_annexe", {R.REGIONAL}, cible="ailleurs", exceptions={R.DEPARTEMENTAL: 404}),
    # A deposit of an ordinary source has no columns to relate, and nothing private to compute.
    Ligne("donnees:oublier", IMPORTENT, methode="post", oui=302),
    Ligne("donnees:relancer", PERSONNE, methode="post", exceptions=dict.fromkeys(IMPORTENT, 404)),
    Ligne("donnees:correspondance", PERSONNE, exceptions=dict.fromkeys(IMPORTENT, 404)),
    Ligne("donnees:correspondance_yaml", PERSONNE, exceptions=dict.fromkeys(IMPORTENT, 404)),
    Ligne("donnees:choisir", PERSONNE, methode="post", exceptions=dict.fromkeys(IMPORTENT, 404)),
    Ligne("donnees:correspondances", IMPORTENT),
    # A mapping belongs to one organisation: here, to none of these people's.
    *(
        Ligne(f"donnees:{nom}", PERSONNE, methode=methode, exceptions=dict.fromkeys(IMPORTENT, 404))
        for nom, methode in (
            ("correspondance_nommee", "get"),
            ("correspondance_nommee_yaml", "get"),
            ("supprimer_correspondance", "post"),
        )
    ),
    Ligne("donnees:relier", PERSONNE, exceptions=dict.fromkeys(IMPORTENT, 404)),
    Ligne("donnees:format_ml", TOUS),
    Ligne("donnees:schema", TOUS),
    Ligne("donnees:lever", PERSONNE, exceptions=dict.fromkeys(CORRIGENT, 404)),
]
UNE_LIVRAISON = (
    "livraison",
    "quarantaine",
    "appliquer",
    "abandonner",
    "remettre",
    "oublier",
    "relancer",
    "correspondance",
    "correspondance_yaml",
    "choisir",
)
NOMMEE = ("correspondance_nommee", "correspondance_nommee_yaml", "supprimer_correspondance")  # fmt: skip


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about."""
    return {
        **{f"donnees:{nom}": lambda: [Livraison.objects.get().uuid] for nom in UNE_LIVRAISON},
        **{f"donnees:{nom}": lambda: [0] for nom in NOMMEE},
        "donnees:corriger_structure": lambda: [lieu.s.pk],
        "donnees:corriger_annexe": lambda: [AnnexeLue.objects.filter(structure=lieu.s).first().pk],
        "donnees:relier": lambda: [Livraison.objects.get().uuid, "jeune"],
        "donnees:schema": lambda: ["jeune"],
        "donnees:lever": lambda: [0],
    }
