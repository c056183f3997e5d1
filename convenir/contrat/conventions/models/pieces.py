"""Files of a convention: what was received or produced, kept by its fingerprint."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from convenir.contrat.conventions.models.convention import Convention
from convenir.contrat.conventions.models.versions import Version


class GenrePiece(models.TextChoices):
    """What a file is."""

    ACTE = "acte", "Acte à signer"
    SCAN = "scan", "Scan à comparer"
    ACTE_SIGNE = "acte_signe", "Acte signé"
    AVIS = "avis", "Avis de la commission"
    SUBSTITUT = "substitut", "Substitut d'une signature"
    DELIBERATION = "deliberation", "Délibération"
    DECISION = "decision", "Décision"
    NOTIFICATION = "notification", "Preuve de notification"
    COURRIER = "courrier", "Courrier"
    OBSERVATIONS = "observations", "Observations de la structure"
    REPRISE = "reprise", "Acte repris"
    AUTRE = "autre", "Autre pièce"


class Piece(models.Model):
    """A file attached to a convention; its bytes are in `socle/documents`, under their SHA-256."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="pieces", verbose_name="convention")
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="pieces", verbose_name="version"
    )
    genre = models.CharField("genre", max_length=15, choices=GenrePiece.choices)
    nom = models.CharField("nom", max_length=200)
    sha256 = models.CharField("empreinte", max_length=64)
    suffixe = models.CharField("extension", max_length=6)
    taille = models.PositiveIntegerField("taille en octets")
    pages = models.PositiveSmallIntegerField("pages", null=True, blank=True)
    jour = models.DateField("date de la pièce")
    deposee_le = models.DateTimeField("déposée le")
    deposee_par = models.CharField("déposée par", max_length=201)

    class Meta:
        verbose_name = "pièce"
        ordering = ["convention", "-jour", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="piece_empreinte",
                violation_error_message="L'empreinte d'une pièce compte 64 signes.",
            )
        ]

    def __str__(self) -> str:
        return self.nom
