"""Mappings of columns: one for each export that an organisation deposits, under the name it gives it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone


class CorrespondanceDeSource(models.Model):
    """How one export of an organisation is read: named, kept from one delivery to the next."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="organisation",
    )  # fmt: skip
    nom = models.CharField("nom de l'export", max_length=80)
    contenu = models.JSONField("correspondance", default=dict, blank=True)
    modifiee_le = models.DateTimeField("modifiée le", default=timezone.now)
    auteur_nom = models.CharField("modifiée par", max_length=201)

    class Meta:
        verbose_name = "correspondance de colonnes"
        verbose_name_plural = "correspondances de colonnes"
        ordering = ["organisation", "nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "nom"],
                name="correspondance_nom_unique",
                violation_error_message="Une correspondance porte déjà ce nom.",
            ),
            models.UniqueConstraint(
                fields=["nom"],
                condition=Q(organisation__isnull=True),
                name="correspondance_nom_exploitant",
                violation_error_message="Une correspondance porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("donnees:correspondance_nommee", args=[self.pk])
