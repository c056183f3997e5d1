"""Freeze values under the hash of their canonical CSV: the one way of both schemes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from convenir.mesure.indicateurs.models import Instantane
from convenir.socle.journal.actes import declarer
from convenir.socle.journal.actions import journaliser
from convenir.socle.journal.auteur import Auteur

CALCULER = declarer("indicateurs.calculer", "Indicateurs calculés et figés")


@dataclass(frozen=True)
class AFiger:
    """A finished calculation, ready to be frozen.

    Attributes:
        empreinte: SHA-256 of its canonical CSV.
        champs: fields of the snapshot.
        ecrire: writes the values, as Parquet, at a path.
        materialiser: gives the values to the pages, inside the transaction.
    """

    dispositif: str
    empreinte: str
    champs: dict[str, Any]
    ecrire: Callable[[Path], None]
    materialiser: Callable[[Instantane], None]


def annees_montrees(dispositif: str) -> list[int]:
    """Return the years of the snapshot that pages read now."""
    courant = Instantane.objects.filter(dispositif=dispositif).first()
    return list(courant.annees) if courant else []


def figer(a_figer: AFiger, auteur: Auteur) -> Instantane:
    """Write the files first, then the rows and the journal in one transaction; found again, nothing new is written."""
    _ecrire_fichiers(a_figer)
    with transaction.atomic():
        courant = Instantane.objects.filter(dispositif=a_figer.dispositif).first()
        connu = Instantane.objects.filter(sha256=a_figer.empreinte, dispositif=a_figer.dispositif).first()
        if connu is not None:
            connu.confirme_le = timezone.now()
            connu.save(update_fields=["confirme_le"])
            if courant is not None and courant.pk != connu.pk:
                a_figer.materialiser(connu)
            return connu
        nouveau = Instantane.objects.create(sha256=a_figer.empreinte, dispositif=a_figer.dispositif, **a_figer.champs)
        a_figer.materialiser(nouveau)
        journaliser(
            CALCULER,
            nouveau,
            auteur=auteur,
            avant={"sha256": courant.sha256} if courant else None,
            apres={"sha256": nouveau.sha256, "annees": nouveau.annees, "lignes": nouveau.lignes},
        )
        return nouveau


def _ecrire_fichiers(a_figer: AFiger) -> None:
    """Put the values on disk under their hash, whole or not at all."""
    dossier = Path(settings.DOSSIER_DONNEES) / "instantanes" / a_figer.empreinte
    if (dossier / "valeurs.parquet").exists():
        return
    dossier.parent.mkdir(parents=True, exist_ok=True)
    provisoire = Path(tempfile.mkdtemp(dir=dossier.parent, prefix=".travail-"))
    try:
        a_figer.ecrire(provisoire / "valeurs.parquet")
        provisoire.replace(dossier)
    finally:
        shutil.rmtree(provisoire, ignore_errors=True)
