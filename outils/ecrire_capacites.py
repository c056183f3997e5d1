"""Write the table of roles and capabilities in docs/comptes-et-droits.md; a test keeps it true.

Usage: python outils/ecrire_capacites.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
PAGE = RACINE / "docs" / "comptes-et-droits.md"
ENTETE = "| Rôle | Peut |\n| --- | --- |\n"


def lignes() -> str:
    """Return one line by role."""
    from convenir.socle.comptes.capacites import CAPACITES_PAR_ROLE, EN_MOTS, Capacite

    return "".join(
        f"| {role.label} | {' ; '.join(EN_MOTS[c] for c in Capacite if c in capacites)} |\n"
        for role, capacites in CAPACITES_PAR_ROLE.items()
    )


def main() -> None:
    """Replace the lines under the header of the table."""
    sys.path.insert(0, str(RACINE))
    page = PAGE.read_text("utf-8")
    PAGE.write_text(re.sub(re.escape(ENTETE) + r"(\|.*\n)+", lambda _: ENTETE + lignes(), page), "utf-8")


if __name__ == "__main__":
    main()
