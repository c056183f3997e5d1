"""What this room does after each act: keep « à faire » true, tell the parties."""

from __future__ import annotations

from collections.abc import Sequence

from convenir.contrat.conventions.annonces import annoncer
from convenir.contrat.conventions.attendus import accorder
from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.suites import Evenement, apres


@apres
def apres_les_actes(evenements: Sequence[Evenement]) -> None:
    """Bring the tasks of each convention up to date once, then tell each act."""
    derniers = {e.convention.pk: e for e in evenements}
    liees = ("structure__porteur", "mission_locale__organisation", "service", "departement")
    for convention in Convention.objects.filter(pk__in=derniers).select_related(*liees).order_by("pk"):
        evenement = derniers[convention.pk]
        accorder(convention, jour=evenement.jour, maintenant=evenement.maintenant)
    for evenement in evenements:
        annoncer(evenement)
