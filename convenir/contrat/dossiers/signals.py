"""A move made anywhere has the same consequences for the file."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from convenir.contrat.conventions.models import Passage
from convenir.contrat.dossiers.suites import apres_passage


@receiver(post_save, sender=Passage, dispatch_uid="dossiers.passage")
def passage_fait(instance: Passage, created: bool, raw: bool = False, **_: Any) -> None:
    """React to a new move; loading fixtures is not one."""
    if created and not raw:
        apres_passage(instance)
