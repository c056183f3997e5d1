"""Who does an act, as the journal writes it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Auteur:
    """The person or the process behind an act, and the organisation for which it acts."""

    utilisateur_id: int | None
    nom: str
    organisation_id: int | None
    organisation: str
    requete_id: str

    @classmethod
    def systeme(cls, nom: str) -> Auteur:
        """Return a process: « Ligne de commande », « Tâche de fond »."""
        return cls(None, nom, None, "", "")
