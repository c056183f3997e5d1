"""Texts and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.reglementation import actions as reglementation
from tests.restitution.table_acces.commun import ADMIN, CORRIGENT, TOUS, Lieu, Ligne
from tests.socle.reglementation.factories import saisie, saisie_locale

LIGNES = [
    *(Ligne(f"reglementation:{nom}", TOUS) for nom in ("index", "textes", "texte", "institutions", "referentiel")),
    *(Ligne(f"reglementation:{nom}", TOUS) for nom in ("locaux", "parametre", "historique", "priorites")),
    Ligne("reglementation:ajouter_local", CORRIGENT),
    Ligne("reglementation:ajouter_priorite", CORRIGENT),
    Ligne("reglementation:terminer_local", CORRIGENT),
    Ligne("reglementation:ajouter_valeur", ADMIN),
    Ligne("reglementation:retirer_valeur", ADMIN),
]


def arguments(lieu: Lieu) -> dict[str, Callable[[], list[Any]]]:
    """What each address is about."""
    return {
        "reglementation:texte": lambda: ["arrete-2024-12-04"],
        "reglementation:referentiel": lambda: ["etats-annexe"],
        "reglementation:parametre": lambda: ["socle"],
        "reglementation:historique": lambda: ["socle"],
        "reglementation:terminer_local": lambda: [
            reglementation.ajouter_local(Acteur.systeme("Essai"), saisie_locale(lieu.s.departement)).pk
        ],
        "reglementation:retirer_valeur": lambda: [reglementation.ajouter_valeur(Acteur.systeme("Essai"), saisie()).pk],
    }
