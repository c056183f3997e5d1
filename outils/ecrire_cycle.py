"""Write the table of the moves of a convention in docs/conventions.md, from the code; a test keeps it true.

Usage: python outils/ecrire_cycle.py
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
PAGE = RACINE / "docs" / "conventions.md"
ENTETE = (
    "| Acte | La convention passe de | à | La version passe de | à | Qui | Conditions |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n"
)


def lignes() -> str:
    """Return one line by move: states of the convention, states of the version, who, guards."""
    from convenir.contrat.conventions import gardes, states
    from convenir.socle.comptes.capacites import EN_MOTS

    def etats(codes, choix) -> str:
        return ", ".join(sorted({choix(c).label.lower() for c in codes}))

    texte = ""
    for t in states.TRANSITIONS.values():
        vers = {v for v in t.passages.values() if v != states.AVANT}
        a = etats(vers, states.EtatConvention) or "l'état précédent"
        version = t.version or (frozenset(), "")
        depuis_version = etats(version[0], states.EtatVersion) or "–"
        vers_version = states.EtatVersion(version[1]).label.lower() if version[1] else "–"
        qui = EN_MOTS[t.capacite] if t.capacite else "l'application, à la date"
        conditions = [g.nom.replace("_", " ") for g in gardes.de(t.nom)] + (["motif écrit"] if t.motif else [])
        depuis = etats(t.passages, states.EtatConvention)
        texte += (
            f"| {t.libelle}{' (retour)' if t.retour else ''} | {depuis} | {a} | {depuis_version} | {vers_version} "
            f"| {qui} | {' ; '.join(conditions) or '–'} |\n"
        )
    return texte


def main() -> None:
    """Replace the lines under the header of the table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(RACINE))
    import django

    django.setup()
    page = PAGE.read_text("utf-8")
    PAGE.write_text(re.sub(re.escape(ENTETE) + r"(\|.*\n)*", lambda _: ENTETE + lignes(), page), "utf-8")


if __name__ == "__main__":
    main()
