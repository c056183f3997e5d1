"""The opinion of a commission on a version, as its secretariat records it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from convenir.contrat.conventions.models.pieces import Piece
from convenir.contrat.conventions.models.versions import Version


class SensAvis(models.TextChoices):
    """What the commission said."""

    FAVORABLE = "favorable", "Favorable"
    RESERVES = "reserves", "Favorable avec réserves"
    DEFAVORABLE = "defavorable", "Défavorable"
    AJOURNE = "ajourne", "Ajourné"


class Avis(models.Model):
    """The opinion of the CDIAE, or since 1 July 2024 of the specialised commission, on the terms as they were then.

    `instance` is its name on the day: « commission spécialisée de l'inclusion (avant juillet 2024 : CDIAE) ».
    """

    version = models.ForeignKey(Version, models.PROTECT, related_name="avis", verbose_name="version")
    instance = models.CharField("instance", max_length=200)
    jour = models.DateField("date de l'avis")
    sens = models.CharField("sens", max_length=11, choices=SensAvis.choices)
    motifs = models.TextField("motifs", blank=True)
    electronique = models.BooleanField("consultation électronique", default=False)
    postes = models.DecimalField("postes soumis (ETP)", max_digits=12, decimal_places=4, null=True, blank=True)
    empreinte = models.CharField("empreinte des termes soumis", max_length=64)
    piece = models.ForeignKey(
        Piece, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fichier de l'avis"
    )
    enregistre_le = models.DateTimeField("enregistré le")
    enregistre_par = models.CharField("enregistré par", max_length=201)

    class Meta:
        verbose_name = "avis"
        verbose_name_plural = "avis"
        ordering = ["version", "jour", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sens__in=SensAvis.values),
                name="avis_sens",
                violation_error_message="Ce sens d'avis n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(sens=SensAvis.FAVORABLE) | ~Q(motifs=""),
                name="avis_motive",
                violation_error_message="Un avis réservé, défavorable ou ajourné porte ses motifs.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_sens_display()} du {self.jour}"
