"""Slips of the public archives: what is listed, who signed, the visa with its date and its file, what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from convenir.socle.organisations.models import Organisation


class SensBordereau(models.TextChoices):
    """What a slip asks for."""

    ELIMINATION = "elimination", "Élimination"
    VERSEMENT = "versement", "Versement"


class EtatBordereau(models.TextChoices):
    """Where a slip stands."""

    PREPARE = "bordereau_prepare", "Préparé, attend le visa"
    VISE = "bordereau_vise", "Visé"
    REFUSE = "bordereau_refuse", "Visa refusé"
    EXECUTE = "bordereau_execute", "Exécuté"


class Bordereau(models.Model):
    """A slip: signed by the service, then visaed by the Archives; nothing is done before (R. 212-14)."""

    sens = models.CharField("sens", max_length=11, choices=SensBordereau.choices)
    departement = models.ForeignKey(
        "territoires.Departement", models.PROTECT, related_name="+", verbose_name="département"
    )
    service = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="service"
    )
    etat = models.CharField("état", max_length=17, choices=EtatBordereau.choices, default=EtatBordereau.PREPARE)
    signataire = models.CharField("signataire du service", max_length=200)
    qualite = models.CharField("qualité du signataire", max_length=200)
    prepare_le = models.DateField("préparé le")
    prepare_par = models.CharField("préparé par", max_length=201)
    vise_par = models.CharField("visé par", max_length=200, blank=True)
    vise_le = models.DateField("visa du", null=True, blank=True)
    nom_fichier = models.CharField("fichier du visa", max_length=200, blank=True)
    sha256 = models.CharField("empreinte du visa", max_length=64, blank=True)
    motif = models.TextField("motif du refus", blank=True)
    execute_le = models.DateField("exécuté le", null=True, blank=True)

    class Meta:
        verbose_name = "bordereau d'archives"
        verbose_name_plural = "bordereaux d'archives"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(signataire="") & ~Q(qualite=""),
                name="bordereau_signe",
                violation_error_message="Un bordereau porte son signataire et sa qualité.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=["bordereau_vise", "bordereau_execute"])
                | Q(vise_le__gte=F("prepare_le"), sha256__regex=r"^[0-9a-f]{64}$") & ~Q(vise_par=""),
                name="bordereau_visa",
                violation_error_message="Un visa porte sa date, son auteur et son fichier.",
            ),
            models.CheckConstraint(
                condition=Q(execute_le=None) & ~Q(etat="bordereau_execute")
                | Q(etat="bordereau_execute", execute_le__gte=F("vise_le")),
                name="bordereau_execute_apres_visa",
                violation_error_message="Un bordereau s'exécute après son visa.",
            ),
            models.CheckConstraint(
                condition=~Q(etat="bordereau_refuse") | ~Q(motif=""),
                name="bordereau_refus_motive",
                violation_error_message="Un refus porte son motif.",
            ),
        ]

    def __str__(self) -> str:
        return self.numero

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("archives:bordereau", args=[self.pk])

    @property
    def numero(self) -> str:
        """« E-44-12 » : its kind, its département, its rank."""
        return f"{self.sens[:1].upper()}-{self.departement_id}-{self.pk}"


class LigneBordereau(models.Model):
    """A record listed by a slip, as it was when it was listed; `faite_le` once eliminated or taken over."""

    bordereau = models.ForeignKey(Bordereau, models.PROTECT, related_name="lignes", verbose_name="bordereau")
    fonds = models.CharField("fonds", max_length=60)
    cle = models.CharField("clé", max_length=100)
    libelle = models.CharField("libellé", max_length=300)
    debut = models.DateField("date la plus ancienne")
    clos_le = models.DateField("date la plus récente")
    fichiers = models.PositiveIntegerField("nombre de fichiers")
    taille = models.PositiveBigIntegerField("taille en octets")
    empreinte = models.CharField("empreinte de la liste des fichiers", max_length=64)
    faite_le = models.DateField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "ligne d'un bordereau"
        verbose_name_plural = "lignes d'un bordereau"
        ordering = ["bordereau", "fonds", "cle"]
        constraints = [
            models.UniqueConstraint(
                fields=["bordereau", "fonds", "cle"],
                name="ligne_bordereau_cle",
                violation_error_message="Cet article est déjà sur ce bordereau.",
            )
        ]

    def __str__(self) -> str:
        return self.libelle
