"""Write in docs/conventions.md, from the code, the moves of a convention and what each reads of a state.

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
ENTETE_DES_LECTURES = (
    "| État | Agent de l'État | Structure | Financeur | France Travail |\n| --- | --- | --- | --- | --- |\n"
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


def lectures() -> str:
    """Return one line by state, of the convention then of the avenant that waits: what each audience reads."""
    from convenir.contrat.conventions import states
    from convenir.contrat.conventions.lectures import LECTURES, LECTURES_D_AVENANT, PHRASES_IAE

    tables = ((LECTURES, states.EtatConvention, ""), (LECTURES_D_AVENANT, states.EtatVersion, "Avenant : "))
    texte = ""
    for table, etats, prefixe in tables:
        for etat, dites in table.items():
            libelle = str(etats(etat).label)
            nom = f"{prefixe}{libelle.lower()}" if prefixe else libelle
            texte += f"| {nom} | {' | '.join(d.format_map(PHRASES_IAE) for d in dites.values())} |\n"
    return texte


def main() -> None:
    """Replace the lines under the header of each table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(RACINE))
    import django

    django.setup()
    page = PAGE.read_text("utf-8")
    for entete, ecrire in ((ENTETE, lignes), (ENTETE_DES_LECTURES, lectures)):
        corps = entete + ecrire()
        page = re.sub(re.escape(entete) + r"(\|.*\n)*", lambda _, corps=corps: corps, page)
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
