"""The five categories of SIAE conventioned under article L5132-4 of the Code du travail, and the EITI experiment."""

from __future__ import annotations

from django.db import models


class Categorie(models.TextChoices):
    """Category of a SIAE: with the ASP id, it is the key of a structure."""

    EI = "EI", "Entreprise d'insertion"
    ETTI = "ETTI", "Entreprise de travail temporaire d'insertion"
    AI = "AI", "Association intermédiaire"
    ACI = "ACI", "Atelier et chantier d'insertion"
    EITI = "EITI", "Entreprise d'insertion par le travail indépendant"
