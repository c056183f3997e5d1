"""Acts on the law, with their words in the journal."""

from __future__ import annotations

from convenir.socle.journal.actes import declarer

VALEUR_AJOUTEE = declarer("reglementation.valeur_ajoutee", "Valeur réglementaire ajoutée")
VALEUR_RETIREE = declarer("reglementation.valeur_retiree", "Valeur réglementaire retirée")
PRIORITE_AJOUTEE = declarer("reglementation.priorite_ajoutee", "Public prioritaire ajouté")
LOCAL_AJOUTE = declarer("reglementation.local_ajoute", "Paramètre local ajouté")
LOCAL_TERMINE = declarer("reglementation.local_termine", "Paramètre local terminé")
LOCAL_RETIRE = declarer("reglementation.local_retire", "Paramètre local retiré")
