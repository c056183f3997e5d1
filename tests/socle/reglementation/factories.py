"""Saisies d'essai, justes par défaut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from convenir.socle.reglementation.actions import SaisieLocale, SaisiePriorite, SaisieValeur
from convenir.socle.territoires.models import Departement

EI = "iae.socle.EI"


def saisie(**champs: Any) -> SaisieValeur:
    return SaisieValeur(
        **{
            "code": EI,
            "debut": date(2026, 1, 1),
            "valeur": "13 500",
            "texte": "Arrêté fictif du 12 février 2026",
            "source": "https://exemple.invalid/arrete",
            "motif": "Arrêté publié",
            **champs,
        }
    )


def saisie_locale(departement: Departement, **champs: Any) -> SaisieLocale:
    return SaisieLocale(
        **{
            "departement": departement,
            "motifs": ("6",),
            "libelle": "Départ vers un parcours de santé adapté",
            "organe": "CDIAE",
            "adopte_le": date(2024, 12, 10),
            "reference": "relevé de décisions n° 4",
            "debut": date(2025, 1, 1),
            "motif": "Décision de décembre",
            **champs,
        }
    )


def saisie_priorite(departement: Departement, **champs: Any) -> SaisiePriorite:
    return SaisiePriorite(
        **{
            "departement": departement,
            "public": "rsa.oui",
            "part": Decimal(40),
            "organe": "CDIAE",
            "adopte_le": date(2024, 12, 10),
            "reference": "relevé de décisions n° 4",
            "debut": date(2025, 1, 1),
            "motif": "Décision de décembre",
            **champs,
        }
    )


def formulaire_valeur(**champs: str) -> dict[str, str]:
    return {
        "code": EI,
        "valeur": "13 500",
        "debut": "01/01/2026",
        "dernier_jour": "",
        "texte_code": "autre",
        "texte": "Arrêté fictif du 12 février 2026",
        "publie_le": "20/02/2026",
        "source": "https://exemple.invalid/arrete",
        "certitude": "confirme",
        "pourquoi": "",
        "motif": "Arrêté publié",
        **champs,
    }
