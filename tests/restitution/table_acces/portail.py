"""Pages of the portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convenir.mesure.donnees.models import Livraison
from tests.restitution import fabrique_ml
from tests.restitution.table_acces.commun import (
    ETAT_QUI_VOIT,
    IMPORTENT,
    MARQUES,
    PERSONNE,
    TOUS,
    VOIENT_LES_ML,
    VOIENT_LES_STRUCTURES,
    VOIENT_UNE_ML,
    Lieu,
    Ligne,
    dedans_dehors,
    mission_locale,
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
    *dedans_dehors("portail:repere", requete={"periode": "2025", "ventilation": "sexe", "modalite": "femme"}),
    Ligne(
        "portail:repere", MARQUES, cible="rqth",
        requete={"periode": "2025", "ventilation": "rqth", "modalite": "oui"},
        exceptions=dict.fromkeys(VOIENT_LES_STRUCTURES - MARQUES, 404),
    ),
    Ligne(
        "portail:chiffre", MARQUES, cible="rqth",
        requete={"periode": "2025", "ventilation": "rqth", "modalite": "oui"},
        exceptions=dict.fromkeys(VOIENT_LES_STRUCTURES - MARQUES, 404),
    ),
    Ligne("portail:structures_export", VOIENT_LES_STRUCTURES, cible="ods"),
    Ligne("portail:missions_locales", VOIENT_LES_ML),
    *(Ligne("portail:missions_locales_export", VOIENT_LES_ML, cible=f) for f in ("csv", "xlsx", "ods")),
    Ligne("portail:missions_locales_export", PERSONNE, cible="exe", exceptions=dict.fromkeys(VOIENT_LES_ML, 404)),
    Ligne("portail:comparaison_ml", VOIENT_LES_ML),
    Ligne("portail:comparaison_ml_export", VOIENT_LES_ML, cible="csv"),
    *mission_locale("portail:fiche_ml"),
    *mission_locale("portail:fiche_ml_json"),
    *mission_locale("portail:fiche_ml_pdf"),
    *mission_locale("portail:fiche_ml_export"),
    *mission_locale("portail:chiffre_ml", requete={"periode": "2025"}),
    # Small numbers would be read in a month: the State and the mission locale alone.
    Ligne(
        "portail:mois_ml", ETAT_QUI_VOIT, cible="dedans",
        exceptions=dict.fromkeys(VOIENT_LES_ML - ETAT_QUI_VOIT - VOIENT_UNE_ML, 404),
    ),
    # Quality holds small numbers too.
    *(
        Ligne(
            nom, ETAT_QUI_VOIT, cible="dedans",
            exceptions=dict.fromkeys(VOIENT_LES_ML - ETAT_QUI_VOIT - VOIENT_UNE_ML, 404),
        )
        for nom in ("portail:qualite", "portail:qualite_csv")
    ),
    # A deposit of an ordinary source has no quality to read, and another organisation's does not exist.
    Ligne("portail:qualite_depot", PERSONNE, exceptions=dict.fromkeys(IMPORTENT, 404)),
    ouverte("portail:charte"),
    ouverte("portail:charte_pdf"),
    ouverte("portail:dictionnaire"),
    ouverte("portail:dictionnaire_indicateur"),
    *(ouverte("portail:dictionnaire_export", cible=f) for f in ("pdf", "xlsx", "json")),
    ouverte("portail:accessibilite"),
    ouverte("portail:mentions"),
    ouverte("portail:donnees_personnelles"),
    ouverte("portail:methodes"),
]  # fmt: skip


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about."""
    ml = fabrique_ml.de(lieu.cible)
    return {
        "portail:structures_export": lambda: [lieu.cible],
        "portail:missions_locales_export": lambda: [lieu.cible],
        "portail:comparaison_ml_export": lambda: [lieu.cible],
        "portail:fiche_ml": lambda: [ml],
        "portail:fiche_ml_json": lambda: [ml],
        "portail:fiche_ml_pdf": lambda: [ml],
        "portail:fiche_ml_export": lambda: [ml, "ods"],
        "portail:chiffre_ml": lambda: [ml, "ACT01"],
        "portail:mois_ml": lambda: [ml],
        "portail:qualite": lambda: [ml],
        "portail:qualite_depot": lambda: [Livraison.objects.get().uuid],
        "portail:qualite_csv": lambda: [ml],
        "portail:dictionnaire_indicateur": lambda: ["ml", "ACT01"],
        "portail:dictionnaire_export": lambda: ["ml", lieu.cible],
        "portail:fiche": lambda: [lieu.s.id_asp, lieu.s.categorie],
        "portail:fiche_pdf": lambda: [lieu.s.id_asp, lieu.s.categorie],
        "portail:fiche_json": lambda: [lieu.s.id_asp, lieu.s.categorie],
        "portail:chiffre": lambda: [
            lieu.s.id_asp,
            lieu.s.categorie,
            "iae.publics.part" if lieu.cible == "rqth" else "iae.sorties.taux_dynamique",
        ],
        "portail:repere": lambda: [lieu.s.id_asp, lieu.s.categorie, "departement", "iae.publics.part"],
    }
