"""A-posteriori control of eligibility (R. 5132-1-12 to -16): a published draw, two delays, what follows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from convenir.contrat.conventions.models import Decision
from convenir.socle.organisations.models import Structure


class CampagneDeControle(models.Model):
    """A draw anyone can make again: the seed, the list drawn from (its fingerprint), the size."""

    departement = models.ForeignKey(
        "territoires.Departement", models.PROTECT, related_name="+", verbose_name="département"
    )
    annee = models.PositiveSmallIntegerField("année contrôlée")
    graine = models.CharField("graine publiée", max_length=100)
    population = models.JSONField("structures de la liste", default=list)
    empreinte = models.CharField("empreinte de la liste", max_length=64)
    taille = models.PositiveIntegerField("taille de l'échantillon")
    tiree_le = models.DateTimeField("tirée le")
    tiree_par = models.CharField("tirée par", max_length=201)

    class Meta:
        verbose_name = "campagne de contrôle"
        verbose_name_plural = "campagnes de contrôle"
        ordering = ["-annee", "departement"]
        constraints = [
            models.UniqueConstraint(
                fields=["departement", "annee"],
                name="campagne_cle",
                violation_error_message="L'échantillon de cette année est déjà tiré : il ne se tire qu'une fois.",
            )
        ]

    def __str__(self) -> str:
        return f"Contrôle {self.annee}, {self.departement_id}"


class Controle(models.Model):
    """The control of one structure: notified, answered within six weeks, observed within six more, decided."""

    campagne = models.ForeignKey(CampagneDeControle, models.PROTECT, related_name="controles", verbose_name="campagne")
    structure = models.ForeignKey(Structure, models.PROTECT, related_name="controles", verbose_name="structure")
    etape = models.CharField(
        "étape", max_length=13, default="justificatifs",
        choices=[("justificatifs", "Justificatifs attendus"), ("observations", "Observations attendues"),
                 ("decision", "À décider"), ("clos", "Clos")],
    )  # fmt: skip
    notifie_le = models.DateField("notifié le", null=True, blank=True)
    premier_delai = models.DateField("justificatifs avant la fin du", null=True, blank=True)
    repondu_le = models.DateField("justificatifs reçus le", null=True, blank=True)
    second_delai = models.DateField("observations avant la fin du", null=True, blank=True)
    observe_le = models.DateField("observations reçues le", null=True, blank=True)
    auto_prescriptions = models.PositiveIntegerField(
        "auto-prescriptions de l'année", null=True, blank=True, help_text="longueur de la liste de la structure"
    )
    embauches = models.JSONField("rangs tirés dans la liste", default=list, blank=True)
    resultat = models.CharField(
        "résultat", max_length=12, blank=True, choices=[("conforme", "Conforme"), ("non_conforme", "Non conforme")]
    )
    personnes = models.PositiveIntegerField("embauches non éligibles", null=True, blank=True)
    decision = models.OneToOneField(
        Decision, models.PROTECT, null=True, blank=True, related_name="controle", verbose_name="décision défavorable"
    )
    cofinanceur_informe_le = models.DateField("département cofinanceur informé le", null=True, blank=True)
    motif = models.TextField("motifs", blank=True)

    class Meta:
        verbose_name = "contrôle d'une structure"
        verbose_name_plural = "contrôles des structures"
        ordering = ["campagne", "structure"]
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "structure"],
                name="controle_cle",
                violation_error_message="Cette structure est déjà dans l'échantillon.",
            ),
            models.CheckConstraint(
                condition=~Q(resultat="non_conforme") | ~Q(motif=""),
                name="controle_motive",
                violation_error_message="Une décision défavorable porte ses motifs.",
            ),
            models.CheckConstraint(
                condition=Q(decision=None) | Q(resultat="non_conforme"),
                name="controle_decision",
                violation_error_message="Un contrôle conforme n'entraîne ni suspension ni remboursement.",
            ),
            models.CheckConstraint(
                condition=Q(cofinanceur_informe_le=None) | Q(decision__isnull=False),
                name="controle_cofinanceur",
                violation_error_message="Le département cofinanceur s'informe d'un remboursement décidé.",
            ),
            models.CheckConstraint(
                condition=Q(auto_prescriptions__isnull=False) | Q(embauches=[]),
                name="controle_embauches",
                violation_error_message="Des embauches se tirent d'une liste dont la longueur est connue.",
            ),
            models.CheckConstraint(
                condition=~Q(etape="clos") | ~Q(resultat=""),
                name="controle_clos",
                violation_error_message="Un contrôle clos a un résultat.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.structure}, {self.campagne.annee}"

    @property
    def delai(self) -> object:
        """The delay that runs now, or None."""
        return {"justificatifs": self.premier_delai, "observations": self.second_delai}.get(self.etape)
