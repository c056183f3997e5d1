"""Aggregated sources, for those who never see the nominative delivery; and how a deposit is recognised."""

from convenir.mesure.donnees.sources.detection import detecter
from convenir.mesure.donnees.sources.lecture import receptionner_agregat

__all__ = ["detecter", "receptionner_agregat"]
