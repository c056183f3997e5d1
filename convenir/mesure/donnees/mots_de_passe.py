"""A password on its way to the background task, never stored.

It is masked by a random pad of its own length: the pad goes with the task, the masked bytes stay beside the deposit
and are deleted as soon as they are read. Neither of the two says anything of the password.
"""

from __future__ import annotations

import secrets
from pathlib import Path

NOM = ".masque"


def confier(dossier: Path, mot_de_passe: str) -> str:
    """Leave the masked password in the deposit and return the pad, in hexadecimal; empty without a password."""
    clair = mot_de_passe.encode()
    if not clair:
        return ""
    masque = secrets.token_bytes(len(clair))
    fichier = dossier / NOM
    fichier.touch(mode=0o600)
    fichier.write_bytes(bytes(a ^ b for a, b in zip(clair, masque, strict=True)))
    return masque.hex()


def reprendre(dossier: Path, masque: str) -> str | None:
    """Return the password and delete what was left of it; None without one."""
    fichier = dossier / NOM
    if not masque or not fichier.exists():
        return None
    octets = fichier.read_bytes()
    fichier.unlink()
    return bytes(a ^ b for a, b in zip(octets, bytes.fromhex(masque), strict=True)).decode()
