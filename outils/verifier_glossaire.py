"""Keep docs/glossaire.md complete: every model, state, role, capability and indicator has its line.

Usage: python outils/verifier_glossaire.py   (exit code 1 names what is missing)
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
GLOSSAIRE = RACINE / "docs" / "glossaire.md"


def identifiants_documentes() -> set[str]:
    """Return the identifiers that have a line, as written between backquotes in the first column."""
    documentes: set[str] = set()
    for ligne in GLOSSAIRE.read_text("utf-8").splitlines():
        if ligne.startswith("|"):
            documentes.update(re.findall(r"`([^`]+)`", ligne.split("|")[1]))
    return documentes


def identifiants_attendus() -> set[str]:
    """Return what the code declares: models, states of deliveries, roles, capabilities, indicators, alerts."""
    from django.apps import apps

    from convenir.mesure.donnees.states import EtatLivraison
    from convenir.mesure.indicateurs.queries import definitions_par_famille
    from convenir.socle.comptes.capacites import Capacite
    from convenir.socle.comptes.roles import Role

    modeles = {m.__name__ for m in apps.get_models() if m.__module__.startswith("convenir.")}
    indicateurs = {d.code for groupe in definitions_par_famille().values() for d in groupe}
    return modeles | indicateurs | {*EtatLivraison.values, *Role.values, *(str(c) for c in Capacite)}


def main() -> int:
    """Print what is missing; 0 when nothing is."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(RACINE))
    django.setup()
    manquants = sorted(identifiants_attendus() - identifiants_documentes())
    if manquants:
        print("Sans ligne dans docs/glossaire.md :", ", ".join(manquants), sep="\n  ")
        return 1
    print("Le glossaire est complet.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
