"""Organisations with their dated names, and structures (SIAE) keyed by ASP id and category."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.base import ModelBase
from django.urls import reverse
from django.utils import timezone

from convenir.socle.commun.identifiants import siret_valide
from convenir.socle.organisations.categories import Categorie
from convenir.socle.organisations.natures import Nature
from convenir.socle.organisations.noms import nom_institutionnel
from convenir.socle.organisations.normalisation import LONGUEUR_RECHERCHE, mots_cherches, texte_de_recherche
from convenir.socle.organisations.perimetre import Perimetre
from convenir.socle.territoires.models import Commune, Departement, Region

SIRET_REGEX = r"^[0-9]{14}$"


def verifier_siret(valeur: str) -> None:
    """Refuse a SIRET whose digits or check digit are wrong.

    Raises:
        ValidationError: with the value and the way out.
    """
    if not siret_valide(valeur):
        raise ValidationError(
            f"« {valeur} » n'est pas un SIRET : quatorze chiffres dont le dernier contrôle les autres. "
            "Recopiez-le depuis l'avis de situation de l'organisme.",
            code="siret",
        )


def _siret_bien_forme(champ: str, nom: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{champ: ""}) | Q(**{f"{champ}__regex": SIRET_REGEX}),
        name=nom,
        violation_error_message="Un SIRET compte quatorze chiffres ; laissez vide s'il est inconnu.",
    )


class NiveauTerritorial(models.TextChoices):
    """Level at which an organisation acts."""

    NATIONAL = "national", "National"
    REGIONAL = "regional", "Régional"
    DEPARTEMENTAL = "departemental", "Départemental"
    LOCAL = "local", "Local"


class Organisation(models.Model):
    """A body that takes part: service of the State, carrier of SIAE, France Travail, funder, network, platform."""

    nature = models.CharField("nature", max_length=14, choices=Nature.choices)
    nom = models.CharField("nom", max_length=200)
    niveau = models.CharField("niveau", max_length=13, choices=NiveauTerritorial.choices, blank=True)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name="région"
    )
    departement = models.ForeignKey(
        Departement, models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name="département"
    )
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[verifier_siret])
    code_externe = models.CharField(
        "code externe", max_length=20, blank=True, help_text="identifiant ASP du porteur, code SAFIR d'une agence…"
    )

    class Meta:
        verbose_name = "organisation"
        ordering = ["nom", "pk"]
        constraints = [
            _siret_bien_forme("siret", "organisation_siret"),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="organisation_nom",
                violation_error_message="Donnez un nom à l'organisation.",
            ),
            models.CheckConstraint(
                condition=~Q(niveau="regional") | Q(region__isnull=False),
                name="organisation_regionale",
                violation_error_message="Une organisation de niveau régional a une région.",
            ),
            models.CheckConstraint(
                condition=~Q(niveau="departemental") | Q(departement__isnull=False),
                name="organisation_departementale",
                violation_error_message="Une organisation de niveau départemental a un département.",
            ),
            models.UniqueConstraint(
                fields=["nature", "code_externe"],
                condition=~Q(code_externe=""),
                name="organisation_code_externe",
                violation_error_message="Une organisation de cette nature porte déjà ce code.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def nom_au(self, jour: date) -> str:
        """Return the name the organisation had on a day, never empty.

        Its own dated names first; then, for an institution, the name the texts gave it, completed with its territory;
        its current name otherwise.
        """
        propre = next((n.nom for n in self.noms.all() if n.vaut_au(jour)), None)
        return propre or nom_institutionnel(self, jour) or self.nom


class NomDate(models.Model):
    """A name of one organisation from `debut` (in) to `fin` (out)."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="noms", verbose_name="organisation")
    nom = models.CharField("nom", max_length=200)
    sigle = models.CharField("sigle", max_length=40, blank=True)
    debut = models.DateField("début")
    fin = models.DateField("fin (exclue)", null=True, blank=True)

    class Meta:
        verbose_name = "nom daté"
        verbose_name_plural = "noms datés"
        ordering = ["organisation", "debut"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "debut"],
                name="nom_date_unique",
                violation_error_message="Un autre nom commence déjà ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(fin=None) | Q(fin__gt=F("debut")),
                name="nom_date_ordre",
                violation_error_message="Le nom doit finir après avoir commencé.",
            ),
            models.CheckConstraint(
                condition=~Q(nom=""), name="nom_date_nom", violation_error_message="Donnez le nom porté."
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def vaut_au(self, jour: date) -> bool:
        """Tell whether the name holds on a day."""
        return self.debut <= jour and (self.fin is None or jour < self.fin)


class StructureQuerySet(models.QuerySet["Structure"]):
    """Structures, narrowed by right first and by choice next."""

    def visibles_par(self, perimetre: Perimetre) -> StructureQuerySet:
        """Keep the structures of a perimeter; an unknown or empty perimeter keeps none."""
        if perimetre.niveau == "france":
            return self.all()
        if perimetre.niveau == "region":
            return self.filter(departement__region__in=perimetre.codes)
        if perimetre.niveau == "departement":
            return self.filter(departement__in=perimetre.codes)
        if perimetre.niveau == "structures":
            return self.filter(pk__in=perimetre.structures)
        if perimetre.niveau == "reseau":
            adhesions = Structure.reseaux.through.objects.filter(organisation__in=perimetre.reseaux)
            return self.filter(pk__in=adhesions.values("structure"))
        return self.none()

    def suivies(self) -> StructureQuerySet:
        """Keep the structures still present in the last full delivery."""
        return self.filter(suivie_jusquau=None)

    def rechercher(self, texte: str) -> StructureQuerySet:
        """Keep the structures that carry every word: name, commune, SIRET or ASP id; accents and case do not count."""
        trouvees = self.all()
        for mot in mots_cherches(texte):
            trouvees = trouvees.filter(recherche__contains=mot)
        return trouvees


class Structure(models.Model):
    """A SIAE. One body with several conventions has one structure per category, all carried by the same `porteur`."""

    id_asp = models.PositiveBigIntegerField("identifiant ASP")
    categorie = models.CharField("catégorie", max_length=4, choices=Categorie.choices)
    porteur = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="structures",
        verbose_name="organisme porteur",
    )
    denomination = models.CharField("dénomination", max_length=200)
    siret_signature = models.CharField("SIRET à la signature", max_length=14, blank=True, validators=[verifier_siret])
    siret_actualise = models.CharField("SIRET actuel", max_length=14, blank=True, validators=[verifier_siret])
    forme_juridique = models.CharField("forme juridique (code Insee)", max_length=4, blank=True)
    code_naf = models.CharField("code NAF", max_length=6, blank=True)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, related_name="structures", verbose_name="commune"
    )
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="structures", verbose_name="département")
    reseaux = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="structures_adherentes",
        limit_choices_to={"nature": Nature.RESEAU},
        verbose_name="réseaux",
    )
    suivie_jusquau = models.DateField(
        "suivie jusqu'au", null=True, blank=True, help_text="jour où elle a disparu des livraisons"
    )
    cree_le = models.DateTimeField("créée le", default=timezone.now, editable=False)
    recherche = models.CharField(
        "texte de recherche", max_length=LONGUEUR_RECHERCHE, blank=True, editable=False, db_index=True
    )

    objects = StructureQuerySet.as_manager()

    class Meta:
        verbose_name = "structure"
        ordering = ["denomination", "id_asp", "categorie"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_asp", "categorie"],
                name="structure_cle",
                violation_error_message="Cette structure existe déjà : même identifiant ASP et même catégorie.",
            ),
            models.CheckConstraint(
                condition=Q(categorie__in=Categorie.values),
                name="structure_categorie_connue",
                violation_error_message="Cette catégorie de SIAE n'existe pas.",
            ),
            _siret_bien_forme("siret_signature", "structure_siret_signature"),
            _siret_bien_forme("siret_actualise", "structure_siret_actualise"),
            models.CheckConstraint(
                condition=~Q(denomination=""),
                name="structure_denomination",
                violation_error_message="Donnez la dénomination de la structure.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.denomination} ({self.categorie})"

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save with a search text that follows the name, the commune and the SIRETs."""
        commune = self.commune.nom if self.commune else ""
        self.recherche = texte_de_recherche(
            [self.denomination, commune, self.siret_signature, self.siret_actualise, self.code]
        )
        if update_fields is not None:
            update_fields = {*update_fields, "recherche"}
        super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)

    def get_absolute_url(self) -> str:
        """Address of its fiche bilan."""
        return reverse("portail:fiche", args=[self.id_asp, self.categorie])

    @property
    def code(self) -> str:
        """Code of the structure in every output: « 900002-ACI »."""
        return f"{self.id_asp}-{self.categorie}"


class MissionLocaleQuerySet(models.QuerySet["MissionLocale"]):
    """Missions locales, narrowed by right."""

    def visibles_par(self, perimetre: Perimetre) -> MissionLocaleQuerySet:
        """Keep the missions locales of a perimeter; an unknown or empty perimeter keeps none."""
        if perimetre.niveau == "france":
            return self.all()
        if perimetre.niveau == "region":
            return self.filter(departement__region__in=perimetre.codes)
        if perimetre.niveau == "departement":
            return self.filter(departement__in=perimetre.codes)
        if perimetre.niveau == "missions_locales":
            return self.filter(Q(pk__in=perimetre.missions_locales) | Q(departement__region__in=perimetre.codes))
        return self.none()


class StatutMissionLocale(models.TextChoices):
    """Legal form of a mission locale, as the records name it."""

    ASSOCIATION = "association", "Association"
    GIP = "gip", "Groupement d'intérêt public"
    AUTRE = "autre", "Autre forme"


class MissionLocale(models.Model):
    """A mission locale (Code du travail, L. 5314-1), keyed by the identifier its records carry."""

    code = models.CharField("identifiant", max_length=40, unique=True, help_text="`ml_id` des enregistrements")
    nom = models.CharField("nom", max_length=200)
    organisation = models.OneToOneField(
        Organisation,
        models.PROTECT,
        related_name="mission_locale",
        limit_choices_to={"nature": Nature.MISSION_LOCALE},
        verbose_name="organisation",
    )
    departement = models.ForeignKey(
        Departement, models.PROTECT, related_name="missions_locales", verbose_name="département"
    )
    statut = models.CharField(
        "statut", max_length=11, choices=StatutMissionLocale.choices, default=StatutMissionLocale.ASSOCIATION
    )
    module_entreprise = models.BooleanField(
        "utilise le module Entreprise",
        default=False,
        help_text="sans lui, ENT01a, ENT02a, ENT03 et ENT03a : « n. e. »",
    )
    suivie_jusquau = models.DateField(
        "suivie jusqu'au", null=True, blank=True, help_text="jour où elle a disparu des livraisons"
    )

    objects = MissionLocaleQuerySet.as_manager()

    class Meta:
        verbose_name = "mission locale"
        verbose_name_plural = "missions locales"
        ordering = ["nom", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(nom=""),
                name="mission_locale_nommee",
                violation_error_message="Donnez l'identifiant et le nom de la mission locale.",
            ),
            models.CheckConstraint(
                condition=Q(statut__in=StatutMissionLocale.values),
                name="mission_locale_statut",
                violation_error_message="Ce statut de mission locale n'existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class CommuneDeMissionLocale(models.Model):
    """A commune in the zone of a mission locale, from `debut` (in) to `fin` (out)."""

    mission_locale = models.ForeignKey(
        MissionLocale, models.CASCADE, related_name="communes", verbose_name="mission locale"
    )
    commune = models.CharField("code de la commune", max_length=5, db_index=True)
    debut = models.DateField("début")
    fin = models.DateField("fin (exclue)", null=True, blank=True)

    class Meta:
        verbose_name = "commune d'une mission locale"
        verbose_name_plural = "communes des missions locales"
        ordering = ["mission_locale", "commune", "debut"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission_locale", "commune", "debut"],
                name="commune_mission_locale_cle",
                violation_error_message="Cette commune est déjà dans la zone de la mission locale à cette date.",
            ),
            models.CheckConstraint(
                condition=Q(fin=None) | Q(fin__gt=F("debut")),
                name="commune_mission_locale_dates",
                violation_error_message="La commune quitte la zone avant d'y entrer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune} ({self.mission_locale_id})"
