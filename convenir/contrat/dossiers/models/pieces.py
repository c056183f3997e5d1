"""Pieces joined to a file, and pieces the service has asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from convenir.contrat.dossiers.models.dossier import Dossier
from convenir.contrat.dossiers.models.fichiers import FichierJoint
from convenir.contrat.dossiers.octets import SUFFIXES


class PieceJointe(FichierJoint):
    """A piece as received: bytes kept under their SHA-256, format read from them, never from the name."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="pieces", verbose_name="dossier")
    genre = models.CharField("pièce", max_length=40)
    deposee_le = models.DateTimeField("déposée le")
    deposee_par = models.CharField("déposée par", max_length=201)

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["dossier", "genre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "genre", "sha256"],
                condition=Q(retiree_le=None),
                name="piece_jointe_unique",
                violation_error_message="Ce fichier est déjà joint.",
            ),
            models.CheckConstraint(
                condition=Q(format__in=list(SUFFIXES)),
                name="piece_jointe_format",
                violation_error_message="Ce format de pièce n'est pas admis.",
            ),
        ]


class DemandeDePiece(models.Model):
    """A piece or a precision the service asks for, before a day."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="demandes", verbose_name="dossier")
    genre = models.CharField("pièce", max_length=40)
    precision = models.CharField("ce qui est attendu", max_length=500)
    echeance = models.DateField("à fournir avant la fin du")
    demandee_le = models.DateTimeField("demandée le")
    demandee_par = models.CharField("demandée par", max_length=201)
    fournie_le = models.DateTimeField("fournie le", null=True, blank=True)
    abandonnee_le = models.DateTimeField("abandonnée le", null=True, blank=True)

    class Meta:
        verbose_name = "demande de pièce"
        verbose_name_plural = "demandes de pièces"
        ordering = ["dossier", "echeance", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "genre"],
                condition=Q(fournie_le=None, abandonnee_le=None),
                name="demande_de_piece_ouverte",
                violation_error_message="Cette pièce est déjà demandée.",
            ),
            models.CheckConstraint(
                condition=Q(fournie_le=None) | Q(abandonnee_le=None),
                name="demande_de_piece_une_issue",
                violation_error_message="Une pièce fournie n'est plus abandonnée.",
            ),
            models.CheckConstraint(
                condition=Q(fournie_le=None) | Q(fournie_le__gte=F("demandee_le")),
                name="demande_de_piece_dates",
                violation_error_message="Une pièce est fournie après avoir été demandée.",
            ),
        ]

    def __str__(self) -> str:
        return self.precision

    @property
    def ouverte(self) -> bool:
        """Whether it is still waited for."""
        return self.fournie_le is None and self.abandonnee_le is None
