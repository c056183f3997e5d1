"""Acts of the follow-up, with their words in the journal."""

from __future__ import annotations

from convenir.contrat.suivi import states
from convenir.socle.journal.actes import declarer

BILAN_OUVERT = declarer("suivi.bilan_ouvert", "Bilan d'activité ouvert")
BILAN_ECRIT = declarer("suivi.bilan_ecrit", "Bilan d'activité enregistré")
ECHEANCE = declarer("suivi.echeance_bilan", "Échéance des bilans fixée")
RAPPROCHE = declarer("suivi.rapprochement", "Écart entre deux sources tranché")
MOYEN = declarer("suivi.moyen", "Moyen accordé enregistré")
ENGAGEMENT = declarer("suivi.engagement", "Engagement enregistré")
REALISE = declarer("suivi.engagement_realise", "Réalisation d'un engagement enregistrée")
REFERENT = declarer("suivi.referent", "Référent et suppléant désignés")
PASSATION = declarer("suivi.passation", "Conventions transmises à un autre référent")
SIGNE_NON_VALIDE = declarer("suivi.signe_non_valide", "Acte signé, attendu à l'ASP")
VALIDE_ASP = declarer("suivi.valide_asp", "Acte signé retrouvé à l'ASP")
CONTESTATION = declarer("suivi.contestation", "Chiffre contesté")
COMMISSION = declarer("suivi.commission", "Commission informée")
ANNEXE_FINANCEUR = declarer("suivi.annexe_financeur", "Annexe d'un financeur enregistrée")
COMPTE_RENDU = declarer("suivi.compte_rendu", "Compte rendu financier enregistré")
ANALYSE = declarer("suivi.analyse", "Résultats d'une convention analysés")
PRECONISATION = declarer("suivi.preconisation", "Préconisation enregistrée")
ECHANTILLON = declarer("suivi.echantillon", "Échantillon de contrôle tiré")
CONTROLE_EMBAUCHES = declarer("suivi.controle_embauches", "Embauches à contrôler tirées")
CONTROLE = declarer("suivi.controle", "Contrôle de l'éligibilité avancé")
CONTROLE_DECIDE = declarer("suivi.controle_decide", "Contrôle de l'éligibilité clos")
COFINANCEUR_INFORME = declarer("suivi.cofinanceur_informe", "Département cofinanceur informé d'un remboursement")
BILAN = {t.nom: declarer(f"suivi.bilan.{t.nom}", t.libelle) for t in states.BILAN.values()}
MOYENS = {t.nom: declarer(f"suivi.moyen.{t.nom}", t.libelle) for t in states.MOYEN.values()}
CONTESTATIONS = {t.nom: declarer(f"suivi.contestation.{t.nom}", t.libelle) for t in states.CONTESTATION.values()}
