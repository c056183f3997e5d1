"""What people add to the law read from the files: dated values, and parameters adopted by a territory.

Neither is ever changed or deleted: a value that was wrong is withdrawn by a new act, and both stay in the history.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from convenir.socle.territoires.models import Departement


class Saisie(models.Model):
    """Who entered it, when and why; and, if it was withdrawn, the same for the withdrawal."""

    motif = models.CharField("motif", max_length=500)
    ajoute_le = models.DateTimeField("ajouté le")
    ajoute_par = models.CharField("ajouté par", max_length=200)
    organisation = models.CharField("organisation", max_length=300, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)
    retire_par = models.CharField("retiré par", max_length=200, blank=True)
    motif_retrait = models.CharField("motif du retrait", max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def est_retire(self) -> bool:
        """Whether it was withdrawn: it then counts for nothing and stays in the history."""
        return self.retire_le is not None


def _retrait_complet(nom: str) -> models.CheckConstraint:
    rien = Q(retire_le__isnull=True, retire_par="", motif_retrait="")
    tout = Q(retire_le__isnull=False) & ~Q(retire_par="") & ~Q(motif_retrait="")
    return models.CheckConstraint(
        condition=rien | tout,
        name=nom,
        violation_error_message="Un retrait porte toujours sa date, son auteur et son motif.",
    )


def _dates_en_ordre(nom: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(dernier_jour__isnull=True) | Q(dernier_jour__gte=F("debut")),
        name=nom,
        violation_error_message="Le dernier jour précède la date d'effet.",
    )


class ValeurAjoutee(Saisie):
    """A dated value entered by an administrator: a new arrêté, a figure confirmed at last."""

    code = models.CharField("paramètre", max_length=120, db_index=True)
    debut = models.DateField("date d'effet")
    dernier_jour = models.DateField("dernier jour", null=True, blank=True)
    valeur = models.CharField("valeur", max_length=200, help_text="écrite comme dans les fichiers : 13304, 05-31…")
    texte_code = models.CharField("texte connu", max_length=120, blank=True)
    texte = models.CharField("texte", max_length=300)
    source = models.CharField("source", max_length=500)
    publie_le = models.DateField("publié le", null=True, blank=True)
    verifie_le = models.DateField("vérifié le")
    a_confirmer = models.BooleanField("à confirmer", default=False)
    pourquoi = models.CharField("pourquoi à confirmer", max_length=500, blank=True)

    class Meta:
        verbose_name = "valeur ajoutée"
        verbose_name_plural = "valeurs ajoutées"
        ordering = ["code", "debut", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "debut"],
                condition=Q(retire_le__isnull=True),
                name="valeur_ajoutee_une_par_date",
                violation_error_message="Une valeur a déjà été ajoutée à cette date d'effet. Retirez-la d'abord.",
            ),
            models.CheckConstraint(
                condition=Q(a_confirmer=False) | ~Q(pourquoi=""),
                name="valeur_ajoutee_pourquoi",
                violation_error_message="Dites pourquoi la valeur est à confirmer.",
            ),
            _dates_en_ordre("valeur_ajoutee_dates"),
            _retrait_complet("valeur_ajoutee_retrait"),
        ]

    def __str__(self) -> str:
        return f"{self.code} au {self.debut} : {self.valeur}"


class GenreLocal(models.TextChoices):
    """What a territory may define for itself."""

    SORTIES_POSITIVES = "sorties_positives", "Sorties positives définies localement"
    PUBLIC_PRIORITAIRE = "public_prioritaire", "Public prioritaire"


class ParametreLocal(Saisie):
    """A parameter of one département, adopted by a body on a date: sorties positives, share of a priority public."""

    genre = models.CharField("genre", max_length=30, choices=GenreLocal.choices, default=GenreLocal.SORTIES_POSITIVES)
    departement = models.ForeignKey(
        Departement, models.PROTECT, related_name="parametres_locaux", verbose_name="département"
    )
    elements = models.JSONField(
        "éléments", help_text='motifs de sortie : ["6", "8"] ; ou public et part en % : ["rsa.oui", "40"]'
    )
    libelle = models.CharField("définition", max_length=300)
    organe = models.CharField("organe qui l'a adopté", max_length=200)
    adopte_le = models.DateField("adopté le")
    reference = models.CharField("référence de l'acte", max_length=300)
    debut = models.DateField("date d'effet")
    dernier_jour = models.DateField("dernier jour", null=True, blank=True)

    class Meta:
        verbose_name = "paramètre local"
        verbose_name_plural = "paramètres locaux"
        ordering = ["departement", "-debut", "-pk"]
        indexes = [models.Index(fields=["genre", "departement"], name="parametre_local_territoire")]
        constraints = [
            models.CheckConstraint(
                condition=Q(genre__in=GenreLocal.values),
                name="parametre_local_genre",
                violation_error_message="Ce genre de paramètre local n'existe pas.",
            ),
            _dates_en_ordre("parametre_local_dates"),
            _retrait_complet("parametre_local_retrait"),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}, {self.departement_id}, depuis le {self.debut}"
