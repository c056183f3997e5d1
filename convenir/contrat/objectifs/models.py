"""An objective, the steps of its trajectory, and the positions of the parties, each in its own words."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from convenir.contrat.conventions.models import Convention
from convenir.contrat.objectifs.rules import ISSUES, SORTIES, Coup, Issue
from convenir.contrat.objectifs.states import AVEC_RAISONS, CLOS, TOUR, Etat, Genre, Partie
from convenir.socle.organisations.models import Organisation


class Nature(models.TextChoices):
    """Where what is measured comes from."""

    INDICATEUR = "indicateur", "Indicateur du catalogue"
    LOCAL = "local", "Indicateur local"
    QUALITATIF = "qualitatif", "Objectif qualitatif"


class Axe(models.TextChoices):
    """The four axes of the SIAE (circulaire DGEFP 2008-21), the five of the missions locales (circulaire 2007-26)."""

    EMPLOI = "emploi", "Objectifs « emploi » : sorties dynamiques"
    ACCUEIL = "accueil", "Accueil et intégration en milieu de travail"
    ACCOMPAGNEMENT = "accompagnement", "Accompagnement social et professionnel"
    FORMATION = "formation", "Formation des salariés en insertion"
    TERRITOIRE = "territoire", "Contribution à l’activité économique et au développement territorial"
    ML1 = "ml1", "Axe 1 : repérage, accueil, information, orientation"
    ML2 = "ml2", "Axe 2 : accompagnement des parcours d’insertion"
    ML3 = "ml3", "Axe 3 : activité en direction des entreprises"
    ML4 = "ml4", "Axe 4 : expertise et observation active du territoire"
    ML5 = "ml5", "Axe 5 : ingénierie de projet et animation locale"


AXES_IAE = (Axe.EMPLOI, Axe.ACCUEIL, Axe.ACCOMPAGNEMENT, Axe.FORMATION, Axe.TERRITOIRE)
AXES_ML = (Axe.ML1, Axe.ML2, Axe.ML3, Axe.ML4, Axe.ML5)
CODES_SORTIES = {f"iae.sorties.taux_{type_}": type_ for type_ in SORTIES}


def _decimal(libelle: str) -> models.DecimalField:
    return models.DecimalField(libelle, max_digits=18, decimal_places=6, null=True, blank=True)


class Objectif(models.Model):
    """What a convention aims at in a year.

    `definition` freezes the words, the frame and the version under which it is posed: it is judged by them.
    `etat`, `cible` and `attendu` are the replay of its positions (`rules.rejouer`).
    """

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="objectifs", verbose_name="convention")
    annee = models.PositiveSmallIntegerField("année")
    axe = models.CharField("axe", max_length=14, choices=Axe.choices)
    nature = models.CharField("nature", max_length=10, choices=Nature.choices)
    indicateur = models.CharField("indicateur", max_length=60, blank=True)
    grille = models.CharField(
        "grille", max_length=10, blank=True, help_text="cadre des missions locales : 2012, 2026…"
    )
    version = models.PositiveSmallIntegerField("version de la définition", null=True, blank=True)
    definition = models.JSONField("définition figée", default=dict, blank=True)
    libelle = models.CharField("objectif", max_length=200)
    precisions = models.TextField("précisions", blank=True)
    unite = models.CharField("unité", max_length=20, blank=True)
    sens = models.CharField(
        "sens", max_length=6, default="hausse", choices=[(s, s) for s in ("hausse", "baisse", "neutre")]
    )
    seuil_partiel = models.DecimalField(
        "seuil « partiellement atteint », en % de la cible", max_digits=5, decimal_places=2
    )
    orientation = models.CharField("orientation du PDIAE servie", max_length=200, blank=True)
    attendu_par = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="objectifs_attendus",
        verbose_name="attendu par",
    )
    base = _decimal("valeur de base")
    base_periode = models.CharField("période de la valeur de base", max_length=13, blank=True)
    base_texte = models.CharField("d'où vient la valeur de base", max_length=200, blank=True)
    base_instantane = models.ForeignKey(
        "indicateurs.Instantane",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="instantané de la base",
    )
    etat = models.CharField("état", max_length=14, choices=Etat.choices, default=Etat.OUVERT)
    revision = models.PositiveIntegerField("révision", default=0)
    cible = _decimal("cible convenue")
    attendu = models.CharField("résultat attendu", max_length=500, blank=True)
    borne_basse = _decimal("borne basse")
    borne_haute = _decimal("borne haute")
    convenu_le = models.DateField("convenu le", null=True, blank=True)
    resultat = _decimal("résultat")
    resultat_texte = models.CharField("d'où vient le résultat", max_length=300, blank=True)
    resultat_instantane = models.ForeignKey(
        "indicateurs.Instantane",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="instantané du résultat",
    )
    issue = models.CharField("issue", max_length=14, choices=list(ISSUES.items()), blank=True)
    explication = models.TextField("explication", blank=True)
    juge_le = models.DateField("jugé le", null=True, blank=True)
    cree_le = models.DateTimeField("posé le")

    class Meta:
        verbose_name = "objectif"
        ordering = ["convention", "annee", "axe", "pk"]
        indexes = [models.Index(fields=["annee", "indicateur"], name="objectif_suivi")]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "annee", "indicateur", "grille"],
                condition=~Q(indicateur=""),
                name="objectif_un_par_indicateur",
                violation_error_message="Cet indicateur a déjà un objectif pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=Etat.values, axe__in=Axe.values, nature__in=Nature.values),
                name="objectif_listes",
                violation_error_message="Cet état, cet axe ou cette nature d'objectif n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(nature=Nature.INDICATEUR, version__isnull=False) & ~Q(indicateur="")
                | ~Q(nature=Nature.INDICATEUR) & Q(indicateur="", version=None),
                name="objectif_definition",
                violation_error_message="Un objectif du catalogue porte son indicateur et la version de sa définition",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.CONVENU) & (Q(cible__isnull=False) | ~Q(attendu=""))
                | ~Q(etat=Etat.CONVENU) & Q(cible=None, attendu="", convenu_le=None),
                name="objectif_cible_convenue",
                violation_error_message="Un objectif convenu, et lui seul, porte une cible.",
            ),
            models.CheckConstraint(
                condition=~Q(unite="%", nature=Nature.INDICATEUR) | Q(cible=None) | Q(cible__gte=0, cible__lte=100),
                name="objectif_taux",
                violation_error_message="Un taux est compris entre 0 et 100 %.",
            ),
            models.CheckConstraint(
                condition=(Q(borne_basse=None) | Q(cible=None) | Q(cible__gte=F("borne_basse")))
                & (Q(borne_haute=None) | Q(cible=None) | Q(cible__lte=F("borne_haute"))),
                name="objectif_bornes",
                violation_error_message="La cible est entre ses bornes.",
            ),
            models.CheckConstraint(
                condition=Q(issue__in=["", Issue.ATTEINT]) | ~Q(explication=""),
                name="objectif_issue_expliquee",
                violation_error_message="Un objectif qui n'est pas atteint porte son explication.",
            ),
            models.CheckConstraint(
                condition=Q(issue="") | Q(etat=Etat.CONVENU, juge_le__isnull=False),
                name="objectif_juge_convenu",
                violation_error_message="On juge un objectif convenu, à une date.",
            ),
            models.CheckConstraint(
                condition=~Q(libelle=""), name="objectif_nomme", violation_error_message="Nommez l'objectif."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.libelle} {self.annee}"

    def get_absolute_url(self) -> str:
        """Its place in the page of the negotiation."""
        return f"{reverse('objectifs:negociation', args=[self.convention.reference, self.annee])}#objectif-{self.pk}"

    @property
    def type_de_sortie(self) -> str:
        """« durable », « transition », « positive », or nothing."""
        return CODES_SORTIES.get(self.indicateur, "")

    @property
    def est_clos(self) -> bool:
        """Whether the negotiation of this objective is over."""
        return self.etat in CLOS

    @property
    def tour(self) -> str:
        """Party that is to answer; empty when closed or not begun."""
        return TOUR.get(self.etat, "")

    @property
    def est_qualitatif(self) -> bool:
        """Whether its target is in words."""
        return self.nature == Nature.QUALITATIF


class PalierObjectif(models.Model):
    """A step of the trajectory of an objective: the value aimed at in a year."""

    objectif = models.ForeignKey(Objectif, models.CASCADE, related_name="paliers", verbose_name="objectif")
    annee = models.PositiveSmallIntegerField("année")
    valeur = models.DecimalField("valeur", max_digits=18, decimal_places=6)

    class Meta:
        verbose_name = "palier d'un objectif"
        verbose_name_plural = "paliers des objectifs"
        ordering = ["objectif", "annee"]
        constraints = [
            models.UniqueConstraint(
                fields=["objectif", "annee"],
                name="palier_annee",
                violation_error_message="Une trajectoire n'a qu'une valeur par année.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.annee} : {self.valeur}"


class PositionQuerySet(models.QuerySet["Position"]):
    """Positions, those taken back apart."""

    def tenues(self) -> PositionQuerySet:
        """Keep those that were not taken back, in their order."""
        return self.filter(reprise_le=None).order_by("objectif", "rang")


class Position(models.Model):
    """What a party says on an objective, in its own words; never changed, only taken back before it is opened."""

    objectif = models.ForeignKey(Objectif, models.CASCADE, related_name="positions", verbose_name="objectif")
    rang = models.PositiveSmallIntegerField("rang")
    partie = models.CharField("partie", max_length=14, choices=Partie.choices)
    genre = models.CharField("genre", max_length=18, choices=Genre.choices)
    valeur = _decimal("valeur proposée")
    attendu = models.CharField("résultat attendu proposé", max_length=500, blank=True)
    raisons = models.TextField("raisons", blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="organisation")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="auteur")
    deposee_le = models.DateTimeField("envoyée le")
    ouverte_le = models.DateTimeField("ouverte par l'autre partie le", null=True, blank=True)
    reprise_le = models.DateTimeField("reprise le", null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = "position"
        ordering = ["objectif", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["objectif", "rang"],
                name="position_rang",
                violation_error_message="Une autre position vient d'être envoyée.",
            ),
            models.CheckConstraint(
                condition=Q(partie__in=Partie.values, genre__in=Genre.values),
                name="position_listes",
                violation_error_message="Cette partie ou ce genre de position n'existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(genre__in=sorted(AVEC_RAISONS)) | ~Q(raisons=""),
                name="position_motivee",
                violation_error_message="Une position porte ses raisons, sauf un accord.",
            ),
            models.CheckConstraint(
                condition=~Q(genre__in=[Genre.PROPOSITION, Genre.CONTRE_PROPOSITION])
                | Q(valeur__isnull=False)
                | ~Q(attendu=""),
                name="position_chiffree",
                violation_error_message="Une proposition dit une valeur.",
            ),
            models.CheckConstraint(
                condition=Q(reprise_le=None) | Q(ouverte_le=None),
                name="position_ouverte_ou_reprise",
                violation_error_message="Une position déjà ouverte ne se reprend pas.",
            ),
            models.CheckConstraint(
                condition=Q(genre=Genre.AVIS) | Q(partie__in=[Partie.ETAT, Partie.STRUCTURE]),
                name="position_negociateurs",
                violation_error_message="L'État et la structure négocient ; les autres parties donnent leur avis.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}, {self.get_partie_display()}"

    @property
    def coup(self) -> Coup:
        """The same, as the replay reads it."""
        return Coup(self.genre, self.partie, self.valeur, self.attendu)
