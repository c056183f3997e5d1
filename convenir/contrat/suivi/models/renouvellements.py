"""The shared analysis at the end of a convention, and what it recommends over several years."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.rules.renouvellement import PROPOSITIONS, Issue


class AnalyseDeResultats(models.Model):
    """Met: a stronger partnership is proposed. Not met: the four causes, the solutions (circular of 2008, annex 7)."""

    convention = models.OneToOneField(Convention, models.PROTECT, related_name="analyse", verbose_name="convention")
    issue = models.CharField("issue", max_length=12, choices=[(i.value, i.value) for i in Issue])
    partenariat = models.TextField("partenariat renforcé proposé", blank=True)
    contexte = models.TextField("évolution du contexte", blank=True)
    difficultes = models.TextField("difficultés particulières", blank=True)
    organisation = models.TextField("organisation de la structure", blank=True)
    publics = models.TextField("adéquation des publics accueillis", blank=True)
    solutions = models.TextField("solutions", blank=True)
    faite_le = models.DateTimeField("faite le")
    faite_par = models.CharField("faite par", max_length=201)

    class Meta:
        verbose_name = "analyse des résultats"
        verbose_name_plural = "analyses des résultats"
        constraints = [
            models.CheckConstraint(
                condition=~Q(issue=Issue.NON_ATTEINT)
                | Q(solutions__gt="")
                & (Q(contexte__gt="") | Q(difficultes__gt="") | Q(organisation__gt="") | Q(publics__gt="")),
                name="analyse_non_atteinte_expliquee",
                violation_error_message="Objectifs non atteints : dites au moins une cause et les solutions.",
            )
        ]

    def __str__(self) -> str:
        return f"Analyse de {self.convention.reference}"

    @property
    def proposition(self) -> str:
        """What the text invites to."""
        return PROPOSITIONS[Issue(self.issue)]


class Preconisation(models.Model):
    """A recommendation, with its year; the convention that follows carries it on."""

    OUVERTE, FAITE, ABANDONNEE = "ouverte", "faite", "abandonnee"
    ETATS = ((OUVERTE, "À faire"), (FAITE, "Faite"), (ABANDONNEE, "Abandonnée"))
    analyse = models.ForeignKey(
        AnalyseDeResultats, models.CASCADE, related_name="preconisations", verbose_name="analyse"
    )
    libelle = models.CharField("préconisation", max_length=300)
    horizon = models.PositiveSmallIntegerField("à réaliser en")
    porteur = models.CharField("portée par", max_length=200, blank=True)
    etat = models.CharField(
        "état",
        max_length=10,
        default=OUVERTE,
        choices=ETATS,
    )
    suite = models.CharField("ce qu'il en est", max_length=500, blank=True)

    class Meta:
        verbose_name = "préconisation"
        ordering = ["analyse", "horizon", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat="abandonnee") | ~Q(suite=""),
                name="preconisation_abandon_motive",
                violation_error_message="Dites pourquoi la préconisation est abandonnée.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle
