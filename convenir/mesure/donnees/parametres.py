"""Regulatory parameters the deliveries depend on, read at their date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from convenir.socle.reglementation import queries as reglementation
from convenir.socle.reglementation.catalogue import catalogue

_MOTIF = "iae.sorties.motif."


def seuil_disparition(jour: date) -> Decimal:
    """Return the share (0 to 1) of vanished structures, annexes or lines above which a reason is asked."""
    return _nombre("iae.import.seuil_disparition", jour) / 100


def part_nationale(jour: date) -> Decimal:
    """Return the share (0 to 1) of the régions above which a delivery is taken as national."""
    return _nombre("iae.import.part_nationale", jour) / 100


def duree_correction(jour: date) -> int:
    """Return for how many months a manual correction outlives the imports."""
    return int(_nombre("iae.correction.duree_mois", jour))


def _nombre(code: str, jour: date) -> Decimal:
    return Decimal(str(reglementation.valeur(code, jour).valeur))


def codes_des_motifs() -> frozenset[str]:
    """Return the exit reason codes of the regulation, used when a delivery brings no table of reasons."""
    return frozenset(code.removeprefix(_MOTIF) for code in catalogue().parametres if code.startswith(_MOTIF))
