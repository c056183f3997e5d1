"""Invented records of missions locales: see `docs/generateur-missions-locales.md`."""

from convenir.mesure.donnees.generateur_ml.generation import ResumeGeneration, generer_ml

__all__ = ["ResumeGeneration", "generer_ml"]
