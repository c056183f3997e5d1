"""Secrets of this installation: given by the environment, or kept in a private file on a workstation."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

FICHIER = "cles.json"


def cle(nom: str, environnement: str, dossier: Path) -> str:
    """Return a secret.

    In production it must be given by the environment. On a workstation (`poste`) it is drawn once and kept in a file
    that only its owner reads. The demonstration and the tests use a fixed one, useless elsewhere.

    Raises:
        ImproperlyConfigured: in production, when it is not given.
    """
    if valeur := os.environ.get(nom, ""):
        return valeur
    if environnement == "production":
        raise ImproperlyConfigured(
            f"La variable {nom} est absente. Donnez-lui une longue valeur aléatoire "
            "(par exemple : openssl rand -hex 32), puis relancez. Pour la démonstration : make demo."
        )
    return _du_poste(nom, dossier / FICHIER) if environnement == "poste" else f"{nom}-sans-valeur-hors-production"


def _du_poste(nom: str, fichier: Path) -> str:
    connues = json.loads(fichier.read_text("utf-8")) if fichier.exists() else {}
    if nom not in connues:
        connues[nom] = secrets.token_hex(32)
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.touch(mode=0o600)
        fichier.write_text(json.dumps(connues, indent=1), "utf-8")
    return str(connues[nom])
