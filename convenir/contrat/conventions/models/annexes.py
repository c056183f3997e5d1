"""The annexe financière of a year: posts, amounts, targets, as the extranet of the ASP will receive or gave them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from convenir.contrat.conventions.models.convention import Convention
from convenir.contrat.conventions.models.versions import Version
from convenir.contrat.conventions.rules.termes import Cofinancement
from convenir.socle.commun import francais
from convenir.socle.organisations.models import Organisation


class EtatAnnexe(models.TextChoices):
    """Where an annexe stands: before the extranet, then the states of the ASP."""

    PREPAREE = "preparee", "Préparée"
    EXCEPTION = "exception", "À revoir"
    REVUE = "revue", "Revue"
    SAISI = "saisi", "Saisie dans l'extranet"
    PROVISOIRE = "provisoire", "Provisoire"
    VALIDE = "valide", "Validée"
    CLOTURE = "cloture", "Clôturée"
    HISTORISE = "historise", "Historisée"
    REJETE = "rejete", "Rejetée"
    ANNULE = "annule", "Annulée"


# Avant la saisie dans l'extranet : l'annexe suit encore les termes de sa version.
A_REVOIR = frozenset({EtatAnnexe.PREPAREE, EtatAnnexe.EXCEPTION, EtatAnnexe.REVUE})
VIVANTES = (
    EtatAnnexe.PREPAREE, EtatAnnexe.EXCEPTION, EtatAnnexe.REVUE, EtatAnnexe.SAISI, EtatAnnexe.PROVISOIRE,
    EtatAnnexe.VALIDE, EtatAnnexe.CLOTURE,
)  # fmt: skip


class AnnexeFinanciere(models.Model):
    """One annexe of a version, for a year, from `debut` (in) to `fin` (out); amounts in euros, posts in ETP."""

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="annexes", verbose_name="convention")
    version = models.ForeignKey(Version, models.PROTECT, related_name="annexes", verbose_name="version")
    annexe_lue = models.ForeignKey(
        "donnees.AnnexeLue",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="annexes_financieres",
        verbose_name="annexe lue à l'ASP",
    )
    annee = models.PositiveSmallIntegerField("année")
    numero = models.CharField("numéro ASP", max_length=30, blank=True, db_index=True)
    etat = models.CharField("état", max_length=10, choices=EtatAnnexe.choices, default=EtatAnnexe.PREPAREE)
    motif = models.CharField("motif de l'exception", max_length=300, blank=True)
    debut = models.DateField("début")
    fin = models.DateField("fin (exclue)")
    postes = models.DecimalField("postes", max_digits=12, decimal_places=4)
    heures_etp = models.DecimalField("heures d'un ETP", max_digits=8, decimal_places=2, null=True, blank=True)
    montant_unitaire = models.DecimalField("montant d'un poste", max_digits=12, decimal_places=2)
    montant_total = models.DecimalField("montant total", max_digits=14, decimal_places=2)
    cofinanceur = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cofinanceur"
    )
    cofinancement = models.DecimalField("cofinancement", max_digits=14, decimal_places=2, null=True, blank=True)
    sorties_prevues = models.PositiveIntegerField("sorties prévues", null=True, blank=True)
    taux_durable = models.DecimalField("emploi durable", max_digits=5, decimal_places=2, null=True, blank=True)
    taux_transition = models.DecimalField(
        "emploi de transition", max_digits=5, decimal_places=2, null=True, blank=True
    )
    taux_positives = models.DecimalField("sorties positives", max_digits=5, decimal_places=2, null=True, blank=True)
    taux_dynamique = models.DecimalField("sorties dynamiques", max_digits=5, decimal_places=2, null=True, blank=True)
    preparee_le = models.DateTimeField("préparée le")
    jeton = models.PositiveIntegerField("jeton d'édition", default=0)

    class Meta:
        verbose_name = "annexe financière"
        verbose_name_plural = "annexes financières"
        ordering = ["convention", "annee", "debut", "numero", "pk"]
        indexes = [
            models.Index(fields=["annee", "etat"], name="annexe_financiere_etat"),
            models.Index(fields=["convention", "annee", "version"], name="annexe_financiere_de_l_annee"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "annee", "debut"],
                condition=Q(etat__in=VIVANTES),
                name="annexe_financiere_une_vivante",
                violation_error_message="Cette version a déjà une annexe pour cette année.",
            ),
            models.UniqueConstraint(
                fields=["numero"],
                condition=~Q(numero=""),
                name="annexe_financiere_numero",
                violation_error_message="Une autre annexe porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatAnnexe.values),
                name="annexe_financiere_etat_connu",
                violation_error_message="Cet état d'annexe n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="annexe_financiere_dates",
                violation_error_message="L'annexe finit avant de commencer.",
            ),
            models.CheckConstraint(
                condition=Q(postes__gte=0, montant_unitaire__gte=0, montant_total__gte=0),
                name="annexe_financiere_positive",
                violation_error_message="Postes et montants d'une annexe ne sont pas négatifs.",
            ),
            models.CheckConstraint(
                condition=Q(taux_durable=None, taux_transition=None, taux_positives=None, taux_dynamique=None)
                | Q(taux_dynamique=F("taux_durable") + F("taux_transition") + F("taux_positives"))
                & Q(taux_dynamique__lte=100),
                name="annexe_financiere_taux",
                violation_error_message="Sorties dynamiques = durables + transition + positives, 100 % au plus.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatAnnexe.EXCEPTION) | ~Q(motif=""),
                name="annexe_financiere_exception",
                violation_error_message="Une annexe à revoir dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return self.numero or f"Annexe {self.annee} de {self.convention_id}"

    @property
    def ecart_a_l_asp(self) -> str:
        """What the annexe read at the ASP says otherwise: posts (ETP), amount of a post, total (euros); or nothing."""
        lue = self.annexe_lue
        if lue is None:
            return ""
        paires = (
            ("postes", self.postes, lue.etp, francais.etp(lue.etp)),
            (
                "montant d’un poste",
                self.montant_unitaire,
                lue.montant_unitaire,
                francais.euros(lue.montant_unitaire, 2),
            ),
            ("total", self.montant_total, lue.montant_total, francais.euros(lue.montant_total, 2)),
        )
        dits = [f"{nom} {ecrit}" for nom, ici, la, ecrit in paires if la is not None and la != ici]
        return f"À l’ASP : {', '.join(dits)}." if dits else ""

    @property
    def cofinancements(self) -> tuple[Cofinancement, ...]:
        """Every co-financing of its act; the annexe itself has room for the first only, as the extract of the ASP."""
        return self.version.termes.cofinancements

    @property
    def cofinance(self) -> Decimal | None:
        """What the co-funders bring together, in euros a year; None when no amount is said."""
        dits = [c.montant for c in self.cofinancements if c.montant is not None]
        return sum(dits, Decimal(0)) if dits else None

    @property
    def dernier_jour(self) -> date:
        """Last day, included."""
        return self.fin - timedelta(days=1)
