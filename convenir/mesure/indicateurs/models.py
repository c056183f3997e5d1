"""Frozen snapshots, and the materialised values that pages read instead of the records."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from convenir.mesure.indicateurs.valeurs import NIVEAUX, Statut, Unite, Valeur

NIVEAUX_STOCKES = (*NIVEAUX, "site", "ml")


class Instantane(models.Model):
    """Values computed once from given files, definitions and parameters; its hash is that of the canonical CSV."""

    sha256 = models.CharField("empreinte", max_length=64, unique=True)
    dispositif = models.CharField("dispositif", max_length=20, default="iae")
    annees = models.JSONField("années", default=list)
    premiere_annee = models.PositiveSmallIntegerField("première année")
    derniere_annee = models.PositiveSmallIntegerField("dernière année")
    calcule_le = models.DateTimeField("calculé le", default=timezone.now)
    confirme_le = models.DateTimeField("recalculé à l'identique le", default=timezone.now)
    arrete_au = models.DateField("arrêté au", help_text="dernier jour du dernier mois clos dans les fichiers lus")
    extraction = models.DateField("extraction des fichiers", null=True, blank=True)
    lignes = models.PositiveIntegerField("nombre de valeurs", default=0)
    fichiers = models.JSONField("fichiers lus", default=list)
    parametres = models.JSONField("paramètres appliqués", default=dict)
    definitions = models.JSONField("versions des définitions", default=dict)
    perimetre = models.JSONField("périmètre chargé", default=dict)
    motifs = models.JSONField("motifs de sortie", default=dict)
    conserve = models.BooleanField(
        "valeurs conservées en base", default=False, help_text="vrai quand un dialogue travaille sur cet instantané"
    )

    class Meta:
        verbose_name = "instantané"
        ordering = ["-confirme_le", "-pk"]
        indexes = [models.Index(fields=["dispositif", "-confirme_le"], name="instantane_courant")]
        constraints = [
            models.CheckConstraint(
                condition=Q(derniere_annee__gte=models.F("premiere_annee")),
                name="instantane_annees",
                violation_error_message="La dernière année précède la première.",
            )
        ]

    def __str__(self) -> str:
        return f"Instantané {self.sha256[:12]} du {timezone.localtime(self.calcule_le):%d/%m/%Y}"

    @property
    def dossier(self) -> Path:
        """Folder of its values on disk."""
        return Path(settings.DOSSIER_DONNEES) / "instantanes" / self.sha256

    @property
    def chemin_valeurs(self) -> Path:
        """The values, as Parquet."""
        return self.dossier / "valeurs.parquet"


class ValeursTerritoire(models.Model):
    """All values of one territory (or SIAE, or annexe) for one year of a snapshot."""

    instantane = models.ForeignKey(Instantane, models.CASCADE, related_name="valeurs", verbose_name="instantané")
    niveau = models.CharField("niveau", max_length=11, choices=[(n, n) for n in NIVEAUX_STOCKES])
    code = models.CharField("code", max_length=40)
    annee = models.PositiveSmallIntegerField("année")
    contenu = models.JSONField("valeurs")

    class Meta:
        verbose_name = "valeurs d'un territoire"
        verbose_name_plural = "valeurs des territoires"
        constraints = [
            models.UniqueConstraint(fields=["instantane", "niveau", "code", "annee"], name="valeurs_territoire_cle")
        ]

    def __str__(self) -> str:
        return f"{self.niveau} {self.code} {self.annee}"


class NiveauAlerte(models.IntegerChoices):
    """The worst alert of a structure, in an order that a list can sort."""

    AUCUNE = 0, "Aucune alerte"
    MODEREE = 1, "Alerte modérée"
    FORTE = 2, "Alerte forte"


class SituationStructure(models.Model):
    """One line of the list of structures: the main figures of a structure for a year, from the current snapshot."""

    structure = models.ForeignKey(
        "organisations.Structure", models.CASCADE, related_name="situations", verbose_name="structure"
    )
    instantane = models.ForeignKey(Instantane, models.PROTECT, related_name="situations", verbose_name="instantané")
    annee = models.PositiveSmallIntegerField("année")
    periode = models.CharField("période du taux de réalisation", max_length=13, blank=True)
    etp_conventionnes = models.DecimalField("ETP conventionnés", max_digits=16, decimal_places=6, null=True)
    etp_realises = models.DecimalField("ETP réalisés", max_digits=16, decimal_places=6, null=True)
    etp_realises_cumul = models.DecimalField("ETP réalisés à date", max_digits=16, decimal_places=6, null=True)
    etp_attendus_cumul = models.DecimalField("ETP conventionnés à date", max_digits=16, decimal_places=6, null=True)
    taux_realisation = models.DecimalField("taux de réalisation à date", max_digits=16, decimal_places=6, null=True)
    projection = models.DecimalField("projection à fin d'année", max_digits=16, decimal_places=6, null=True)
    mois_manquants = models.PositiveSmallIntegerField("mois manquants", null=True)
    presents = models.PositiveIntegerField("personnes présentes", null=True)
    sorties_examinees = models.PositiveIntegerField("sorties examinées", null=True)
    sorties_dynamiques = models.PositiveIntegerField("sorties dynamiques", null=True)
    sorties_durables = models.PositiveIntegerField("sorties durables", null=True)
    taux_dynamique = models.DecimalField("taux de sorties dynamiques", max_digits=16, decimal_places=6, null=True)
    taux_durable = models.DecimalField("taux d'emploi durable", max_digits=16, decimal_places=6, null=True)
    objectif_dynamique = models.DecimalField("objectif dynamique", max_digits=16, decimal_places=6, null=True)
    objectif_durable = models.DecimalField("objectif durable", max_digits=16, decimal_places=6, null=True)
    aide_allouee = models.DecimalField("aide allouée", max_digits=16, decimal_places=2, null=True)
    aide_utilisee = models.DecimalField("aide utilisée", max_digits=16, decimal_places=2, null=True)
    fin_annexe = models.DateField("fin de la dernière annexe", null=True)
    niveau_alerte = models.PositiveSmallIntegerField(
        "niveau d'alerte", choices=NiveauAlerte.choices, default=NiveauAlerte.AUCUNE
    )
    alertes = models.JSONField("alertes", default=list)
    source = models.CharField("source des chiffres", max_length=40, blank=True)

    class Meta:
        verbose_name = "situation d'une structure"
        verbose_name_plural = "situations des structures"
        indexes = [models.Index(fields=["annee", "-niveau_alerte"], name="situation_alerte")]
        constraints = [models.UniqueConstraint(fields=["structure", "annee"], name="situation_cle")]

    def __str__(self) -> str:
        return f"{self.structure_id} en {self.annee}"


class SituationTerritoire(models.Model):
    """Alerts that bear on a whole territory: a fall of the people present is read at the département's level."""

    instantane = models.ForeignKey(Instantane, models.PROTECT, related_name="+", verbose_name="instantané")
    niveau = models.CharField("niveau", max_length=11)
    code = models.CharField("code", max_length=40)
    annee = models.PositiveSmallIntegerField("année")
    alertes = models.JSONField("alertes", default=list)

    class Meta:
        verbose_name = "situation d'un territoire"
        verbose_name_plural = "situations des territoires"
        constraints = [models.UniqueConstraint(fields=["niveau", "code", "annee"], name="situation_territoire_cle")]

    def __str__(self) -> str:
        return f"{self.niveau} {self.code} en {self.annee}"


