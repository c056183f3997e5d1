"""Who signs a version, in what order and for whom; the signatory is frozen in the act."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from convenir.contrat.conventions.models.pieces import Piece
from convenir.contrat.conventions.models.versions import Version
from convenir.socle.organisations.models import Organisation


class Partie(models.TextChoices):
    """In what quality one signs; the State signs last."""

    STRUCTURE = "structure", "Structure"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    FINANCEUR = "financeur", "Cofinanceur"
    ETAT = "etat", "État"


class Titre(models.TextChoices):
    """By what right the person signs."""

    TITULAIRE = "titulaire", "Titulaire"
    DELEGATION = "delegation", "Par délégation"
    INTERIM = "interim", "Par intérim"


class Voie(models.TextChoices):
    """How the signature came (décisions, § 10)."""

    PAPIER = "papier", "Papier signé, numérisé et attesté"
    PDF_SIGNE = "pdf_signe", "PDF signé ailleurs, vérifié"
    PARAPHEUR = "parapheur", "Parapheur électronique"
    APPLICATION = "application", "Dans l'application"


class EtatSignature(models.TextChoices):
    """Where a signature stands."""

    ATTENDUE = "attendue", "Attendue"
    SIGNEE = "signee", "Signée"
    SUBSTITUEE = "substituee", "Remplacée par un acte joint"
    REFUSEE = "refusee", "Refusée"
    ANNULEE = "annulee", "Annulée"


class Signature(models.Model):
    """One signature expected on a version, then received, replaced by a dated and attached act, or refused."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="signatures", verbose_name="version")
    partie = models.CharField("partie", max_length=14, choices=Partie.choices)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="signatures", verbose_name="organisation"
    )
    ordre = models.PositiveSmallIntegerField("ordre")
    autorite = models.CharField("autorité compétente", max_length=200, help_text="« le préfet de la Vienne »")
    etat = models.CharField("état", max_length=10, choices=EtatSignature.choices, default=EtatSignature.ATTENDUE)
    remise_le = models.DateField("acte remis le", null=True, blank=True)
    relancee_le = models.DateField("relancée le", null=True, blank=True)
    signataire = models.CharField("signataire effectif", max_length=200, blank=True)
    qualite = models.CharField("qualité du signataire", max_length=200, blank=True)
    titre = models.CharField("à quel titre", max_length=10, choices=Titre.choices, blank=True)
    fondement = models.CharField("acte de délégation ou d'intérim", max_length=300, blank=True)
    voie = models.CharField("voie", max_length=11, choices=Voie.choices, blank=True)
    signee_le = models.DateField("signée le", null=True, blank=True)
    piece = models.ForeignKey(
        Piece,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name="exemplaire signé ou substitut",
    )
    constat = models.TextField(
        "constat", blank=True, help_text="attestation de l'agent ou résultat de la vérification"
    )
    motif = models.TextField("motif du substitut ou du refus", blank=True)
    deliberation_attendue = models.BooleanField("délibération attendue", default=False)
    deliberation = models.CharField("délibération", max_length=200, blank=True)
    deliberee_le = models.DateField("délibérée le", null=True, blank=True)

    class Meta:
        verbose_name = "signature"
        ordering = ["version", "ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "partie", "organisation"],
                condition=~Q(etat=EtatSignature.ANNULEE),
                name="signature_une_par_partie",
                violation_error_message="Cette partie signe déjà cet acte.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatSignature.values),
                name="signature_etat",
                violation_error_message="Cet état de signature n'existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatSignature.SIGNEE)
                | Q(signee_le__isnull=False) & ~Q(signataire="") & ~Q(titre="") & ~Q(voie=""),
                name="signature_complete",
                violation_error_message="Une signature dit qui a signé, à quel titre, quand et par quelle voie.",
            ),
            models.CheckConstraint(
                condition=Q(titre__in=["", Titre.TITULAIRE]) | ~Q(fondement=""),
                name="signature_fondee",
                violation_error_message="Une délégation ou un intérim cite l'acte qui les donne.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatSignature.SUBSTITUEE)
                | Q(piece__isnull=False, signee_le__isnull=False) & ~Q(motif=""),
                name="signature_substitut_joint",
                violation_error_message="Le substitut d'une signature est un acte daté, joint et motivé.",
            ),
            models.CheckConstraint(
                condition=Q(deliberation="") | Q(deliberee_le__isnull=False),
                name="signature_deliberation_datee",
                violation_error_message="Une délibération porte sa référence et sa date.",
            ),
            models.CheckConstraint(
                condition=Q(relancee_le=None) | Q(remise_le__isnull=False, relancee_le__gte=F("remise_le")),
                name="signature_relance",
                violation_error_message="On relance après avoir remis l'acte.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_partie_display()}, {self.organisation}"
