"""Acts on the public archives, with their words in the journal."""

from convenir.socle.journal.actes import declarer

PREPARER = declarer("archives.preparer", "Bordereau d'archives préparé")
VISER = declarer("archives.viser", "Visa d'un bordereau enregistré")
REFUSER = declarer("archives.refuser", "Refus d'un bordereau enregistré")
ELIMINER = declarer("archives.eliminer", "Archives éliminées sur bordereau visé")
EXPORTER = declarer("archives.exporter", "Archives exportées pour versement")
