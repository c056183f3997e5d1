"""Acts of this module, as the journal names them."""

from convenir.socle.journal.actes import declarer

APPLIQUEE = declarer("donnees.livraison_appliquee", "Livraison de données appliquée")
REMISE = declarer("donnees.livraison_remise", "Livraison de données remise en vigueur")
DEPOSEE = declarer("donnees.livraison_deposee", "Livraison de données déposée")
REFUSEE = declarer("donnees.livraison_refusee", "Livraison de données refusée au contrôle")
ABANDONNEE = declarer("donnees.livraison_abandonnee", "Livraison de données abandonnée")
INTERROMPUE = declarer("donnees.livraison_interrompue", "Contrôle d'une livraison interrompu")
CORRIGEE = declarer("donnees.corriger", "Donnée corrigée à la main")
CORRECTION_LEVEE = declarer("donnees.lever_correction", "Correction levée")
CORRESPONDANCE = declarer("donnees.correspondance", "Correspondance de colonnes enregistrée")
CORRESPONDANCE_SUPPRIMEE = declarer("donnees.correspondance_supprimee", "Correspondance de colonnes supprimée")
RELANCEE = declarer("donnees.livraison_relancee", "Contrôle d'une livraison relancé")
OUBLIEE = declarer("donnees.livraison_oubliee", "Enregistrements calculés, puis supprimés")
