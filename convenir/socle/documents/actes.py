"""Acts on documents, with their words in the journal."""

from __future__ import annotations

from convenir.socle.journal.actes import declarer

ETABLI = declarer("documents.etabli", "Document établi")
REMPLACE = declarer("documents.remplace", "Document remplacé par un fichier déposé")
RETABLI = declarer("documents.retabli", "Version antérieure d'un document remise en vigueur")
