"""Long works asked for from a page and done in the background: who asked, how far, what came of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse


class GenreOperation(models.TextChoices):
    """What is done."""

    LOT = "lot", "Avenants et annexes d'une année"
    REPRISE = "reprise", "Reprise de conventions nées ailleurs"
    ANNEXES = "annexes", "Reprise des conventions en cours"


class EtatOperation(models.TextChoices):
    """Where it stands."""

    DEMANDEE = "demandee", "Demandée"
    EN_COURS = "en_cours", "En cours"
    FINIE = "finie", "Finie"
    ECHOUEE = "echouee", "Échouée"


class Operation(models.Model):
    """One long work; `rapport` is a list of plain lines, `progression` a share in percent."""

    genre = models.CharField("genre", max_length=10, choices=GenreOperation.choices)
    departement = models.ForeignKey(
        "territoires.Departement", models.PROTECT, related_name="+", verbose_name="département"
    )
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    essai = models.BooleanField("essai", default=True)
    etat = models.CharField("état", max_length=10, choices=EtatOperation.choices, default=EtatOperation.DEMANDEE)
    progression = models.PositiveSmallIntegerField("progression en %", default=0)
    archive = models.CharField("empreinte de l'archive reçue", max_length=64, blank=True)
    archive_nom = models.CharField("nom de l'archive reçue", max_length=200, blank=True)
    message = models.TextField("message", blank=True)
    rapport = models.JSONField("rapport", default=list, blank=True)
    demandee_le = models.DateTimeField("demandée le")
    demandee_par = models.CharField("demandée par", max_length=201)
    finie_le = models.DateTimeField("finie le", null=True, blank=True)

    class Meta:
        verbose_name = "opération en masse"
        verbose_name_plural = "opérations en masse"
        ordering = ["-demandee_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=EtatOperation.values, progression__lte=100),
                name="operation_etat",
                violation_error_message="Une opération a un état connu et une progression de 100 % au plus.",
            ),
            models.CheckConstraint(
                condition=~Q(genre=GenreOperation.LOT) | Q(annee__isnull=False),
                name="operation_lot_annee",
                violation_error_message="Un lot d'annexes a son année.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatOperation.ECHOUEE) | ~Q(message=""),
                name="operation_echec_dit",
                violation_error_message="Une opération échouée dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}, {self.departement_id}"

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("conventions:operation", args=[self.pk])

    @property
    def en_cours(self) -> bool:
        """Whether it is still to be done, or being done."""
        return self.etat in {EtatOperation.DEMANDEE, EtatOperation.EN_COURS}

    @property
    def comptes(self) -> dict[str, int]:
        """How many lines of the report by outcome."""
        comptes: dict[str, int] = {}
        ligne: dict[str, Any]
        for ligne in self.rapport:
            comptes[ligne["issue"]] = comptes.get(ligne["issue"], 0) + 1
        return comptes
