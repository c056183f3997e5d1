"""Acts of the tasks, with their words in the journal."""

from __future__ import annotations

from convenir.socle.journal.actes import declarer

TACHE_PROPOSEE = declarer("taches.tache_proposee", "Tâche proposée")
TACHE_MODIFIEE = declarer("taches.tache_modifiee", "Tâche modifiée")
TACHE_TERMINEE = declarer("taches.tache_terminee", "Tâche terminée")
PREFERENCES = declarer("taches.preferences", "Préférences de notification changées")
