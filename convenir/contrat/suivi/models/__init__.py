"""Data of the follow-up."""

from convenir.contrat.suivi.models.bilans import Bilan, ChiffreBilan, EcheanceBilan, RubriqueBilan
from convenir.contrat.suivi.models.bureau import (
    Contestation,
    InformationCommission,
    Passation,
    SigneNonValide,
)
from convenir.contrat.suivi.models.controles import CampagneDeControle, Controle
from convenir.contrat.suivi.models.financeurs import AnnexeDeFinanceur
from convenir.contrat.suivi.models.moyens import Engagement, Moyen, NatureEngagement, NatureMoyen
from convenir.contrat.suivi.models.renouvellements import AnalyseDeResultats, Preconisation

__all__ = [
    "AnalyseDeResultats",
    "AnnexeDeFinanceur",
    "Bilan",
    "CampagneDeControle",
    "ChiffreBilan",
    "Contestation",
    "Controle",
    "EcheanceBilan",
    "Engagement",
    "InformationCommission",
    "Moyen",
    "NatureEngagement",
    "NatureMoyen",
    "Passation",
    "Preconisation",
    "RubriqueBilan",
    "SigneNonValide",
]
