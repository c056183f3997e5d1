"""Access tokens: a program acts under one membership, with its rights and no more."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from convenir.socle.comptes.models import Adhesion


class Jeton(models.Model):
    """A token; only its SHA-256 is kept."""

    adhesion = models.ForeignKey(Adhesion, models.CASCADE, related_name="jetons", verbose_name="adhésion")
    libelle = models.CharField("à quoi il sert", max_length=100)
    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    cree_le = models.DateTimeField("créé le")
    expire_le = models.DateTimeField("expire le")
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)

    class Meta:
        verbose_name = "jeton"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expire_le__gt=F("cree_le")),
                name="jeton_dates",
                violation_error_message="Un jeton expire après sa création.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle
