"""Acts on conventions. Each checks the right, opens one transaction, writes, journals."""

from convenir.contrat.conventions.actions.creation import NouvelleConvention, creer
from convenir.contrat.conventions.actions.numerotation import tirer_reference
from convenir.contrat.conventions.actions.passages import accomplir, passer
from convenir.contrat.conventions.actions.termes import TermesChanges, modifier_termes

__all__ = [
    "NouvelleConvention",
    "TermesChanges",
    "accomplir",
    "creer",
    "modifier_termes",
    "passer",
    "tirer_reference",
]
