"""A version of the terms: initial, avenant n, modification m. Signed, it never changes again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.base import ModelBase

from convenir.contrat.conventions.models.convention import Convention
from convenir.contrat.conventions.rules.termes import Termes, depuis_json
from convenir.contrat.conventions.states import EN_SUSPENS, MODIFIABLE, EtatVersion
from convenir.socle.commun.erreurs import ErreurMetier
from convenir.socle.commun.periodes import Periode


class VersionSignee(ErreurMetier):
    """A signed version does not change: one prepares an avenant."""


class NatureVersion(models.TextChoices):
    """What a version is."""

    INITIALE = "initiale", "Convention initiale"
    AVENANT = "avenant", "Avenant"
    MODIFICATION = "modification", "Modification"


class VersionQuerySet(models.QuerySet["Version"]):
    """Versions; a signed one is out of reach of a bulk update."""

    def update(self, **champs: Any) -> int:
        """Update the versions that are not signed.

        Raises:
            VersionSignee: one of them is.
        """
        if self.filter(etat=EtatVersion.SIGNEE).exists():
            raise VersionSignee("Une version signée ne se modifie pas.")
        return super().update(**champs)

    def signees(self) -> VersionQuerySet:
        """Keep the signed ones, in their order."""
        return self.filter(etat=EtatVersion.SIGNEE).order_by("rang")

    def en_suspens(self) -> VersionQuerySet:
        """Keep those neither signed nor abandoned: at most one by convention."""
        return self.filter(etat__in=EN_SUSPENS)


class Version(models.Model):
    """All the terms agreed at one moment; `rang` orders the versions of a convention.

    The terms apply from `effet`. Its yearly financial clauses hold until `clauses_fin` (out); after it they go on only
    by the continuity rule (R. 5132-3-1, R. 5132-29-1).
    """

    convention = models.ForeignKey(Convention, models.PROTECT, related_name="versions", verbose_name="convention")
    nature = models.CharField("nature", max_length=12, choices=NatureVersion.choices)
    numero = models.PositiveSmallIntegerField("numéro", default=0, help_text="de l'avenant ou de la modification")
    rang = models.PositiveSmallIntegerField("rang")
    etat = models.CharField("état", max_length=20, choices=EtatVersion.choices, default=EtatVersion.PREPARATION)
    effet = models.DateField("date d'effet")
    clauses_fin = models.DateField("fin des clauses financières (exclue)", null=True, blank=True)
    objet = models.CharField("objet", max_length=300, blank=True)
    termes_json = models.JSONField("termes", default=dict, blank=True)
    empreinte = models.CharField("empreinte des termes", max_length=64)
    creee_le = models.DateTimeField("préparée le")
    signee_le = models.DateField("signée le", null=True, blank=True)
    jeton = models.PositiveIntegerField("jeton d'édition", default=0)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version des termes"
        verbose_name_plural = "versions des termes"
        ordering = ["convention", "rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "rang"],
                name="version_rang",
                violation_error_message="Cette convention a déjà une version de ce rang.",
            ),
            models.UniqueConstraint(
                fields=["convention", "nature", "numero"],
                condition=~Q(etat=EtatVersion.ABANDONNEE),
                name="version_numero",
                violation_error_message="Cette convention a déjà un acte de ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["convention"],
                condition=Q(etat__in=sorted(EN_SUSPENS)),
                name="version_une_en_suspens",
                violation_error_message="Une version est déjà en préparation ou à signer : finissez-la d'abord.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=EtatVersion.values),
                name="version_etat",
                violation_error_message="Cet état de version n'existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(nature=NatureVersion.INITIALE, rang=0, numero=0)
                | ~Q(nature=NatureVersion.INITIALE) & Q(rang__gt=0, numero__gt=0),
                name="version_nature",
                violation_error_message="La convention initiale est la première version ; les autres sont numérotées.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatVersion.SIGNEE, signee_le__isnull=False)
                | ~Q(etat=EtatVersion.SIGNEE) & Q(signee_le=None),
                name="version_signature_datee",
                violation_error_message="Une version signée, et elle seule, porte sa date de signature.",
            ),
            models.CheckConstraint(
                condition=Q(clauses_fin=None) | Q(clauses_fin__gt=F("effet")),
                name="version_clauses",
                violation_error_message="Les clauses financières finissent après la date d'effet.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save, unless the row is already signed in the database.

        Raises:
            VersionSignee: it is.
        """
        if self.pk and Version.objects.filter(pk=self.pk, etat=EtatVersion.SIGNEE).exists():
            raise VersionSignee(f"{self.libelle} est signée : elle ne se modifie pas. Préparez un avenant.")
        super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)

    @property
    def libelle(self) -> str:
        """« Convention initiale », « Avenant n° 2 », « Modification n° 1 »."""
        nature = NatureVersion(self.nature)
        return str(nature.label) if nature == NatureVersion.INITIALE else f"{nature.label} n° {self.numero}"

    @property
    def termes(self) -> Termes:
        """The terms, typed."""
        return depuis_json(self.termes_json)

    @property
    def modifiable(self) -> bool:
        """Whether its terms may still change."""
        return self.etat in MODIFIABLE

    @property
    def clauses(self) -> Periode:
        """Days its financial clauses hold by themselves."""
        return Periode(self.effet, self.clauses_fin)

    @property
    def periode_de_l_annexe(self) -> Periode:
        """Days of its first calendar year that its annexe covers."""
        fin = self.convention.fin
        return Periode(self.effet, min(date(self.effet.year + 1, 1, 1), self.clauses_fin or fin, fin))

    def vaut_au(self, jour: date) -> bool:
        """Tell whether it is signed and in effect on a day."""
        return self.etat == EtatVersion.SIGNEE and self.effet <= jour
