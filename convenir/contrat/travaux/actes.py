"""Acts on the register, with their words in the journal."""

from __future__ import annotations

from convenir.socle.journal.actes import declarer

AJOUTE = declarer("travaux.ajoute", "Travail inscrit au registre des axes 4 et 5")
MODIFIE = declarer("travaux.modifie", "Travail du registre modifié")
RETIRE = declarer("travaux.retire", "Travail retiré du registre")
PIECE = declarer("travaux.piece_jointe", "Pièce jointe à un travail du registre")
PIECE_RETIREE = declarer("travaux.piece_retiree", "Pièce retirée d'un travail du registre")
