"""A line that several people may write: who wrote it last, and the version that a form has read."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class LigneVersionnee(models.Model):
    """Each writing raises the version; a form sends back the one it has read."""

    version = models.PositiveIntegerField("version", default=1)
    modifiee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="modifiée par"
    )

    class Meta:
        abstract = True

    @property
    def lecture(self) -> str:
        """What a form keeps of what it has read: which line, and its version."""
        return f"{self.pk}-{self.version}"
