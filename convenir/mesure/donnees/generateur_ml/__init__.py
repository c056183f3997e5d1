"""Invented records of missions locales: see `docs/generateur-missions-locales.md`."""

from convenir.mesure.donnees.generateur_ml.generation import ResumeGeneration, generer_ml
from convenir.mesure.donnees.generateur_ml.mini import attendus_mini, ecrire_tables_ml, generer_mini_ml, tables_mini

__all__ = ["ResumeGeneration", "attendus_mini", "ecrire_tables_ml", "generer_mini_ml", "generer_ml", "tables_mini"]
