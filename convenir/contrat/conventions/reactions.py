"""What this room does after each act, and after a delivery: keep « à faire » true, tell, follow the ASP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils import timezone

from convenir.contrat.conventions.actions.annexes_lues import suivre_l_asp
from convenir.contrat.conventions.actions.lots import tenir_le_lot_entier
from convenir.contrat.conventions.annonces import annoncer
from convenir.contrat.conventions.attendus import accorder
from convenir.contrat.conventions.models import AnnexeFinanciere, Convention
from convenir.contrat.conventions.suites import Evenement, apres
from convenir.mesure.donnees.signals import livraison_appliquee

DES_ANNEXES = frozenset({"achever_signature", "abandonner_avenant", "refuser", "annexe_rejetee", "suivre_annexe"})


@apres
def apres_les_actes(evenements: Sequence[Evenement]) -> None:
    """Bring the tasks of each convention up to date once, then tell each act."""
    # La convention renouvelée attend la demande de celle qui la suit : ses tâches changent avec elle.
    renouvelees = {e.convention.renouvelle_id: e for e in evenements if e.convention.renouvelle_id}
    derniers = renouvelees | {e.convention.pk: e for e in evenements}
    liees = ("structure__porteur", "mission_locale__organisation", "service", "departement")
    for convention in Convention.objects.filter(pk__in=derniers).select_related(*liees).order_by("pk"):
        evenement = derniers[convention.pk]
        accorder(convention, jour=evenement.jour, maintenant=evenement.maintenant)
    _tenir_les_lots(evenements)
    for evenement in evenements:
        annoncer(evenement)


def _tenir_les_lots(evenements: Sequence[Evenement]) -> None:
    """Recompute the task of each batch whose annexes an act signed, gave up or saw rejected."""
    touches = {e.convention.pk: e.maintenant for e in evenements if e.nom in DES_ANNEXES}
    lues = AnnexeFinanciere.objects.filter(convention__in=touches)
    lots = {(d, a): touches[c] for c, d, a in lues.values_list("convention", "convention__departement", "annee")}
    for (departement, annee), maintenant in sorted(lots.items()):
        tenir_le_lot_entier(departement, annee, maintenant=maintenant)


@receiver(livraison_appliquee, dispatch_uid="conventions.livraison")
def apres_une_livraison(livraison_uuid: UUID, **_: Any) -> None:  # noqa: ARG001
    """Give each keyed annexe the state that the delivery brings."""
    suivre_l_asp(maintenant=timezone.now())
