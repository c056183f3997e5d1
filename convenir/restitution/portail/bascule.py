"""Which of the two schemes a person has in sight: what « Structures » opens on, and the switch between the two."""

from __future__ import annotations

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite

DES_DEUX = frozenset({"france", "region", "departement"})


def voit_des_siae(acteur: Acteur) -> bool:
    """Tell whether a person may have SIAE in sight."""
    niveau = acteur.perimetre.niveau
    return acteur.peut(Capacite.VOIR_STRUCTURES) and (niveau in DES_DEUX or niveau in {"structures", "reseau"})


def voit_des_missions_locales(acteur: Acteur) -> bool:
    """Tell whether a person may have missions locales in sight."""
    niveau = acteur.perimetre.niveau
    return acteur.peut(Capacite.VOIR_MISSIONS_LOCALES) and (niveau in DES_DEUX or niveau == "missions_locales")


def onglets(acteur: Acteur) -> list[tuple[str, str]]:
    """Return the two lists as (name of the page, label), when the person has both; none otherwise."""
    if not (voit_des_siae(acteur) and voit_des_missions_locales(acteur)):
        return []
    return [("portail:structures", "SIAE"), ("portail:missions_locales", "Missions locales")]
