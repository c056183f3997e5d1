"""What every file joined to something has in common."""

from __future__ import annotations

from django.db import models

from convenir.contrat.dossiers.octets import MIMES, SUFFIXES


class FichierJoint(models.Model):
    """A file joined: bytes kept under their SHA-256, format read from them, never from the name."""

    nom = models.CharField("nom du fichier", max_length=200)
    format = models.CharField("format", max_length=5, choices=[(f, f.upper()) for f in SUFFIXES])
    taille = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField("empreinte", max_length=64)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.nom

    @property
    def suffixe(self) -> str:
        """Extension of the file kept and sent back."""
        return SUFFIXES[self.format]

    @property
    def mime(self) -> str:
        """Type sent to the browser."""
        return MIMES[self.format]
