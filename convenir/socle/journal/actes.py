"""Labels of the acts: each module declares its own, in French, for the page of the journal."""

from __future__ import annotations

_LIBELLES: dict[str, str] = {}

CHARGE_EFFACEE = "journal.charge_effacee"


def declarer(code: str, libelle: str) -> str:
    """Give an act its words (« Invitation envoyée ») and return its code; declaring it twice alike changes nothing.

    Raises:
        ValueError: if the code already has other words.
    """
    if _LIBELLES.setdefault(code, libelle) != libelle:
        raise ValueError(f"L'acte {code} s'appelle déjà « {_LIBELLES[code]} ».")
    return code


def libelle(code: str) -> str:
    """Return the words of an act, or its code when no module declared it."""
    return _LIBELLES.get(code, code)


def connus() -> list[tuple[str, str]]:
    """Return every declared act (code, words), in the order of the words."""
    return sorted(_LIBELLES.items(), key=lambda paire: paire[1])


declarer(CHARGE_EFFACEE, "Détail d'une entrée du journal effacé")
