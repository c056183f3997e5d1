"""What is to be done, by whom and before when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Risque(models.IntegerChoices):
    """What is at stake if the task is not done; the greater comes first at equal dates."""

    ORDINAIRE = 0, "ordinaire"
    ELEVE = 1, "élevé"
    MAJEUR = 2, "majeur"


class Tache(models.Model):
    """A task for a person or for everyone of an organisation, about one object."""

    destinataire = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taches",
        verbose_name="destinataire",
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="taches", verbose_name="organisation"
    )
    structure = models.ForeignKey(
        "organisations.Structure",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="taches",
        verbose_name="structure",
    )
    code = models.CharField("code", max_length=100)
    objet = models.CharField("clé de l'objet", max_length=200)
    libelle = models.CharField("ce qu'il faut faire", max_length=300)
    pourquoi = models.CharField("pourquoi", max_length=500, blank=True)
    url = models.CharField("adresse de la page", max_length=500, blank=True)
    echeance = models.DateField("échéance", null=True, blank=True)
    risque = models.PositiveSmallIntegerField("risque", choices=Risque.choices, default=Risque.ORDINAIRE)
    proposee_le = models.DateTimeField("proposée le")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "tâche"
        verbose_name_plural = "tâches"
        ordering = ["echeance", "-risque", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code", "objet"],
                condition=Q(faite_le=None),
                name="taches_une_ouverte",
                violation_error_message="Cette tâche est déjà à faire.",
            ),
            models.CheckConstraint(
                condition=Q(risque__in=Risque.values),
                name="taches_risque",
                violation_error_message="Ce niveau de risque n'existe pas.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "echeance"], condition=Q(faite_le=None), name="taches_ouvertes")
        ]

    def __str__(self) -> str:
        return self.libelle
