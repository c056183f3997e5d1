"""The single file of an application: its answers, and what is asked of each funder. Its state is its convention's."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.states import EtatConvention
from convenir.contrat.dossiers.models.versions import LigneVersionnee
from convenir.contrat.dossiers.referentiel import ML, Champ, Section, champs, sections
from convenir.socle.organisations.models import Organisation

E = EtatConvention
# La structure écrit ; ensuite elle ne change que ce qu'un commentaire a rouvert, jusqu'à l'avis.
EN_REDACTION = frozenset({E.BROUILLON})
ECHANGES = frozenset({E.DEPOSE, E.INCOMPLET, E.COMPLET, E.EN_INSTRUCTION, E.EN_NEGOCIATION})


class DossierQuerySet(models.QuerySet["Dossier"]):
    """Files, for lists."""

    def pour_liste(self) -> DossierQuerySet:
        """Join what a line of a list prints."""
        return self.select_related(
            "convention__structure__porteur", "convention__mission_locale__organisation", "convention__departement"
        )


class Dossier(models.Model):
    """One application for all funders, that of a convention."""

    convention = models.OneToOneField(Convention, models.PROTECT, related_name="dossier", verbose_name="convention")
    ouvert_le = models.DateTimeField("ouvert le")
    reference_jour = models.DateField(
        "règles au", help_text="jour dont les sections et les pièces sont celles en vigueur"
    )
    depose_le = models.DateField("déposé le", null=True, blank=True)
    complet_le = models.DateField("complet le", null=True, blank=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        ordering = ["-ouvert_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(complet_le=None) | Q(depose_le__isnull=False),
                name="dossier_complet_apres_depot",
                violation_error_message="Un dossier complet a d'abord été déposé.",
            )
        ]

    def __str__(self) -> str:
        return f"Dossier {self.convention.reference}"

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("dossiers:dossier", args=[self.convention.reference])

    @property
    def cadre(self) -> str:
        """Category of SIAE, or `ML`: what decides of its sections."""
        return self.convention.categorie or ML

    @property
    def annee(self) -> int:
        """First year asked for."""
        return self.convention.debut.year

    @property
    def sections(self) -> tuple[Section, ...]:
        """Sections the law asks of it."""
        return sections(self.cadre, self.reference_jour)

    @property
    def champs(self) -> dict[str, Champ]:
        """Its questions, by code."""
        return champs(self.cadre, self.reference_jour)

    @property
    def en_redaction(self) -> bool:
        """Whether the structure writes it freely."""
        return self.convention.etat in EN_REDACTION

    @property
    def en_echange(self) -> bool:
        """Whether the service and the structure still exchange on it."""
        return self.convention.etat in ECHANGES


class Reponse(models.Model):
    """An answer. Pre-filled, it waits for the structure to confirm it and says where it comes from."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="reponses", verbose_name="dossier")
    champ = models.CharField("question", max_length=80)
    valeur = models.TextField("réponse", blank=True)
    version = models.PositiveIntegerField("version", default=1)
    a_confirmer = models.BooleanField("à confirmer", default=False)
    origine = models.CharField("origine", max_length=200, blank=True)
    modifiee_le = models.DateTimeField("modifiée le")
    modifiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="modifiée par"
    )

    class Meta:
        verbose_name = "réponse"
        ordering = ["dossier", "champ"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "champ"],
                name="reponse_cle",
                violation_error_message="Cette question a déjà une réponse.",
            ),
            models.CheckConstraint(
                condition=Q(a_confirmer=False) | ~Q(origine=""),
                name="reponse_origine",
                violation_error_message="Une réponse préremplie dit d'où elle vient.",
            ),
        ]

    def __str__(self) -> str:
        return self.champ


class NatureFinanceur(models.TextChoices):
    """Kinds of funders, as the projections know them."""

    ETAT = "etat", "État"
    DEPARTEMENT = "departement", "Département"
    REGION = "region", "Région"
    COMMUNE = "commune", "Commune ou intercommunalité"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    FSE = "fse", "Fonds social européen"
    AUTRE = "autre", "Autre financeur"


class Financement(LigneVersionnee):
    """What is asked of one funder for the first year, in euros: basic missions and particular efforts apart."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="financements", verbose_name="dossier")
    nature = models.CharField("nature", max_length=14, choices=NatureFinanceur.choices)
    nom = models.CharField("financeur", max_length=200)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="organisation"
    )
    base = models.DecimalField(
        "missions de base (euros)", max_digits=14, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    efforts = models.DecimalField(
        "efforts particuliers (euros)", max_digits=14, decimal_places=2, default=Decimal(0),
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    objet = models.TextField("ce que ce financement paie", blank=True)
    a_confirmer = models.BooleanField("à confirmer", default=False)
    origine = models.CharField("origine", max_length=200, blank=True)

    class Meta:
        verbose_name = "financement demandé"
        verbose_name_plural = "financements demandés"
        ordering = ["dossier", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "nature", "nom"],
                name="financement_cle",
                violation_error_message="Ce financeur est déjà dans la demande.",
            ),
            models.CheckConstraint(
                condition=Q(base__gte=0, efforts__gte=0),
                name="financement_positif",
                violation_error_message="Un montant demandé est positif.",
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="financement_nomme",
                violation_error_message="Nommez le financeur.",
            ),
            models.CheckConstraint(
                condition=Q(a_confirmer=False) | ~Q(origine=""),
                name="financement_origine",
                violation_error_message="Un financement repris dit d'où il vient.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def total(self) -> Decimal:
        """Both parts, in euros."""
        return self.base + self.efforts
