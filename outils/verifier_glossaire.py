"""Keep docs/glossaire.md true and complete: assembled from docs/glossaire.d/, the catalogue and the capabilities.

Usage: python outils/verifier_glossaire.py            exit code 1 names what is missing or out of date
       python outils/verifier_glossaire.py --ecrire   assembles docs/glossaire.md
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
GRILLES = ("2012", "2026")
MODULES, GLOSSAIRE = RACINE / "docs" / "glossaire.d", RACINE / "docs" / "glossaire.md"
ENTETE = """# Glossaire

Chaque identifiant du code, le terme du métier qu'il porte et d'où il vient. Assemblé depuis `docs/glossaire.d/`.

| Identifiant | Terme | Source |
| --- | --- | --- |
"""


def lignes() -> list[tuple[str, str, str]]:
    """Return every line of the modules' files, in alphabetical order, each identifier once."""
    lues: dict[str, tuple[str, str, str]] = {}
    for fichier in sorted(MODULES.glob("*.md")):
        for ligne in fichier.read_text("utf-8").splitlines():
            cellules = [c.strip() for c in ligne.strip().strip("|").split("|")]
            if not ligne.startswith("|") or len(cellules) != 3 or set(cellules[0]) <= set("-: "):
                continue
            for identifiant in cellules[0].replace("`", "").split(", "):
                if identifiant.lower() != "identifiant":
                    lues.setdefault(identifiant, (identifiant, cellules[1], cellules[2]))
    lues |= {identifiant: (identifiant, terme, source) for identifiant, terme, source in declarees()}
    return sorted(lues.values(), key=lambda ligne: _cle(ligne[0]))


def declarees() -> Iterator[tuple[str, str, str]]:
    """Yield the lines that the code already words: indicators of every scheme, capabilities."""
    from convenir.mesure.indicateurs.chargement import catalogue
    from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml
    from convenir.socle.comptes.capacites import EN_MOTS

    for declare in (catalogue("iae"), *(catalogue_ml(grille) for grille in GRILLES)):
        for indicateur in declare.indicateurs.values():
            yield indicateur.code, indicateur.libelle, indicateur.texte
    for capacite, mots in EN_MOTS.items():
        yield str(capacite), f"droit de {mots}", "Convenir"


def _cle(texte: str) -> str:
    return unicodedata.normalize("NFD", texte).encode("ascii", "ignore").decode().lower()


def assembler() -> str:
    """Return the text of docs/glossaire.md."""
    return ENTETE + "".join(f"| `{i}` | {terme} | {source} |\n" for i, terme, source in lignes())


def attendus() -> set[str]:
    """Return what must have a line in docs/glossaire.d: models, states, roles."""
    from django.apps import apps

    from convenir.contrat.conventions.states import EtatConvention, EtatVersion
    from convenir.mesure.donnees.states import EtatLivraison
    from convenir.socle.comptes.roles import Role

    modeles = {m.__name__ for m in apps.get_models() if m.__module__.startswith("convenir.")}
    etats = {*EtatLivraison.values, *EtatConvention.values, *EtatVersion.values}
    return {*modeles, *etats, *Role.values}


def main() -> int:
    """Write, or check and say what is wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(RACINE))
    import django

    django.setup()
    if "--ecrire" in sys.argv:
        GLOSSAIRE.write_text(assembler(), "utf-8")
        return 0
    if manquants := sorted(attendus() - {i for i, _, _ in lignes()}):
        print("Sans ligne dans docs/glossaire.d :", *manquants, sep="\n  ")
        return 1
    if not GLOSSAIRE.exists() or GLOSSAIRE.read_text("utf-8") != assembler():
        print("docs/glossaire.md n'est plus à jour : python outils/verifier_glossaire.py --ecrire")
        return 1
    print("Le glossaire est complet.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
