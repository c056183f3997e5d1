"""Works of a mission locale on axes 4 and 5, and the files joined to them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q
from django.db.models.base import ModelBase
from django.urls import reverse

from convenir.contrat.dossiers.models import FichierJoint
from convenir.contrat.dossiers.octets import SUFFIXES
from convenir.contrat.travaux import rules
from convenir.socle.commun.francais import jour
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.organisations.models import MissionLocale
from convenir.socle.organisations.normalisation import LONGUEUR_RECHERCHE, mots_cherches, texte_de_recherche


class TravailQuerySet(models.QuerySet["Travail"]):
    """Works, narrowed by right first and by choice next."""

    def visibles_par(self, acteur: Acteur) -> TravailQuerySet:
        """Keep the works of the missions locales in sight: none without the capability."""
        if not acteur.peut(Capacite.VOIR_TRAVAUX):
            return self.none()
        return self.filter(mission_locale__in=MissionLocale.objects.visibles_par(acteur.perimetre))

    def inscrits(self) -> TravailQuerySet:
        """Keep the works that count: not withdrawn."""
        return self.filter(retire_le=None)

    def de_lannee(self, annee: int) -> TravailQuerySet:
        """Keep the works that took place, even in part, during a civil year."""
        return self.filter(Q(fin=None) | Q(fin__year__gte=annee), debut__year__lte=annee)

    def rechercher(self, texte: str) -> TravailQuerySet:
        """Keep the works that carry every word: title, partners, territory, deliverable."""
        trouves = self.all()
        for mot in mots_cherches(texte):
            trouves = trouves.filter(recherche__contains=mot)
        return trouves


class Travail(models.Model):
    """A work as its mission locale describes it; withdrawn with its reason, never erased."""

    mission_locale = models.ForeignKey(
        MissionLocale, models.PROTECT, related_name="travaux", verbose_name="mission locale"
    )
    genre = models.CharField("genre", max_length=11, choices=[(g, m[0].capitalize()) for g, m in rules.GENRES.items()])
    axe = models.CharField("axe", max_length=1, choices=list(rules.AXES.items()))
    intitule = models.CharField("intitulé", max_length=200)
    partenaires = models.TextField("partenaires", blank=True, help_text="un organisme par ligne")
    territoire = models.CharField("territoire", max_length=200)
    debut = models.DateField("début")
    fin = models.DateField("dernier jour", null=True, blank=True)
    livrable = models.CharField("livrable", max_length=300, blank=True)
    etp = models.DecimalField("ETP consacrés, sur un an", max_digits=4, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField("version", default=1)
    inscrit_le = models.DateTimeField("inscrit le")
    modifie_le = models.DateTimeField("modifié le")
    modifie_par = models.CharField("modifié par", max_length=201)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)
    motif_retrait = models.CharField("motif du retrait", max_length=500, blank=True)
    recherche = models.CharField("texte de recherche", max_length=LONGUEUR_RECHERCHE, blank=True, editable=False)

    objects = TravailQuerySet.as_manager()

    class Meta:
        verbose_name = "travail d'une mission locale"
        verbose_name_plural = "travaux des missions locales"
        ordering = ["-debut", "intitule", "pk"]
        indexes = [models.Index(fields=["mission_locale", "debut"], name="travail_par_mission_locale")]
        constraints = [
            models.CheckConstraint(
                condition=Q(genre__in=list(rules.GENRES)) & Q(axe__in=list(rules.AXES)),
                name="travail_genre_et_axe",
                violation_error_message="Ce genre de travail ou cet axe n'existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(intitule="") & ~Q(territoire=""),
                name="travail_nomme",
                violation_error_message="Donnez l'intitulé du travail et son territoire.",
            ),
            models.CheckConstraint(
                condition=Q(fin=None) | Q(fin__gte=F("debut")),
                name="travail_dates",
                violation_error_message="Le travail finit avant de commencer.",
            ),
            models.CheckConstraint(
                condition=Q(etp=None) | Q(etp__gte=0, etp__lte=rules.ETP_MAX),
                name="travail_etp",
                violation_error_message="Les ETP vont de 0 à 99,99.",
            ),
            models.CheckConstraint(
                condition=~Q(genre=rules.Genre.PARTENARIAT) | ~Q(partenaires=""),
                name="travail_partenariat",
                violation_error_message="Un partenariat se fait avec au moins un partenaire.",
            ),
            models.CheckConstraint(
                condition=Q(retire_le=None, motif_retrait="") | (Q(retire_le__isnull=False) & ~Q(motif_retrait="")),
                name="travail_retrait_motive",
                violation_error_message="Un travail se retire avec son motif.",
            ),
            models.UniqueConstraint(
                fields=["mission_locale", "intitule", "debut"],
                condition=Q(retire_le=None),
                name="travail_unique",
                violation_error_message="Ce travail est déjà au registre : même intitulé, même début.",
            ),
        ]

    def __str__(self) -> str:
        return self.intitule

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        """Save with a search text that follows the title, the partners, the territory and the deliverable."""
        self.recherche = texte_de_recherche([self.intitule, self.partenaires, self.territoire, self.livrable])
        if update_fields is not None:
            update_fields = {*update_fields, "recherche"}
        super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("travaux:travail", args=[self.pk])

    @property
    def periode(self) -> str:
        """« du 15 janvier 2026 au 30 juin 2026 », the day when it took one, or since when it goes on."""
        if self.fin == self.debut:
            return f"le {jour(self.debut)}"
        return f"du {jour(self.debut)} au {jour(self.fin)}" if self.fin else f"depuis le {jour(self.debut)}"

    @property
    def noms_des_partenaires(self) -> list[str]:
        """The partners, one by one."""
        return self.partenaires.splitlines()


class PieceDeTravail(FichierJoint):
    """A file joined to a work: bytes kept under their SHA-256, format read from them, never from the name."""

    travail = models.ForeignKey(Travail, models.CASCADE, related_name="pieces", verbose_name="travail")
    jointe_le = models.DateTimeField("jointe le")
    jointe_par = models.CharField("jointe par", max_length=201)

    class Meta:
        verbose_name = "pièce d'un travail"
        verbose_name_plural = "pièces des travaux"
        ordering = ["travail", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["travail", "sha256"],
                condition=Q(retiree_le=None),
                name="piece_de_travail_unique",
                violation_error_message="Ce fichier est déjà joint.",
            ),
            models.CheckConstraint(
                condition=Q(format__in=list(SUFFIXES)),
                name="piece_de_travail_format",
                violation_error_message="Ce format de pièce n'est pas admis.",
            ),
        ]
