"""Le jour et l'heure de ces essais, un bilan rempli, et la convention suivie par le service des personnes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from convenir.contrat.conventions.models import Convention
from convenir.contrat.suivi.actions import bilans
from convenir.contrat.suivi.models import Bilan
from convenir.contrat.suivi.rules.bilan import RUBRIQUES
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Structure
from tests.factories_comptes import Connecte
from tests.factories_conventions import convention_en_cours

MAINTENANT = datetime(2026, 4, 10, 9, tzinfo=UTC)
JOUR = date(2026, 4, 10)
QUAND: dict[str, Any] = {"jour": JOUR, "maintenant": MAINTENANT}
SIX = {r.code: f"Texte inventé : {r.titre}" for r in RUBRIQUES}
PERIODE = {"debut": date(2025, 1, 1), "fin": date(2028, 1, 1)}


def deposer(direction: Acteur, bilan: Bilan, **quand: Any) -> Bilan:
    """Write the six items of a bilan and file it."""
    bilans.ecrire_bilan(direction, bilan, SIX, {}, maintenant=MAINTENANT)
    return bilans.passer_bilan(direction, bilan, "deposer", **(QUAND | quand))


def convention_du_service(structure: Structure, roles: dict[Role, Connecte]) -> Convention:
    """Return a running convention whose service is that of the departmental agent."""
    service = roles[Role.DEPARTEMENTAL].adhesion.organisation
    return convention_en_cours(structure=structure, service=service, **PERIODE)