class ChiffreMissionLocale(models.Model):
    """One figure of a mission locale for a year, from the current snapshot: what lists and comparisons read.

    `periode` is the year, or the last day known for a stock.
    """

    mission_locale = models.ForeignKey(
        "organisations.MissionLocale", models.CASCADE, related_name="chiffres", verbose_name="mission locale"
    )
    instantane = models.ForeignKey(Instantane, models.PROTECT, related_name="+", verbose_name="instantané")
    annee = models.PositiveSmallIntegerField("année")
    indicateur = models.CharField("indicateur", max_length=20)
    periode = models.CharField("période", max_length=13)
    numerateur = models.DecimalField("numérateur", max_digits=24, decimal_places=6, null=True)
    denominateur = models.DecimalField("dénominateur", max_digits=24, decimal_places=6, null=True)
    valeur = models.DecimalField("valeur", max_digits=24, decimal_places=6, null=True)
    statut = models.CharField("statut", max_length=15, choices=[(s.value, s.value) for s in Statut])
    unite = models.CharField("unité", max_length=10, choices=[(u.value, u.value) for u in Unite])
    source = models.CharField("voie", max_length=15, blank=True)
    secret = models.BooleanField("couvert par le secret hors des parties", default=True)

    class Meta:
        verbose_name = "chiffre d'une mission locale"
        verbose_name_plural = "chiffres des missions locales"
        indexes = [models.Index(fields=["indicateur", "annee"], name="chiffre_ml_compare")]
        constraints = [
            models.UniqueConstraint(fields=["mission_locale", "annee", "indicateur"], name="chiffre_ml_cle"),
            models.CheckConstraint(
                condition=Q(statut=Statut.DISPONIBLE.value) | Q(valeur=None),
                name="chiffre_ml_statut",
                violation_error_message="Une valeur qui n'est pas disponible reste vide.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicateur} de {self.mission_locale_id} en {self.annee}"

    @property
    def lue(self) -> Valeur:
        """The same, as every page prints a value."""
        return Valeur(
            self.indicateur, "", "", self.periode, self.numerateur, self.denominateur, self.valeur, self.statut,
            self.unite, None, self.source,
        )  # fmt: skip


class Agregat(models.Model):
    """A value of reference imported as it is, for a level that the loaded files do not cover."""

    niveau = models.CharField("niveau", max_length=11, default="france")
    code = models.CharField("code", max_length=10)
    categorie = models.CharField("catégorie", max_length=4, blank=True)
    indicateur = models.CharField("indicateur", max_length=60)
    annee = models.PositiveSmallIntegerField("année")
    numerateur = models.DecimalField("numérateur", max_digits=24, decimal_places=6, null=True)
    denominateur = models.DecimalField("dénominateur", max_digits=24, decimal_places=6, null=True)
    valeur = models.DecimalField("valeur", max_digits=24, decimal_places=6)
    fichier = models.CharField("fichier", max_length=255)
    sha256 = models.CharField("SHA-256 du fichier", max_length=64)

    class Meta:
        verbose_name = "agrégat importé"
        verbose_name_plural = "agrégats importés"
        constraints = [
            models.UniqueConstraint(
                fields=["niveau", "code", "categorie", "indicateur", "annee"],
                name="agregat_cle",
                violation_error_message="Cet agrégat est déjà présent.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicateur} {self.categorie} {self.annee}"


class QualiteMissionLocale(models.Model):
    """What the entry charter measures in a mission locale over a year: kept with the snapshot of the same records."""

    mission_locale = models.ForeignKey(
        "organisations.MissionLocale", models.CASCADE, related_name="qualites", verbose_name="mission locale"
    )
    instantane = models.ForeignKey(Instantane, models.CASCADE, related_name="qualites", verbose_name="instantané")
    annee = models.PositiveSmallIntegerField("année")
    contenu = models.JSONField("mesures", default=list)

    class Meta:
        verbose_name = "qualité de la saisie d'une mission locale"
        verbose_name_plural = "qualités de la saisie des missions locales"
        constraints = [
            models.UniqueConstraint(
                fields=["mission_locale", "annee"],
                name="qualite_ml_cle",
                violation_error_message="La qualité de la saisie de cette année est déjà gardée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mission_locale_id} en {self.annee}"
