"""Life in an office: hand-over, take-over, acts the ASP does not know yet, disputed figures, informed commissions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from convenir.contrat.conventions.models import Version
from convenir.contrat.suivi.states import EtatContestation
from convenir.socle.organisations.models import Structure


class Passation(models.Model):
    """Every convention of one person handed to another, in one act."""

    departement = models.ForeignKey(
        "territoires.Departement", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="département"
    )
    cedant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="cède")
    repreneur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="reprend")
    conventions = models.PositiveIntegerField("conventions transmises")
    motif = models.CharField("motif", max_length=300, blank=True)
    faite_le = models.DateTimeField("faite le")
    faite_par = models.CharField("faite par", max_length=201)

    class Meta:
        verbose_name = "passation"
        ordering = ["-faite_le", "-pk"]

    def __str__(self) -> str:
        return f"{self.cedant} à {self.repreneur}"


class SigneNonValide(models.Model):
    """A version signed here that no valid annexe of the ASP carries yet; the import that brings one closes it."""

    version = models.OneToOneField(Version, models.PROTECT, related_name="validation_asp", verbose_name="version")
    ouvert_le = models.DateField("signé ici le")
    clos_le = models.DateField("validé à l'ASP, lu le", null=True, blank=True)
    annexe_lue = models.ForeignKey(
        "donnees.AnnexeLue", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="annexe lue"
    )

    class Meta:
        verbose_name = "acte signé, non valide à l'ASP"
        verbose_name_plural = "actes signés, non valides à l'ASP"
        ordering = ["ouvert_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(clos_le=None, annexe_lue=None) | Q(clos_le__isnull=False, annexe_lue__isnull=False),
                name="signe_non_valide_clos",
                violation_error_message="La validation à l'ASP porte l'annexe qui la prouve.",
            )
        ]

    def __str__(self) -> str:
        return str(self.version)


class Contestation(models.Model):
    """A figure that a direction disputes, shown until a delivery brings another one."""

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="contestations", verbose_name="structure")
    indicateur = models.CharField("indicateur", max_length=60)
    periode = models.CharField("période", max_length=13)
    libelle = models.CharField("chiffre", max_length=200)
    valeur_montree = models.CharField("valeur montrée", max_length=60)
    valeur_dite = models.CharField("valeur selon la structure", max_length=60, blank=True)
    explication = models.TextField("explication")
    etat = models.CharField("état", max_length=20, choices=EtatContestation.choices, default=EtatContestation.OUVERTE)
    ouverte_le = models.DateTimeField("ouverte le")
    ouverte_par = models.CharField("ouverte par", max_length=201)
    reponse = models.TextField("réponse du service", blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    valeur_nouvelle = models.CharField("valeur après correction", max_length=60, blank=True)

    class Meta:
        verbose_name = "contestation d'un chiffre"
        verbose_name_plural = "contestations de chiffres"
        ordering = ["-ouverte_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "indicateur", "periode"],
                condition=Q(etat__in=[EtatContestation.OUVERTE, EtatContestation.A_LA_SOURCE]),
                name="contestation_ouverte",
                violation_error_message="Ce chiffre est déjà contesté.",
            ),
            models.CheckConstraint(
                condition=~Q(explication=""),
                name="contestation_expliquee",
                violation_error_message="Expliquez ce qui ne va pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.libelle}, {self.structure}"


class InformationCommission(models.Model):
    """What the commission of a département was told, on a day: progress of the conventions, structures at risk."""

    departement = models.ForeignKey(
        "territoires.Departement", models.PROTECT, related_name="+", verbose_name="département"
    )
    jour = models.DateField("jour")
    texte = models.TextField("message du service", blank=True)
    lignes = models.JSONField("conventions présentées", default=list)
    faite_par = models.CharField("faite par", max_length=201)
    faite_le = models.DateTimeField("enregistrée le")

    class Meta:
        verbose_name = "information de la commission"
        verbose_name_plural = "informations de la commission"
        ordering = ["-jour", "-pk"]

    def __str__(self) -> str:
        return f"Commission {self.departement_id}, {self.jour:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("suivi:information", args=[self.pk])

    @property
    def en_difficulte(self) -> int:
        """How many of the structures presented were in difficulty."""
        return sum(bool(ligne.get("difficulte")) for ligne in self.lignes)
