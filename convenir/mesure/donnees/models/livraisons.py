"""Deliveries, their files, and what was read of them: conventions, annexes, manual corrections."""

from __future__ import annotations

import uuid
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from convenir.mesure.donnees.annexes.corrections import CHAMPS_ANNEXE, CHAMPS_STRUCTURE
from convenir.mesure.donnees.states import APPLIQUEES, SUITES, EtatLivraison


class Source(models.TextChoices):
    """Kinds of deliveries, as detected from their content."""

    FLUXIAE = "fluxiae", "Livraison FluxIAE de l'ASP"
    BILAN_ASP = "bilan_asp", "Classeur des bilans de l'ASP (DataON)"
    SUIVI_DGEFP = "suivi_dgefp", "Suivi hebdomadaire de la DGEFP"
    EXPORT_ANNEXES = "export_annexes", "Export des annexes financières"
    ANNEXE_MOIS = "annexe_mois", "Heures par annexe et par mois"
    MISSIONS_LOCALES = "ml", "Enregistrements de missions locales"
    AGREGATS_ML = "agregats_ml", "Indicateurs de missions locales"


SOURCES_ML = frozenset({Source.MISSIONS_LOCALES, Source.AGREGATS_ML})


class Livraison(models.Model):
    """A set of files received together, controlled together, applied whole or not at all."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField("source", max_length=14, choices=Source.choices)
    etat = models.CharField("état", max_length=11, choices=EtatLivraison.choices, default=EtatLivraison.RECUE)
    nom = models.CharField("nom du dépôt", max_length=255, blank=True)
    recue_le = models.DateTimeField("reçue le", default=timezone.now)
    demarree_le = models.DateTimeField("contrôle commencé le", null=True, blank=True)
    controlee_le = models.DateTimeField("contrôlée le", null=True, blank=True)
    appliquee_le = models.DateTimeField("appliquée le", null=True, blank=True)
    date_extraction = models.DateTimeField("extraite par la source le", null=True, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="déposée par"
    )
    auteur_nom = models.CharField("nom de l'auteur", max_length=201)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pour"
    )
    organisation_nom = models.CharField("nom de l'organisation", max_length=200, blank=True)
    empreinte = models.CharField("empreinte des fichiers reçus", max_length=64, blank=True, db_index=True)
    departements = models.JSONField("départements couverts", default=list, blank=True)
    arrete_au = models.DateField("dernier jour connu", null=True, blank=True)
    couverture = models.JSONField("années contenues, par mission locale", default=dict, blank=True)
    prive = models.BooleanField(
        "espace privé", default=False, help_text="seule l'organisation qui dépose peut la lire, son rapport compris"
    )
    tetes = models.JSONField("en-têtes reçus", default=dict, blank=True)
    correspondance = models.ForeignKey(
        "donnees.CorrespondanceDeSource", models.SET_NULL, null=True, blank=True, related_name="livraisons",
        verbose_name="correspondance de colonnes",
    )  # fmt: skip
    origine = models.JSONField("empreintes des enregistrements oubliés", default=dict, blank=True)
    rapport = models.JSONField("rapport", default=dict, blank=True)
    motif_confirmation = models.TextField("motif de la confirmation", blank=True)
    motif_sans_fin = models.TextField("motif de l'application sans ligne FIN", blank=True)
    etape = models.CharField("étape en cours", max_length=120, blank=True)
    progression = models.PositiveSmallIntegerField("progression (%)", default=0)
    message = models.TextField("message", blank=True)

    class Meta:
        verbose_name = "livraison"
        ordering = ["-recue_le", "-pk"]
        indexes = [models.Index(fields=["etat", "source", "-appliquee_le"], name="livraison_en_vigueur")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=EtatLivraison.values),
                name="livraison_etat",
                violation_error_message="Cet état de livraison n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values),
                name="livraison_source",
                violation_error_message="Cette source de données n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=APPLIQUEES, appliquee_le__isnull=False)
                | (~Q(etat__in=APPLIQUEES) & Q(appliquee_le__isnull=True)),
                name="livraison_appliquee_datee",
                violation_error_message="Une livraison appliquée porte la date de son application, les autres non.",
            ),
            models.CheckConstraint(
                condition=Q(prive=False) | (Q(source=Source.MISSIONS_LOCALES) & ~Q(etat=EtatLivraison.APPLIQUEE)),
                name="livraison_privee",
                violation_error_message="Une livraison de l'espace privé se calcule puis s'oublie, sans s'appliquer.",
            ),
            models.CheckConstraint(
                condition=Q(progression__lte=100),
                name="livraison_progression",
                violation_error_message="La progression va de 0 à 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} du {timezone.localtime(self.recue_le):%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        """Address of its report."""
        return reverse("donnees:livraison", args=[self.uuid])

    @property
    def dossier(self) -> Path:
        """Folder of its copies and records, once applied."""
        return Path(settings.DOSSIER_DONNEES) / "entrepot" / str(self.uuid)

    @property
    def dossier_travail(self) -> Path:
        """Folder where it is prepared, before it is applied."""
        return Path(settings.DOSSIER_DONNEES) / "entrepot" / ".travail" / str(self.uuid)

    @property
    def dossier_depot(self) -> Path:
        """Folder of the files as uploaded; emptied as soon as they are read."""
        return Path(settings.DOSSIER_DONNEES) / ".depots" / str(self.uuid)

    @property
    def chemin_depot(self) -> Path:
        """The one file uploaded, else the folder of the files."""
        fichiers = list(self.dossier_depot.iterdir())
        return fichiers[0] if len(fichiers) == 1 else self.dossier_depot

    @property
    def en_cours(self) -> bool:
        """Whether something is waiting to be done, or being done, in the background."""
        return self.etat == EtatLivraison.RECUE or bool(self.etape)

    @property
    def missions_locales(self) -> list[str]:
        """Codes of the missions locales that it holds."""
        return sorted(self.couverture)

    @property
    def suite(self) -> str:
        """What happens next, in one sentence."""
        return SUITES[self.etat]


class DepartementCouvert(models.Model):
    """A département that a delivery covers, since it was last put in force there: the latest one holds."""

    livraison = models.ForeignKey(Livraison, models.CASCADE, related_name="couverts", verbose_name="livraison")
    departement = models.ForeignKey(
        "territoires.Departement", models.PROTECT, related_name="+", verbose_name="département"
    )
    depuis = models.DateTimeField("en vigueur depuis")

    class Meta:
        verbose_name = "département couvert"
        verbose_name_plural = "départements couverts"
        ordering = ["livraison", "departement"]
        constraints = [
            models.UniqueConstraint(
                fields=["livraison", "departement"],
                name="departement_couvert_unique",
                violation_error_message="Cette livraison couvre déjà ce département.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.livraison} : {self.departement_id}"


class FichierRecu(models.Model):
    """A file of a delivery: what it was when received, what is kept of it, how many lines had which outcome."""

    livraison = models.ForeignKey(Livraison, models.CASCADE, related_name="fichiers", verbose_name="livraison")
    nom = models.CharField("nom du fichier", max_length=255)
    vue = models.CharField("vue", max_length=60)
    sha256_recu = models.CharField("SHA-256 du fichier reçu", max_length=64)
    sha256_copie = models.CharField("SHA-256 de la copie pseudonymisée", max_length=64, blank=True)
    lignes_lues = models.PositiveBigIntegerField("lignes lues", default=0)
    acceptees = models.PositiveBigIntegerField("lignes acceptées", default=0)
    quarantaine = models.PositiveBigIntegerField("lignes mises à l'écart", default=0)
    doublons = models.PositiveBigIntegerField("doublons identiques", default=0)
    date_extraction = models.DateTimeField("extrait le", null=True, blank=True)
    colonnes = models.JSONField("colonnes conservées", default=list, blank=True)
    conserve = models.BooleanField("valeurs conservées", default=True)

    class Meta:
        verbose_name = "fichier reçu"
        verbose_name_plural = "fichiers reçus"
        ordering = ["livraison", "vue", "nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["livraison", "nom"],
                name="fichier_unique",
                violation_error_message="Ce fichier est déjà dans la livraison.",
            ),
            models.CheckConstraint(
                condition=Q(conserve=False) | Q(lignes_lues=F("acceptees") + F("quarantaine") + F("doublons")),
                name="fichier_lignes_comptees",
                violation_error_message="Chaque ligne lue est acceptée, mise à l'écart ou en double.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class ConventionLue(models.Model):
    """A convention as the files name it; Convenir's own conventions are elsewhere (décisions, § 4)."""

    structure = models.ForeignKey(
        "organisations.Structure", models.PROTECT, related_name="conventions_lues", verbose_name="structure"
    )
    numero = models.CharField("numéro de convention", max_length=60)
    debut = models.DateField("début de sa première annexe")
    fin_incluse = models.DateField("fin de sa dernière annexe")
    livraison = models.ForeignKey(Livraison, models.PROTECT, related_name="+", verbose_name="lue dans")

    class Meta:
        verbose_name = "convention lue"
        verbose_name_plural = "conventions lues"
        ordering = ["structure", "debut", "numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "numero"],
                name="convention_lue_cle",
                violation_error_message="Cette convention est déjà connue pour cette structure.",
            ),
            models.CheckConstraint(
                condition=Q(fin_incluse__gte=F("debut")),
                name="convention_lue_dates",
                violation_error_message="La convention finit avant de commencer.",
            ),
        ]

    def __str__(self) -> str:
        return self.numero


