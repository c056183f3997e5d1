"""The yearly bilan d'activité of a convention, its six items, its figures in two sources."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.rules.bilan import CHIFFRES, RUBRIQUES, Depot, Ecart, delai_du_depot, depot
from convenir.contrat.suivi.states import EtatBilan


class EcheanceBilan(models.Model):
    """The day a service sets for the bilans of a year: no text sets one."""

    departement = models.ForeignKey(
        "territoires.Departement", models.PROTECT, related_name="+", verbose_name="département"
    )
    annee = models.PositiveSmallIntegerField("année du bilan")
    echeance = models.DateField("à déposer au plus tard le")
    fixee_le = models.DateTimeField("fixée le")
    fixee_par = models.CharField("fixée par", max_length=201)

    class Meta:
        verbose_name = "échéance des bilans"
        verbose_name_plural = "échéances des bilans"
        constraints = [
            models.UniqueConstraint(
                fields=["departement", "annee"],
                name="echeance_bilan_cle",
                violation_error_message="L'échéance de ces bilans est déjà fixée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.departement_id} {self.annee}"


class Bilan(models.Model):
    """The bilan d'activité of one year (R. 5132-3), written by the structure."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="bilans", verbose_name="convention")
    annee = models.PositiveSmallIntegerField("année")
    etat = models.CharField("état", max_length=16, choices=EtatBilan.choices, default=EtatBilan.BROUILLON)
    ouvert_le = models.DateTimeField("ouvert le")
    depose_le = models.DateField("déposé le", null=True, blank=True)
    echeance = models.DateField("attendu le", null=True, blank=True)
    motif = models.TextField("motif du dernier renvoi", blank=True)
    sans_compte_rendu = models.TextField("motif du dépôt sans tous les comptes rendus financiers", blank=True)
    compte_rendu_attendu_le = models.DateField("comptes rendus manquants attendus le", null=True, blank=True)

    class Meta:
        verbose_name = "bilan d'activité"
        verbose_name_plural = "bilans d'activité"
        ordering = ["-annee", "convention"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "annee"],
                name="bilan_cle",
                violation_error_message="Le bilan de cette année existe déjà.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatBilan.BROUILLON) | Q(depose_le__isnull=False),
                name="bilan_depose_date",
                violation_error_message="Un bilan déposé porte sa date.",
            ),
            models.CheckConstraint(
                condition=Q(compte_rendu_attendu_le=None)
                | Q(depose_le__isnull=False, compte_rendu_attendu_le__gte=F("depose_le")),
                name="bilan_compte_rendu_attendu",
                violation_error_message="Un compte rendu attendu vient après le dépôt du bilan.",
            ),
        ]

    def __str__(self) -> str:
        return f"Bilan {self.annee}, {self.convention.reference}"

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("suivi:bilan", args=[self.convention.reference, self.annee])

    @property
    def depot(self) -> Depot | None:
        """Whether it came in time; None while it is written."""
        return depot(self.depose_le, self.echeance) if self.depose_le else None

    @property
    def delai(self) -> str:
        """The same in words."""
        return delai_du_depot(self.depose_le, self.echeance) if self.depose_le else "pas encore déposé"

    def retard_au(self, jour: date) -> int:
        """Return the days of delay of a bilan not filed yet, on a day."""
        if self.depose_le or self.echeance is None:
            return 0
        return max(0, (jour - self.echeance).days)


class RubriqueBilan(models.Model):
    """What the structure writes of one of the six legal items."""

    bilan = models.ForeignKey(Bilan, models.CASCADE, related_name="rubriques", verbose_name="bilan")
    code = models.CharField("rubrique", max_length=20, choices=[(r.code, r.titre) for r in RUBRIQUES])
    texte = models.TextField("texte", blank=True)
    repris = models.BooleanField("repris de l'année précédente, à confirmer", default=False)

    class Meta:
        verbose_name = "rubrique du bilan"
        verbose_name_plural = "rubriques du bilan"
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "code"],
                name="rubrique_bilan_cle",
                violation_error_message="Cette rubrique existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.get_code_display()


class ChiffreBilan(models.Model):
    """A figure as the extranet gave it and as the structure counts it; the gap, its reason, what was decided."""

    EXTRANET, STRUCTURE = "extranet", "structure"
    bilan = models.ForeignKey(Bilan, models.CASCADE, related_name="chiffres", verbose_name="bilan")
    code = models.CharField("chiffre", max_length=20, choices=list(CHIFFRES.items()))
    extranet = models.DecimalField("extranet", max_digits=16, decimal_places=6, null=True, blank=True)
    extranet_origine = models.CharField("origine", max_length=200, blank=True)
    structure = models.DecimalField("structure", max_digits=16, decimal_places=6, null=True, blank=True)
    motif = models.TextField("motif de l'écart", blank=True)
    decision = models.CharField(
        "chiffre retenu",
        max_length=9,
        blank=True,
        choices=[(EXTRANET, "Celui de l'extranet"), (STRUCTURE, "Celui de la structure")],
    )
    decide_par = models.CharField("décidé par", max_length=201, blank=True)
    decide_le = models.DateTimeField("décidé le", null=True, blank=True)

    class Meta:
        verbose_name = "chiffre du bilan"
        verbose_name_plural = "chiffres du bilan"
        ordering = ["bilan", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bilan", "code"],
                name="chiffre_bilan_cle",
                violation_error_message="Ce chiffre est déjà dans le bilan.",
            ),
            models.CheckConstraint(
                condition=Q(decision="") | ~Q(motif="") & Q(decide_le__isnull=False),
                name="chiffre_bilan_decision",
                violation_error_message="Une décision porte son motif et sa date.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()

    @property
    def ecart(self) -> Ecart:
        """The gap of the two sources."""
        return Ecart(self.code, CHIFFRES[self.code], self.extranet, self.structure)
