"""Files of eliminated records: removed once no record cites them any more."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from convenir.socle.archives.rules import Fichier
from convenir.socle.documents.stockage import retirer


def encore_cite(sha256: str) -> bool:
    """Tell whether any record of any room still names this fingerprint: a same file may be joined to several."""
    for modele in apps.get_models():
        try:
            modele._meta.get_field("sha256")
        except FieldDoesNotExist:
            continue
        if modele._default_manager.filter(sha256=sha256).exists():
            return True
    return False


def retirer_les_orphelins(fichiers: Iterable[Fichier]) -> int:
    """Remove the files that nothing cites any more; return how many. Called once the elimination is committed."""
    return sum(retirer(f.sha256, f.suffixe) for f in fichiers if not encore_cite(f.sha256))
