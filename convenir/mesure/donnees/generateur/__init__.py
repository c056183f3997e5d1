"""Invented deliveries in exactly the formats of the ASP: see `docs/generateur.md`."""

from convenir.mesure.donnees.generateur.fluxiae import ResumeGeneration, generer_fluxiae
from convenir.mesure.donnees.generateur.mini import generer_mini

__all__ = ["ResumeGeneration", "generer_fluxiae", "generer_mini"]
