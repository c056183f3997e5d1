"""Data of the follow-up."""

from convenir.contrat.suivi.models.bilans import Bilan, ChiffreBilan, EcheanceBilan, RubriqueBilan
from convenir.contrat.suivi.models.bureau import (
    Contestation,
    InformationCommission,
    Passation,
    Reprise,
    SigneNonValide,
)
from convenir.contrat.suivi.models.moyens import Engagement, Moyen, NatureEngagement, NatureMoyen

__all__ = [
    "Bilan",
    "ChiffreBilan",
    "Contestation",
    "EcheanceBilan",
    "Engagement",
    "InformationCommission",
    "Moyen",
    "NatureEngagement",
    "NatureMoyen",
    "Passation",
    "Reprise",
    "RubriqueBilan",
    "SigneNonValide",
]
