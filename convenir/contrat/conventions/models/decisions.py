"""Adverse decisions and the breach procedure that may lead to them (R. 5132-5, R. 5132-6, R. 5132-32, R. 5132-43)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from convenir.contrat.conventions.models.convention import Convention
from convenir.contrat.conventions.models.pieces import Piece


class GenreDecision(models.TextChoices):
    """What is decided against the structure."""

    REFUS = "refus", "Refus de conventionner"
    SUSPENSION = "suspension", "Suspension des versements"
    RESILIATION = "resiliation", "Résiliation"
    REPRISE = "reprise_sommes", "Reprise de sommes"
    CONTROLE = "controle", "Suites d'un contrôle de l'éligibilité"


class Decision(models.Model):
    """An adverse decision: complete before it is taken, notified with proof, open to a *recours gracieux*."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="decisions", verbose_name="convention")
    genre = models.CharField("genre", max_length=14, choices=GenreDecision.choices)
    faits = models.TextField("faits")
    articles = models.CharField("articles", max_length=300)
    signataire = models.CharField("signataire", max_length=200)
    qualite = models.CharField("qualité du signataire", max_length=200)
    fondement = models.CharField("délégation de signature", max_length=300, blank=True)
    voies = models.TextField("voies et délais de recours")
    algorithmique = models.BooleanField(
        "traitement algorithmique mentionné", default=False, help_text="CRPA, article L. 311-3-1"
    )
    montant = models.DecimalField("sommes à reprendre", max_digits=14, decimal_places=2, null=True, blank=True)
    effet_du = models.DateField(
        "auto-prescription suspendue du", null=True, blank=True, help_text="suites d'un contrôle seulement"
    )
    effet_au = models.DateField("suspendue jusqu'au (exclu)", null=True, blank=True)
    prise_le = models.DateField("prise le")
    notifiee_le = models.DateField("notifiée le", null=True, blank=True)
    preuve = models.ForeignKey(
        Piece, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="preuve de notification"
    )
    recours_le = models.DateField("recours gracieux reçu le", null=True, blank=True)
    recours_objet = models.TextField("objet du recours", blank=True)
    reponse_le = models.DateField("réponse au recours le", null=True, blank=True)
    reponse = models.TextField("réponse au recours", blank=True)
    accueilli = models.BooleanField("recours accueilli", null=True, blank=True)

    class Meta:
        verbose_name = "décision"
        ordering = ["convention", "-prise_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(faits="") & ~Q(articles="") & ~Q(signataire="") & ~Q(qualite="") & ~Q(voies=""),
                name="decision_complete",
                violation_error_message="Une décision dit ses faits, ses articles, son signataire et les recours.",
            ),
            models.CheckConstraint(
                condition=Q(notifiee_le=None, preuve=None) | Q(notifiee_le__gte=F("prise_le"), preuve__isnull=False),
                name="decision_notifiee",
                violation_error_message="Une notification porte sa date, après la décision, et sa preuve.",
            ),
            models.CheckConstraint(
                condition=Q(recours_le=None) | Q(notifiee_le__isnull=False, recours_le__gte=F("notifiee_le")),
                name="decision_recours",
                violation_error_message="Un recours vient après la notification.",
            ),
            models.CheckConstraint(
                condition=Q(reponse_le=None, accueilli=None, reponse="")
                | Q(recours_le__isnull=False, reponse_le__gte=F("recours_le"), accueilli__isnull=False)
                & ~Q(reponse=""),
                name="decision_reponse",
                violation_error_message="Une réponse à un recours porte sa date, son sens et ses raisons.",
            ),
            models.CheckConstraint(
                condition=Q(montant=None) | Q(montant__gt=0),
                name="decision_montant",
                violation_error_message="Une somme à reprendre est positive.",
            ),
            models.CheckConstraint(
                condition=Q(effet_du=None, effet_au=None)
                | Q(genre="controle", effet_du__gte=F("prise_le"))
                & (Q(effet_au=None) | Q(effet_au__gt=F("effet_du"))),
                name="decision_suspension",
                violation_error_message="Une suspension de l'auto-prescription suit un contrôle, commence au plus tôt "
                "le jour de la décision et finit après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=~Q(genre="controle")
                | Q(algorithmique=True) & (Q(effet_du__isnull=False) | Q(montant__isnull=False)),
                name="decision_controle",
                violation_error_message="Une décision qui suit un contrôle suspend ou reprend, et dit le tirage.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}, {self.convention.reference}"

    @property
    def rapportee(self) -> bool:
        """Whether an appeal was accepted: what it decided no longer applies."""
        return self.accueilli is True


class Manquement(models.Model):
    """A breach procedure: registered letter, at least one month for observations, decision, sums to reclaim."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="manquements", verbose_name="convention")
    faits = models.TextField("faits reprochés")
    articles = models.CharField("articles", max_length=300)
    obligatoire = models.BooleanField(
        "fausses déclarations ou détournement", default=False, help_text="la résiliation est alors obligatoire"
    )
    lettre_le = models.DateField("lettre recommandée du")
    lettre_numero = models.CharField("numéro du recommandé", max_length=40)
    observations_avant = models.DateField("observations attendues avant le")
    observations_le = models.DateField("observations reçues le", null=True, blank=True)
    observations = models.TextField("observations de l'employeur", blank=True)
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="manquement", verbose_name="décision"
    )
    clos_le = models.DateField("procédure close le", null=True, blank=True)

    class Meta:
        verbose_name = "procédure de manquement"
        verbose_name_plural = "procédures de manquement"
        ordering = ["convention", "-lettre_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(clos_le=None),
                name="manquement_un_ouvert",
                violation_error_message="Une procédure de manquement est déjà ouverte.",
            ),
            models.CheckConstraint(
                condition=~Q(faits="") & ~Q(articles="") & ~Q(lettre_numero=""),
                name="manquement_complet",
                violation_error_message="La lettre recommandée dit les faits et les articles, et porte son numéro.",
            ),
            models.CheckConstraint(
                condition=Q(observations_avant__gt=F("lettre_le")),
                name="manquement_delai",
                violation_error_message="L'employeur a un délai pour ses observations.",
            ),
            models.CheckConstraint(
                condition=Q(observations="", observations_le=None)
                | Q(observations_le__gte=F("lettre_le")) & ~Q(observations=""),
                name="manquement_observations",
                violation_error_message="Des observations portent leur date, après la lettre.",
            ),
        ]

    def __str__(self) -> str:
        return f"Manquement, {self.convention.reference}"
