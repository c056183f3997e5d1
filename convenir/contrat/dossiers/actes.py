"""Acts on files, with their words in the journal."""

from __future__ import annotations

from convenir.socle.journal.actes import declarer

OUVERT = declarer("dossiers.ouvert", "Dossier de demande ouvert")
SECTION = declarer("dossiers.section_enregistree", "Réponses du dossier enregistrées")
FINANCEMENT = declarer("dossiers.financement", "Financement demandé enregistré")
FINANCEMENT_RETIRE = declarer("dossiers.financement_retire", "Financement demandé retiré")
PIECE = declarer("dossiers.piece_jointe", "Pièce jointe au dossier")
PIECE_RETIREE = declarer("dossiers.piece_retiree", "Pièce retirée du dossier")
PIECES_DEMANDEES = declarer("dossiers.pieces_demandees", "Pièces demandées à la structure")
ACCUSE = declarer("dossiers.accuse", "Accusé de réception émis")
COMPLET = declarer("dossiers.complet", "Dossier déclaré complet")
REJETE = declarer("dossiers.rejete", "Dossier rejeté, pièces non fournies")
COMMENTAIRE = declarer("dossiers.commentaire", "Question rouverte par un commentaire")
COMMENTAIRE_RETIRE = declarer("dossiers.commentaire_retire", "Commentaire retiré")
COMMENTAIRE_REPONDU = declarer("dossiers.commentaire_repondu", "Réponse à un commentaire")
ACTION_PROJET = declarer("dossiers.action_projet", "Action du projet enregistrée")
ACTION_PROJET_RETIREE = declarer("dossiers.action_projet_retiree", "Action du projet retirée")
BROUILLON = declarer("dossiers.brouillon", "Brouillon gardé")
BROUILLON_ABANDONNE = declarer("dossiers.brouillon_abandonne", "Brouillon abandonné")
PRESENTATION = declarer("dossiers.presentation", "Présentation libre enregistrée")
