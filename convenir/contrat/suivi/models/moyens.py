"""Means granted, line by line, and commitments of the parties."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.suivi.rules.moyens import MoyenLu, tenu
from convenir.contrat.suivi.states import EtatMoyen
from convenir.socle.organisations.models import Organisation


class NatureMoyen(models.TextChoices):
    """What a means is, financial or not (circulaire de 2008, annexe 7)."""

    FINANCIER = "financier", "Financement"
    SPE = "spe", "Prestation du service public de l'emploi"
    DLA = "dla", "Appui du dispositif local d'accompagnement"
    BRANCHE = "branche", "Partenariat avec une branche"
    AUTRE = "autre", "Autre moyen"


class Moyen(models.Model):
    """A means promised to the structure; « non livré » says why."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="moyens", verbose_name="convention")
    annee = models.PositiveSmallIntegerField("année")
    nature = models.CharField("nature", max_length=9, choices=NatureMoyen.choices)
    libelle = models.CharField("moyen", max_length=200)
    fournisseur = models.CharField("fournisseur", max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisation"
    )
    quantite = models.DecimalField("quantité", max_digits=14, decimal_places=2, null=True, blank=True)
    unite = models.CharField("unité", max_length=40, blank=True, help_text="euros, journées, places…")
    prevu_le = models.DateField("prévu le", null=True, blank=True)
    objectif = models.ForeignKey(
        Objectif,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="moyens",
        verbose_name="objectif de la convention",
    )
    objectif_servi = models.CharField("objectif servi", max_length=200, blank=True)
    etat = models.CharField("état", max_length=9, choices=EtatMoyen.choices, default=EtatMoyen.PROMIS)
    etat_le = models.DateField("livré ou manqué le", null=True, blank=True)
    motif = models.CharField("pourquoi", max_length=500, blank=True)

    class Meta:
        verbose_name = "moyen accordé"
        verbose_name_plural = "moyens accordés"
        ordering = ["convention", "annee", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(libelle="") & ~Q(fournisseur=""),
                name="moyen_nomme",
                violation_error_message="Nommez le moyen et qui le fournit.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatMoyen.NON_LIVRE) | ~Q(motif=""),
                name="moyen_manque_motive",
                violation_error_message="Dites pourquoi le moyen n'a pas été livré.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatMoyen.PROMIS) | Q(etat_le__isnull=False),
                name="moyen_etat_date",
                violation_error_message="Un moyen livré ou manqué porte sa date.",
            ),
            models.CheckConstraint(
                condition=Q(quantite=None) | Q(quantite__gte=0),
                name="moyen_quantite",
                violation_error_message="Une quantité est positive.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def lu(self) -> MoyenLu:
        """The means as the rules read it."""
        return MoyenLu(self.libelle, self.fournisseur, self.etat, self.motif)


class NatureEngagement(models.TextChoices):
    """What a party commits to."""

    ORIENTATIONS = "orientations", "Orientation de personnes"
    OFFRES = "offres", "Dépôt d'offres d'emploi"
    AUTRE = "autre", "Autre engagement"


class Engagement(models.Model):
    """A commitment for a year: of a prescriber (how many people, which profile, which delay), or of the structure."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="engagements", verbose_name="convention")
    annee = models.PositiveSmallIntegerField("année")
    de_la_structure = models.BooleanField("engagement de la structure", default=False)
    partie = models.CharField("partie", max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisation"
    )
    nature = models.CharField("nature", max_length=12, choices=NatureEngagement.choices)
    nombre = models.PositiveIntegerField("nombre promis", null=True, blank=True)
    profil = models.CharField("profil des personnes, ou contenu", max_length=300, blank=True)
    delai_jours = models.PositiveSmallIntegerField("délai en jours", null=True, blank=True)
    referent = models.CharField("fonction du référent", max_length=200, blank=True)
    realise = models.PositiveIntegerField("réalisé", null=True, blank=True)
    realise_note = models.CharField("explication", max_length=500, blank=True)

    class Meta:
        verbose_name = "engagement"
        ordering = ["convention", "annee", "de_la_structure", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(partie=""),
                name="engagement_partie",
                violation_error_message="Dites qui s'engage.",
            ),
            models.CheckConstraint(
                condition=Q(nombre__isnull=False) | ~Q(profil=""),
                name="engagement_contenu",
                violation_error_message="Donnez un nombre ou un contenu à l'engagement.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partie} : {self.get_nature_display()}"

    @property
    def tenu(self) -> str:
        """What came of it."""
        return tenu(self.nombre, self.realise)
