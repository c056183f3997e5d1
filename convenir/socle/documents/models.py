"""A document and its versions: made by the software or filed by a person; the bytes are kept by their SHA-256."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse


class FormatDocument(models.TextChoices):
    """What a file is."""

    DOCX = "docx", "DOCX, modifiable"
    PDF = "pdf", "PDF"


class OrigineVersion(models.TextChoices):
    """Where a version comes from."""

    RENDU = "rendu", "Établie par Convenir"
    DEPOT = "depot", "Déposée à la main"


class DocumentProduit(models.Model):
    """A document of one object: « relevé » of a convention and a year."""

    uuid = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    genre = models.CharField("genre", max_length=60)
    objet = models.CharField("clé de l'objet", max_length=100)
    titre = models.CharField("titre", max_length=250)
    cree_le = models.DateTimeField("établi le")

    class Meta:
        verbose_name = "document"
        ordering = ["-cree_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["genre", "objet"],
                name="document_un_par_objet",
                violation_error_message="Ce document existe déjà : c'est une version de plus.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        """Address of its page."""
        return reverse("documents:document", args=[self.uuid])


class VersionDocument(models.Model):
    """One file of a document; `en_vigueur` marks the one that is handed out for its format."""

    document = models.ForeignKey(DocumentProduit, models.PROTECT, related_name="versions", verbose_name="document")
    format = models.CharField("format", max_length=4, choices=FormatDocument.choices)
    rang = models.PositiveIntegerField("rang")
    origine = models.CharField("origine", max_length=5, choices=OrigineVersion.choices)
    sha256 = models.CharField("empreinte", max_length=64)
    nom = models.CharField("nom du fichier", max_length=200)
    taille = models.PositiveIntegerField("taille, en octets")
    motif = models.CharField("motif", max_length=500, blank=True)
    auteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="auteur"
    )
    auteur_nom = models.CharField("nom de l'auteur", max_length=201)
    cree_le = models.DateTimeField("faite le")
    en_vigueur = models.BooleanField("en vigueur", default=False)

    class Meta:
        verbose_name = "version d'un document"
        verbose_name_plural = "versions des documents"
        ordering = ["document", "format", "-rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "format", "rang"],
                name="version_document_rang",
                violation_error_message="Cette version existe déjà.",
            ),
            models.UniqueConstraint(
                fields=["document", "format"],
                condition=Q(en_vigueur=True),
                name="version_document_une_en_vigueur",
                violation_error_message="Une seule version par format est en vigueur.",
            ),
            models.CheckConstraint(
                condition=Q(format__in=FormatDocument.values, origine__in=OrigineVersion.values),
                name="version_document_listes",
                violation_error_message="Ce format ou cette origine n'existe pas.",
            ),
            models.CheckConstraint(
                condition=~Q(origine=OrigineVersion.DEPOT) | ~Q(motif=""),
                name="version_document_motivee",
                violation_error_message="Un fichier déposé à la place d'un document porte son motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}, {self.format} {self.rang}"
