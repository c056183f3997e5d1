"""Invented priority publics of the demonstration, said to be fictitious."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.reglementation.actions import SaisiePriorite, ajouter_priorite
from convenir.socle.reglementation.models import GenreLocal, ParametreLocal
from convenir.socle.territoires.models import Departement

# Public, share sought in percent.
PRIORITES = (("rsa.oui", 45), ("age.50_et_plus", 20), ("inscription.24_mois_et_plus", 35), ("zus_qpv.oui", 15))


def charger_priorites(region: str, acteur: Acteur, debut: date) -> int:
    """Record invented priorities for every département of a région that has none; return how many."""
    connus = ParametreLocal.objects.filter(genre=GenreLocal.PUBLIC_PRIORITAIRE).values("departement")
    nombre = 0
    for departement in Departement.objects.filter(region=region).exclude(pk__in=connus).order_by("code"):
        for public, part in PRIORITES:
            ajouter_priorite(acteur, _saisie(departement, public, part, debut))
            nombre += 1
    return nombre


def _saisie(departement: Departement, public: str, part: int, debut: date) -> SaisiePriorite:
    return SaisiePriorite(
        departement=departement,
        public=public,
        part=Decimal(part),
        organe="CDIAE (fictif)",
        adopte_le=debut,
        reference="Relevé de décisions fictif n° 1",
        debut=debut,
        motif="Priorité inventée pour la démonstration",
    )
