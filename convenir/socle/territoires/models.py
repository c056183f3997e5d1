"""Régions, départements, EPCI and communes of the official geography, and the zonings laid over the communes.

A population is the municipal population of the census; None means that the source gives none, never zero.
"""

from __future__ import annotations

from django.db import models


class Zone(models.TextChoices):
    """Part of the national territory, which decides the name of the State services."""

    METRO = "metro", "Métropole"
    DROM = "drom", "Départements et régions d'outre-mer"
    COM = "com", "Collectivités d'outre-mer"


class Region(models.Model):
    """A région, or an overseas collectivity that stands as its own région (975, 977…)."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=80)
    complement = models.CharField("complément de nom", max_length=90, help_text="« de Bretagne », « du Grand Est »")
    zone = models.CharField("zone", max_length=5, choices=Zone.choices, default=Zone.METRO)
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)

    class Meta:
        verbose_name = "région"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom


class Departement(models.Model):
    """A département or an overseas collectivity, by its official code (`2A`, `974`)."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=80)
    complement = models.CharField("complément de nom", max_length=90, help_text="« de l'Ain », « du Rhône »")
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements", verbose_name="région")
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom

    @property
    def libelle(self) -> str:
        """Name and code, as in lists: « Rhône (69) »."""
        return f"{self.nom} ({self.code})"


class Epci(models.Model):
    """A group of communes with its own taxes, by its SIREN."""

    code = models.CharField("SIREN", max_length=9, primary_key=True)
    nom = models.CharField("nom", max_length=160)
    nature = models.CharField("nature", max_length=5, help_text="CC, CA, CU, METRO ou MET69 (sigles de la DGCL)")
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)

    class Meta:
        verbose_name = "EPCI"
        verbose_name_plural = "EPCI"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom


class Commune(models.Model):
    """A commune in force on 1 January of the vintage of the official geography."""

    code = models.CharField("code Insee", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=80)
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes", verbose_name="département")
    epci = models.ForeignKey(Epci, models.PROTECT, null=True, blank=True, related_name="communes", verbose_name="EPCI")
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    codes_postaux = models.CharField("codes postaux", max_length=160, blank=True, help_text="séparés par une espace")

    class Meta:
        verbose_name = "commune"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom


class AncienCode(models.Model):
    """A code that files still carry (merged commune, municipal arrondissement) and the commune that holds it now."""

    code = models.CharField("ancien code Insee", max_length=5, primary_key=True)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="anciens_codes", verbose_name="commune actuelle")

    class Meta:
        verbose_name = "ancien code de commune"
        verbose_name_plural = "anciens codes de commune"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Genre(models.TextChoices):
    """Kinds of zoning; none is vendored, each is loaded from a file that the user supplies."""

    ZONE_EMPLOI = "zone_emploi", "Zones d'emploi"
    QPV = "qpv", "Quartiers prioritaires de la politique de la ville"
    ZRR_FRR = "zrr_frr", "Zones de revitalisation rurale, France ruralités revitalisation"


class Part(models.TextChoices):
    """How much of the commune lies in the zone."""

    TOTALE = "totale", "Toute la commune"
    PARTIELLE = "partielle", "Une partie de la commune"


class Zonage(models.Model):
    """One zone of one kind and one vintage."""

    genre = models.CharField("genre", max_length=11, choices=Genre.choices)
    code = models.CharField("code", max_length=20)
    nom = models.CharField("nom", max_length=160)
    millesime = models.PositiveSmallIntegerField("millésime", help_text="année de la liste officielle")
    communes = models.ManyToManyField(Commune, through="CommuneZonage", related_name="zonages")

    class Meta:
        verbose_name = "zonage"
        ordering = ["genre", "-millesime", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["genre", "millesime", "code"],
                name="zonage_unique",
                violation_error_message="Cette zone existe déjà pour ce millésime.",
            ),
            models.CheckConstraint(
                condition=models.Q(genre__in=Genre.values),
                name="zonage_genre_connu",
                violation_error_message="Ce genre de zonage n'existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.code}, {self.millesime})"


class CommuneZonage(models.Model):
    """A commune, wholly or partly in a zone."""

    zonage = models.ForeignKey(Zonage, models.CASCADE, related_name="rattachements", verbose_name="zone")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="rattachements", verbose_name="commune")
    part = models.CharField("part", max_length=9, choices=Part.choices, default=Part.TOTALE)

    class Meta:
        verbose_name = "commune d'un zonage"
        verbose_name_plural = "communes d'un zonage"
        constraints = [
            models.UniqueConstraint(
                fields=["zonage", "commune"],
                name="commune_zonage_unique",
                violation_error_message="Cette commune est déjà dans cette zone.",
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=Part.values),
                name="commune_zonage_part_connue",
                violation_error_message="La part est « totale » ou « partielle ».",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} dans {self.zonage_id}"
