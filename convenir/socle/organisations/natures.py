"""What an organisation is: a list apart from the models, read where they cannot be."""

from __future__ import annotations

from django.db.models import TextChoices


class Nature(TextChoices):
    """What an organisation is."""

    SERVICE_ETAT = "service_etat", "Service de l'État"
    SIAE_PORTEUR = "porteur", "Organisme porteur de SIAE"
    MISSION_LOCALE = "mission_locale", "Mission locale"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    COLLECTIVITE = "collectivite", "Collectivité ou autre financeur"
    RESEAU = "reseau", "Réseau"
    PLATEFORME = "plateforme", "Exploitant de la plateforme"
