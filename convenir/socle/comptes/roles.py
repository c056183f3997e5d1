"""The thirteen roles: what a person is for the organisation of a membership."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """A role, held through a membership and never by the person alone."""

    NATIONAL = "national", "Agent national"
    REGIONAL = "regional", "Agent régional"
    DEPARTEMENTAL = "departemental", "Agent départemental"
    SIGNATAIRE = "signataire", "Signataire"
    DIRECTION_STRUCTURE = "direction_structure", "Direction de structure"
    COLLABORATION_STRUCTURE = "collaboration_structure", "Collaboration de structure"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    FINANCEUR = "financeur", "Financeur"
    MEMBRE_CDIAE = "membre_cdiae", "Membre du CDIAE"
    RESEAU = "reseau", "Réseau"
    ANIMATION_REGIONALE = "animation_regionale", "Animation régionale des missions locales"
    DONNEES_NATIONALES = "donnees_nationales", "Données nationales"
    ADMINISTRATION = "administration", "Administration"


ROLES_ETAT = frozenset({Role.NATIONAL, Role.REGIONAL, Role.DEPARTEMENTAL, Role.SIGNATAIRE, Role.DONNEES_NATIONALES})
ROLES_STRUCTURE = frozenset({Role.DIRECTION_STRUCTURE, Role.COLLABORATION_STRUCTURE})
