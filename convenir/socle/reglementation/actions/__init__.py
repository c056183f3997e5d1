"""Acts on the law: values added or withdrawn, local parameters recorded, ended or withdrawn."""

from convenir.socle.reglementation.actions.locaux import (
    SaisieLocale,
    ajouter_local,
    motifs_reclassables,
    retirer_local,
    terminer_local,
)
from convenir.socle.reglementation.actions.priorites import SaisiePriorite, ajouter_priorite
from convenir.socle.reglementation.actions.valeurs import Apercu, SaisieValeur, ajouter_valeur, apercu, retirer_valeur

__all__ = [
    "Apercu", "SaisieLocale", "SaisiePriorite", "SaisieValeur", "ajouter_local", "ajouter_priorite", "ajouter_valeur",
    "apercu", "motifs_reclassables", "retirer_local", "retirer_valeur", "terminer_local",
]  # fmt: skip
