"""What the service writes back: acknowledgements of receipt, comments that reopen what they are about."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from convenir.contrat.dossiers.models.dossier import Dossier


class Accuse(models.Model):
    """An acknowledgement: what was received, on which day, and until when the State has to answer."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="accuses", verbose_name="dossier")
    rang = models.PositiveSmallIntegerField("rang")
    recu_le = models.DateField("reçu le")
    delai_mois = models.PositiveSmallIntegerField("délai d'instruction (mois)")
    limite_le = models.DateField("réponse au plus tard le")
    a_confirmer = models.BooleanField("délai à confirmer", default=False)
    tardif = models.BooleanField("reçu après la date de dépôt", default=False)
    contenu = models.JSONField("contenu du document", default=dict)
    sha256 = models.CharField("empreinte du document", max_length=64)
    emis_le = models.DateTimeField("émis le")

    class Meta:
        verbose_name = "accusé de réception"
        verbose_name_plural = "accusés de réception"
        ordering = ["dossier", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "rang"],
                name="accuse_rang",
                violation_error_message="Cet accusé de réception existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(limite_le__gte=F("recu_le")),
                name="accuse_dates",
                violation_error_message="Le délai finit après la réception.",
            ),
        ]

    def __str__(self) -> str:
        return f"Accusé de réception n° {self.rang}"


class Commentaire(models.Model):
    """A remark of the service on one thing of the file (`cibles`). Open, only that may change."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="commentaires", verbose_name="dossier")
    champ = models.CharField("question", max_length=80)
    texte = models.TextField("commentaire")
    auteur_nom = models.CharField("auteur", max_length=201)
    organisation_nom = models.CharField("organisation", max_length=300, blank=True)
    ecrit_le = models.DateTimeField("écrit le")
    avant = models.TextField("réponse au moment du commentaire", blank=True)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    reponse = models.TextField("réponse de la structure", blank=True)
    leve_le = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "commentaire"
        ordering = ["dossier", "champ", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(texte=""),
                name="commentaire_ecrit",
                violation_error_message="Écrivez le commentaire.",
            ),
            models.UniqueConstraint(
                fields=["dossier", "champ"],
                condition=Q(repondu_le=None, leve_le=None),
                name="commentaire_ouvert",
                violation_error_message="Cette question attend déjà une réponse.",
            ),
        ]

    def __str__(self) -> str:
        return self.texte[:80]

    @property
    def ouvert(self) -> bool:
        """Whether the structure has still to answer."""
        return self.repondu_le is None and self.leve_le is None
