"""Journal of the moves of a convention, for its page; the general journal keeps the proof."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenir.contrat.conventions.models.convention import Convention
from convenir.contrat.conventions.models.versions import Version
from convenir.contrat.conventions.states import TRANSITIONS


class Passage(models.Model):
    """One move made: by whom, for which organisation, on which day, and why when a reason was asked."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="passages", verbose_name="convention")
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="passages", verbose_name="version"
    )
    transition = models.CharField("transition", max_length=40)
    depuis = models.CharField("depuis", max_length=25)
    vers = models.CharField("vers", max_length=25)
    jour = models.DateField("jour de l'acte")
    enregistre_le = models.DateTimeField("enregistré le")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    auteur_nom = models.CharField("nom de l'auteur", max_length=201)
    organisation_nom = models.CharField("organisation", max_length=300, blank=True)
    motif = models.TextField("motif", blank=True)

    class Meta:
        verbose_name = "passage"
        ordering = ["convention", "pk"]

    def __str__(self) -> str:
        return TRANSITIONS[self.transition].libelle