class AnnexeLue(models.Model):
    """One version of an annexe financière as read; `retenue` marks the one version the indicators use."""

    structure = models.ForeignKey(
        "organisations.Structure",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="annexes_lues",
        verbose_name="structure",
    )
    convention = models.ForeignKey(
        ConventionLue, models.PROTECT, null=True, blank=True, related_name="annexes", verbose_name="convention"
    )
    id_structure_asp = models.PositiveBigIntegerField("identifiant ASP de la structure", db_index=True)
    id_annexe = models.PositiveBigIntegerField("identifiant ASP de l'annexe")
    id_avenant = models.PositiveBigIntegerField("identifiant ASP de la version")
    numero = models.CharField("numéro d'annexe", max_length=30)
    avenant = models.PositiveSmallIntegerField("avenant (A)", default=0)
    modification = models.PositiveSmallIntegerField("modification (M)", default=0)
    mesure = models.CharField("mesure", max_length=20)
    etat = models.CharField("état", max_length=20)
    debut = models.DateField("début d'effet")
    fin_incluse = models.DateField("fin d'effet (incluse)")
    etp = models.DecimalField("ETP conventionnés", max_digits=18, decimal_places=4, null=True, blank=True)
    heures_etp = models.DecimalField("heures d'un ETP", max_digits=18, decimal_places=2, null=True, blank=True)
    montant_unitaire = models.DecimalField("montant d'un ETP", max_digits=18, decimal_places=2, null=True, blank=True)
    montant_total = models.DecimalField("montant total", max_digits=18, decimal_places=2, null=True, blank=True)
    cofinance = models.DecimalField("montant cofinancé", max_digits=18, decimal_places=2, null=True, blank=True)
    financeur = models.CharField("cofinanceur", max_length=120, blank=True)
    nb_prev_sorties = models.PositiveIntegerField("sorties prévues", null=True, blank=True)
    taux_dynamique = models.DecimalField("objectif dynamique", max_digits=7, decimal_places=2, null=True, blank=True)
    taux_durable = models.DecimalField("objectif durable", max_digits=7, decimal_places=2, null=True, blank=True)
    taux_transition = models.DecimalField("objectif transition", max_digits=7, decimal_places=2, null=True, blank=True)
    taux_positives = models.DecimalField("objectif positives", max_digits=7, decimal_places=2, null=True, blank=True)
    suspendue = models.BooleanField("paiements suspendus", default=False)
    retenue = models.BooleanField("version retenue", default=False)
    disparue_le = models.DateField("disparue des livraisons le", null=True, blank=True)
    livraison = models.ForeignKey(Livraison, models.PROTECT, related_name="+", verbose_name="lue dans")
    empreinte = models.CharField("empreinte de la ligne lue", max_length=32)

    class Meta:
        verbose_name = "annexe lue"
        verbose_name_plural = "annexes lues"
        ordering = ["structure", "debut", "numero", "avenant", "modification"]
        indexes = [models.Index(fields=["structure", "retenue", "debut"], name="annexe_retenue")]
        constraints = [
            models.UniqueConstraint(
                fields=["id_annexe", "id_avenant"],
                name="annexe_lue_cle",
                violation_error_message="Cette version de l'annexe est déjà connue.",
            ),
            models.UniqueConstraint(
                fields=["id_annexe"],
                condition=Q(retenue=True),
                name="annexe_une_version_retenue",
                violation_error_message="Une annexe n'a qu'une version retenue.",
            ),
            models.CheckConstraint(
                condition=Q(fin_incluse__gte=F("debut")),
                name="annexe_lue_dates",
                violation_error_message="L'annexe finit avant de commencer.",
            ),
        ]

    def __str__(self) -> str:
        return self.numero_complet

    @property
    def numero_complet(self) -> str:
        """Number with its suffixes, such as `ACI054180019A0M1`."""
        return f"{self.numero}A{self.avenant}M{self.modification}"

    def vaut_au(self, jour: date) -> bool:
        """Tell whether the annexe is in effect on a day."""
        return self.debut <= jour <= self.fin_incluse


