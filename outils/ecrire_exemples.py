"""Compute the worked examples of the dictionary from the tiny data set; a test keeps them true.

Usage: CONVENIR_ENV=test python outils/ecrire_exemples.py
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent


def main() -> None:
    """Write the file beside the module that reads it."""
    sys.path.insert(0, str(RACINE))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from convenir.restitution.dictionnaire.exemples import FICHIER, tout_calculer

    texte = json.dumps(tout_calculer(), ensure_ascii=False, indent=1, sort_keys=True)
    FICHIER.write_text(f"{texte}\n", "utf-8")


if __name__ == "__main__":
    main()
