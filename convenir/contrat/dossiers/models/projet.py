"""The projet d'insertion (or the offer of service): actions by axis, and what is written freely."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from convenir.contrat.dossiers.models.dossier import Dossier
from convenir.contrat.dossiers.models.versions import LigneVersionnee
from convenir.socle.organisations.models import Organisation


class ActionProjet(LigneVersionnee):
    """An action of an axis. `element` is the item of the référentiel it takes; empty, the structure added it."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="actions", verbose_name="dossier")
    axe = models.CharField("axe", max_length=20)
    element = models.CharField("élément du référentiel", max_length=60, blank=True)
    intitule = models.CharField("action", max_length=300)
    moyens = models.TextField("moyens", blank=True)
    calendrier = models.CharField("calendrier", max_length=300, blank=True)
    indicateur = models.CharField("indicateur", max_length=300, blank=True)
    preuve = models.CharField("preuve", max_length=300, blank=True)
    orientation = models.CharField(
        "orientation du plan départemental servie",
        max_length=300,
        blank=True,
        help_text="PDIAE, puis plan de la commission",
    )
    attendue_par = models.CharField("partie qui l'attend", max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisation qui l'attend"
    )
    nouvelle = models.BooleanField("problématique nouvelle", default=False)
    a_confirmer = models.BooleanField("à confirmer", default=False)
    origine = models.CharField("origine", max_length=200, blank=True)
    ecrite_le = models.DateTimeField("écrite le")

    class Meta:
        verbose_name = "action du projet"
        verbose_name_plural = "actions du projet"
        ordering = ["dossier", "axe", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(intitule=""),
                name="action_projet_nommee",
                violation_error_message="Donnez un intitulé à l'action.",
            ),
            models.CheckConstraint(
                condition=Q(a_confirmer=False) | ~Q(origine=""),
                name="action_projet_origine",
                violation_error_message="Une action reprise dit d'où elle vient.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    @property
    def est_ajoutee(self) -> bool:
        """Whether the structure added it to the référentiel."""
        return not self.element


class PresentationLibre(models.Model):
    """What a structure writes of an axis in its own way; enough by itself, without any action."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="presentations", verbose_name="dossier")
    axe = models.CharField("axe", max_length=20)
    texte = models.TextField("texte", blank=True)
    version = models.PositiveIntegerField("version", default=1)
    a_confirmer = models.BooleanField("à confirmer", default=False)
    origine = models.CharField("origine", max_length=200, blank=True)
    modifiee_le = models.DateTimeField("modifiée le")
    modifiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="modifiée par"
    )

    class Meta:
        verbose_name = "présentation libre d'un axe"
        verbose_name_plural = "présentations libres"
        ordering = ["dossier", "axe"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "axe"],
                name="presentation_libre_cle",
                violation_error_message="Cet axe a déjà son texte.",
            ),
            models.CheckConstraint(
                condition=Q(a_confirmer=False) | ~Q(origine=""),
                name="presentation_libre_origine",
                violation_error_message="Un texte repris dit d'où il vient.",
            ),
        ]

    def __str__(self) -> str:
        return self.axe