class Correction(models.Model):
    """A value corrected by hand: it outlives the next imports until `jusquau`, and says who and why."""

    structure = models.ForeignKey(
        "organisations.Structure", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="structure"
    )
    annexe = models.ForeignKey(
        AnnexeLue, models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="annexe"
    )
    champ = models.CharField("champ", max_length=40)
    valeur = models.TextField("valeur corrigée", blank=True)
    valeur_fichier = models.TextField("valeur du fichier", blank=True)
    motif = models.TextField("motif")
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    auteur_nom = models.CharField("nom de l'auteur", max_length=201)
    faite_le = models.DateTimeField("faite le", default=timezone.now)
    jusquau = models.DateField("tient jusqu'au (inclus)")
    levee_le = models.DateTimeField("levée le", null=True, blank=True)

    class Meta:
        verbose_name = "correction"
        ordering = ["-faite_le", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(structure__isnull=True, annexe__isnull=False)
                | Q(structure__isnull=False, annexe__isnull=True),
                name="correction_un_objet",
                violation_error_message="Une correction porte sur une structure ou sur une annexe.",
            ),
            models.CheckConstraint(
                condition=~Q(motif=""),
                name="correction_motivee",
                violation_error_message="Donnez le motif de la correction.",
            ),
            models.UniqueConstraint(
                fields=["structure", "champ"],
                condition=Q(levee_le=None, structure__isnull=False),
                name="correction_structure_unique",
                violation_error_message="Une correction de ce champ est déjà en vigueur.",
            ),
            models.UniqueConstraint(
                fields=["annexe", "champ"],
                condition=Q(levee_le=None, annexe__isnull=False),
                name="correction_annexe_unique",
                violation_error_message="Une correction de ce champ est déjà en vigueur.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objet} : {self.champ}"

    @property
    def libelle(self) -> str:
        """Words of the corrected field."""
        return CHAMPS_STRUCTURE.get(self.champ) or CHAMPS_ANNEXE[self.champ][2]

    @property
    def objet(self) -> Any:
        """The corrected structure or annexe."""
        return self.structure or self.annexe
