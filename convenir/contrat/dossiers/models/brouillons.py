"""Short forms written by several people: the version each has read, and what one has typed without sending it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenir.contrat.dossiers.models.dossier import Dossier


class Brouillon(models.Model):
    """What a person has typed of an action or of a line, and not sent: theirs alone, proposed back by the form.

    `cible` names it as a remark would (`cibles`); the axis is an action to add, the plan a funder to add.
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="brouillons", verbose_name="dossier")
    cible = models.CharField("ce qui s'écrit", max_length=80)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="auteur")
    saisie = models.JSONField("saisie", default=dict)
    lue = models.CharField("version lue", max_length=40, blank=True)
    ecrit_le = models.DateTimeField("écrit le")

    class Meta:
        verbose_name = "brouillon"
        ordering = ["dossier", "cible", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "cible", "auteur"],
                name="brouillon_cle",
                violation_error_message="Ce brouillon existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.cible
