"""A convention: who, for how long, where it stands. What it agrees is in its versions."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from convenir.contrat.conventions.states import EtatConvention
from convenir.socle.commun.periodes import Periode
from convenir.socle.organisations.categories import Categorie
from convenir.socle.organisations.models import MissionLocale, Organisation, Structure
from convenir.socle.organisations.perimetre import Perimetre


class Dispositif(models.TextChoices):
    """Which policy the convention applies."""

    IAE = "iae", "Convention IAE"
    ML = "ml", "Convention pluriannuelle d'objectifs"


class Origine(models.TextChoices):
    """Where the convention was born."""

    CONVENIR = "convenir", "Préparée dans Convenir"
    REPRISE = "reprise", "Reprise d'un acte signé ailleurs"


class MotifDuree(models.TextChoices):
    """Why a convention lasts one year or less (instruction DGEFP 2014-2, point 2)."""

    NOUVELLE = "nouvelle", "Structure nouvelle"
    FRAGILE = "fragile", "Garanties insuffisantes, notamment de stabilité financière"


class ConventionQuerySet(models.QuerySet["Convention"]):
    """Conventions, narrowed by right first and by choice next."""

    def visibles_par(self, perimetre: Perimetre, *, brouillons: bool = False) -> ConventionQuerySet:
        """Keep those of the structures and missions locales of a perimeter.

        Args:
            perimetre: an unknown or empty one keeps nothing.
            brouillons: keep also what the structure has not filed yet; for the structure and the State alone.
        """
        visibles = self if brouillons else self.exclude(etat=EtatConvention.BROUILLON)
        if perimetre.niveau == "france":
            return visibles
        if perimetre.niveau == "region":
            return visibles.filter(departement__region__in=perimetre.codes)
        if perimetre.niveau == "departement":
            return visibles.filter(departement__in=perimetre.codes)
        if perimetre.niveau == "structures":
            return visibles.filter(structure__in=perimetre.structures)
        if perimetre.niveau == "missions_locales":
            region = Q(mission_locale__departement__region__in=perimetre.codes)
            return visibles.filter(Q(mission_locale__in=perimetre.missions_locales) | region)
        return self.none()


class Convention(models.Model):
    """A convention of a SIAE or of a mission locale, from `debut` (in) to `fin` (out)."""

    reference = models.CharField("référence", max_length=30, unique=True)
    dispositif = models.CharField("dispositif", max_length=3, choices=Dispositif.choices)
    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, blank=True, related_name="conventions", verbose_name="structure"
    )
    mission_locale = models.ForeignKey(
        MissionLocale, models.PROTECT, null=True, blank=True, related_name="conventions", verbose_name="mission locale"
    )
    categorie = models.CharField("catégorie", max_length=4, choices=Categorie.choices, blank=True)
    departement = models.ForeignKey(
        "territoires.Departement", models.PROTECT, related_name="conventions", verbose_name="département"
    )
    service = models.ForeignKey(
        Organisation, models.PROTECT, related_name="conventions_instruites", verbose_name="service instructeur"
    )
    debut = models.DateField("début")
    fin = models.DateField("fin (exclue)")
    motif_periode = models.CharField(
        "motif d'une période hors année civile", max_length=300, blank=True, help_text="instruction 2014-2, point 2"
    )
    motif_duree = models.CharField("motif d'une durée d'un an", max_length=10, choices=MotifDuree.choices, blank=True)
    precision_duree = models.CharField("précision sur ce motif", max_length=300, blank=True)
    exception_2014 = models.BooleanField(
        "exception de 2014", default=False, help_text="renouvellement décalé l'année de la réforme"
    )
    origine = models.CharField("origine", max_length=8, choices=Origine.choices, default=Origine.CONVENIR)
    numero_asp = models.CharField("numéro ASP", max_length=30, blank=True, db_index=True)
    convention_lue = models.ForeignKey(
        "donnees.ConventionLue",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conventions",
        verbose_name="convention lue à l'ASP",
    )
    renouvelle = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="renouvellements", verbose_name="renouvelle"
    )
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="référent"
    )
    suppleant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="suppléant"
    )
    etat = models.CharField(
        "état", max_length=25, choices=EtatConvention.choices, default=EtatConvention.BROUILLON, db_index=True
    )
    etat_precedent = models.CharField("état précédent", max_length=25, choices=EtatConvention.choices, blank=True)
    etat_depuis = models.DateField("dans cet état depuis")
    suspendue_le = models.DateField("versements suspendus le", null=True, blank=True)
    creee_le = models.DateTimeField("créée le")
    jeton = models.PositiveIntegerField("jeton d'édition", default=0)

    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        ordering = ["-debut", "reference"]
        indexes = [
            models.Index(fields=["departement", "etat", "categorie"], name="convention_par_groupe"),
            models.Index(fields=["structure", "debut"], name="convention_de_structure"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(dispositif=Dispositif.IAE, structure__isnull=False, mission_locale=None) & ~Q(categorie="")
                | Q(dispositif=Dispositif.ML, structure=None, mission_locale__isnull=False, categorie=""),
                name="convention_une_partie",
                violation_error_message="Une convention IAE lie une structure, une CPO lie une mission locale.",
            ),
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="convention_dates",
                violation_error_message="La convention finit avant de commencer.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatConvention.values),
                name="convention_etat",
                violation_error_message="Cet état de convention n'existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatConvention.SUSPENDU) | Q(suspendue_le__isnull=False),
                name="convention_suspension_datee",
                violation_error_message="Une suspension des versements porte sa date.",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatConvention.SUSPENDU, EtatConvention.MANQUEMENT]) | ~Q(etat_precedent=""),
                name="convention_retour_connu",
                violation_error_message="On ne suspend pas et on ne met pas en cause sans savoir où revenir.",
            ),
            models.CheckConstraint(
                condition=Q(suppleant=None) | Q(referent__isnull=False) & ~Q(suppleant=F("referent")),
                name="convention_suppleant",
                violation_error_message="Le suppléant remplace un référent, qui est une autre personne.",
            ),
            models.CheckConstraint(
                condition=Q(renouvelle=None) | ~Q(renouvelle=F("pk")),
                name="convention_renouvelle_autre",
                violation_error_message="Une convention ne se renouvelle pas elle-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}, {self.nom_de_la_partie}"

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("conventions:convention", args=[self.reference])

    @property
    def partie(self) -> Structure | MissionLocale:
        """The structure or the mission locale it binds."""
        partie = self.structure or self.mission_locale
        if partie is None:
            raise ValueError("Une convention sans partie n'existe pas.")
        return partie

    @property
    def nom_de_la_partie(self) -> str:
        """Name of the structure or of the mission locale."""
        return self.structure.denomination if self.structure else str(self.partie)

    @property
    def organisation(self) -> Organisation | None:
        """The body that signs for the structure or the mission locale."""
        if self.structure:
            return self.structure.porteur
        return self.mission_locale.organisation if self.mission_locale else None

    def est_suivie(self) -> bool:
        """Tell whether the convention that renews it is asked for: a draft is not an application."""
        return self.renouvellements.exclude(etat=EtatConvention.BROUILLON).exists()

    @property
    def periode(self) -> Periode:
        """From `debut` to `fin`, half-open."""
        return Periode(self.debut, self.fin)

    @property
    def dernier_jour(self) -> date:
        """Last day, included."""
        return self.fin - timedelta(days=1)

    @property
    def annees(self) -> range:
        """Calendar years it touches."""
        return range(self.debut.year, self.dernier_jour.year + 1)


class Numerotation(models.Model):
    """Last order drawn for a département, a year and a category; locked while a reference is drawn."""

    departement = models.CharField("département", max_length=4)
    annee = models.PositiveSmallIntegerField("année")
    categorie = models.CharField("catégorie", max_length=4)
    dernier = models.PositiveIntegerField("dernier ordre tiré", default=0)

    class Meta:
        verbose_name = "numérotation"
        constraints = [
            models.UniqueConstraint(
                fields=["departement", "annee", "categorie"],
                name="numerotation_cle",
                violation_error_message="Cette numérotation existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.departement}-{self.annee}-{self.categorie}"
