"""Acts of the accounts, with their words in the journal."""

from __future__ import annotations

from convenir.socle.journal.actes import declarer

COMPTE_CREE = declarer("comptes.compte_cree", "Compte créé")
COMPTE_DESACTIVE = declarer("comptes.compte_desactive", "Compte désactivé")
COMPTE_REACTIVE = declarer("comptes.compte_reactive", "Compte réactivé")
MOT_DE_PASSE_CHANGE = declarer("comptes.mot_de_passe_change", "Mot de passe changé")
ADHESION_CREEE = declarer("comptes.adhesion_creee", "Adhésion ouverte")
ADHESION_TERMINEE = declarer("comptes.adhesion_terminee", "Adhésion terminée")
INVITATION_ENVOYEE = declarer("comptes.invitation_envoyee", "Invitation envoyée")
INVITATION_ACCEPTEE = declarer("comptes.invitation_acceptee", "Invitation acceptée")
INVITATION_ANNULEE = declarer("comptes.invitation_annulee", "Invitation annulée")
