"""Invented national landmarks, so that the demonstration shows what an imported aggregate looks like."""

from __future__ import annotations

from pathlib import Path

from convenir.mesure.indicateurs.actions import importer_agregats
from convenir.socle.comptes.acteur import Acteur

FICHIER = Path(__file__).with_name("reperes_fictifs.csv")


def charger_reperes(acteur: Acteur) -> int:
    """Import the invented aggregates of France; return how many values were read."""
    return importer_agregats(FICHIER, auteur=acteur.auteur)
