"""Acts of the conventions, with their words in the journal: one by move of the table, and those that move nothing."""

from __future__ import annotations

from convenir.contrat.conventions.states import TRANSITIONS
from convenir.socle.journal.actes import declarer

PASSAGES = {nom: declarer(f"conventions.{nom}", f"Convention : {t.libelle.lower()}") for nom, t in TRANSITIONS.items()}
CREER = declarer("conventions.creer", "Convention créée")
MODIFIER_TERMES = declarer("conventions.modifier_termes", "Termes d'une convention modifiés")
MODIFIER_PERIODE = declarer("conventions.modifier_periode", "Période d'une convention modifiée")
DELIBERER = declarer("conventions.deliberer", "Délibération enregistrée")
DEPOSER_SCAN = declarer("conventions.deposer_scan", "Scan d'un acte signé déposé, à comparer")
RELANCER = declarer("conventions.relancer", "Signataire relancé")
REPRENDRE_SOMMES = declarer("conventions.reprendre_sommes", "Reprise de sommes décidée")
DECIDER_CONTROLE = declarer("conventions.decider_controle", "Décision prise après un contrôle de l'éligibilité")
OBSERVER = declarer("conventions.observer", "Observations de l'employeur reçues")
NOTIFIER = declarer("conventions.notifier", "Décision notifiée")
RECOURS = declarer("conventions.recours", "Recours gracieux reçu")
REPONDRE = declarer("conventions.repondre", "Réponse à un recours gracieux")
PREPARER_LOT = declarer("conventions.preparer_lot", "Avenants et annexes de l'année préparés par lot")
EXCEPTER = declarer("conventions.excepter", "Annexe traitée une à une")
SAISIR = declarer("conventions.saisir", "Annexe saisie dans l'extranet")
SUIVRE_ANNEXE = declarer("conventions.suivre_annexe", "État d'une annexe relevé à l'ASP")
REJETER_ANNEXE = declarer("conventions.annexe_rejetee", "Annexe rejetée ou annulée à l'ASP")
PASSER_LE_JOUR = declarer("conventions.passer_le_jour", "Passage du jour sur les conventions")
OPERATION = declarer("conventions.operation", "Opération en masse demandée")
OPERATION_FINIE = declarer("conventions.operation_finie", "Opération en masse finie")
REMETTRE_AU_PARAPHEUR = declarer("conventions.parapheur", "Acte remis au parapheur")
