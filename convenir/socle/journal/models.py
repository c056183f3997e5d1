"""Entries of the journal: appended, never changed, each carrying the hash of the one before."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models

from convenir.socle.journal.empreintes import GENESE

REFUS = "Le journal ne se modifie pas : une entrée s'ajoute (journaliser), ne se change ni ne se retire."


class JournalImmuable(Exception):
    """Someone tried to change or remove an entry."""


class EntreeQuerySet(models.QuerySet["Entree"]):
    """Reads only; the bulk writes of Django are closed."""

    def _refuser(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise JournalImmuable(REFUS)

    update = delete = bulk_create = bulk_update = update_or_create = _refuser


class Entree(models.Model):
    """One act: who, for which organisation, what, on what, when."""

    numero = models.BigIntegerField("numéro", primary_key=True)
    instant = models.DateTimeField("instant", db_index=True)
    acteur_id = models.BigIntegerField("compte", null=True)
    acteur_nom = models.CharField("auteur", max_length=200)
    organisation_id = models.BigIntegerField("identifiant de l'organisation", null=True)
    organisation_nom = models.CharField("organisation", max_length=300, blank=True)
    requete_id = models.CharField("requête", max_length=64, blank=True)
    acte = models.CharField("acte", max_length=100)
    objet_type = models.CharField("type d'objet", max_length=100)
    objet_id = models.CharField("identifiant de l'objet", max_length=100)
    objet_libelle = models.CharField("objet", max_length=300)
    charge_empreinte = models.CharField("empreinte de la charge", max_length=64)
    precedente = models.CharField("empreinte de l'entrée précédente", max_length=64)
    empreinte = models.CharField("empreinte", max_length=64, unique=True)

    objects = EntreeQuerySet.as_manager()

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ["-numero"]
        indexes = [
            models.Index(fields=["organisation_id", "-numero"], name="journal_organisation"),
            models.Index(fields=["acte", "-numero"], name="journal_acte"),
            models.Index(fields=["objet_type", "objet_id"], name="journal_objet"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(numero__gte=1),
                name="journal_numero_positif",
                violation_error_message="Le numéro d'une entrée du journal commence à 1.",
            )
        ]

    def __str__(self) -> str:
        return f"Entrée n° {self.numero} du journal"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the entry; refuse to change one that exists."""
        if not self._state.adding:
            raise JournalImmuable(REFUS)
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: nothing leaves the journal."""
        raise JournalImmuable(REFUS)


class Charge(models.Model):
    """What an act changed (before, after); can be erased, its digest staying in the chain.

    `sel` is random and erased with the values, so that the digest left behind cannot be guessed back.
    """

    entree = models.OneToOneField(
        Entree, on_delete=models.PROTECT, primary_key=True, related_name="charge", verbose_name="entrée"
    )
    sel = models.CharField("sel", max_length=32, blank=True)
    avant = models.JSONField("avant", null=True)
    apres = models.JSONField("après", null=True)
    effacee_le = models.DateTimeField("effacée le", null=True)

    class Meta:
        verbose_name = "charge d'une entrée"
        verbose_name_plural = "charges des entrées"

    def __str__(self) -> str:
        return f"Charge de l'entrée n° {self.entree_id}"


class Tete(models.Model):
    """The head of the chain: one row, locked while an entry is appended."""

    numero = models.BigIntegerField("numéro", default=0)
    empreinte = models.CharField("empreinte", max_length=64, default=GENESE)

    class Meta:
        verbose_name = "tête du journal"
        verbose_name_plural = "tête du journal"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="journal_une_tete",
                violation_error_message="Le journal n'a qu'une tête.",
            )
        ]

    def __str__(self) -> str:
        return f"Tête du journal : entrée n° {self.numero}"
