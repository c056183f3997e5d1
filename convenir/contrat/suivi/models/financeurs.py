"""What each funder expects and answers for, and what came of its money: an annex of its own, by year.

The funder is an organisation: who reads an annex is decided by it, never by the spelling of a name. `financeur` is
the name printed, as it was that day. An annex of before may have no organisation: no funder reads it until the
service attaches it.
"""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.rules.moyens import ecart_financier
from convenir.socle.organisations.models import Organisation


class AnnexeDeFinanceur(models.Model):
    """Objectives, responsibilities and plan of one funder for a year; then its compte rendu financier. In euros."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="annexes_de_financeurs", verbose_name="convention"
    )
    annee = models.PositiveSmallIntegerField("année")
    financeur = models.CharField("financeur", max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisation"
    )
    objectifs = models.TextField("objectifs attendus", blank=True)
    responsabilites = models.TextField("responsabilités", blank=True)
    prevu = models.DecimalField("montant prévu (euros)", max_digits=14, decimal_places=2)
    realise = models.DecimalField("montant réalisé (euros)", max_digits=14, decimal_places=2, null=True, blank=True)
    explication = models.TextField("explication de l'écart", blank=True)
    rendu_le = models.DateField("compte rendu le", null=True, blank=True)

    class Meta:
        verbose_name = "annexe d'un financeur"
        verbose_name_plural = "annexes des financeurs"
        ordering = ["convention", "-annee", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "annee", "financeur"],
                name="annexe_de_financeur_cle",
                violation_error_message="Ce financeur a déjà son annexe pour cette année.",
            ),
            models.UniqueConstraint(
                fields=["convention", "annee", "organisation"],
                condition=Q(organisation__isnull=False),
                name="annexe_de_financeur_organisation",
                violation_error_message="Ce financeur a déjà son annexe pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(prevu__gte=0) & (Q(realise=None) | Q(realise__gte=0)) & ~Q(financeur=""),
                name="annexe_de_financeur_montants",
                violation_error_message="Nommez le financeur et donnez des montants positifs.",
            ),
            models.CheckConstraint(
                condition=Q(realise=None) | Q(realise=F("prevu")) | ~Q(explication=""),
                name="annexe_de_financeur_ecart",
                violation_error_message="Expliquez l'écart au plan de financement.",
            ),
            models.CheckConstraint(
                condition=Q(realise=None, rendu_le=None) | Q(realise__isnull=False, rendu_le__isnull=False),
                name="annexe_de_financeur_rendu",
                violation_error_message="Un compte rendu porte sa date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.financeur}, {self.annee}"

    @property
    def ecart(self) -> str:
        """The gap to the plan in words, once the account is given."""
        return "" if self.realise is None else ecart_financier(Decimal(self.prevu), Decimal(self.realise))[1]
