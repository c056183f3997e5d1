"""Every indicator of the missions locales worked on the tiny data set: computed when the product is built, then read.

`exemples_ml.json` is written by `outils/ecrire_exemples.py` from a real calculation of `generateur_ml/mini.yaml`; a
test recomputes it.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from convenir.mesure.donnees.generateur_ml.mini import ecrire_tables_ml, tables_mini
from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grilles
from convenir.restitution.dictionnaire.modele import Exemple

FICHIER = Path(__file__).with_name("exemples_ml.json")
ANNEE = 2025
# Columns of the tiny set that no indicator reads.
INUTILES = ("conseiller_id", "nationalite_groupe", "rqth")
SOURCE = Path(__file__).parents[2] / "mesure" / "donnees" / "generateur_ml" / "mini.yaml"


@cache
def _lus() -> dict[str, list[dict[str, Any]]]:
    lu: dict[str, list[dict[str, Any]]] = json.loads(FICHIER.read_text("utf-8"))
    return lu


def exemples(code: str) -> tuple[Exemple, ...]:
    """Return the examples of an indicator: one for each frame and mission locale of the tiny set where it is read."""
    return tuple(
        Exemple(**{**e, "comptent": tuple(e["comptent"]), "tables": tuple(e["tables"])}) for e in _lus().get(code, ())
    )


def jeunes() -> list[str]:
    """Return the youths of the tiny set."""
    return sorted({str(j["jeune_id"]) for j in tables_mini()["jeune"]})


def histoire() -> tuple[str, ...]:
    """Return the story of the tiny set, one paragraph for each youth, as its file tells it."""
    lignes = [ligne[1:].strip() for ligne in SOURCE.read_text("utf-8").split("\ntables:")[0].splitlines()]
    paragraphes: list[str] = []
    for ligne in (x for x in lignes if x):
        if not paragraphes or re.match(r"J\d |[AB]  ", ligne):
            paragraphes.append(ligne)
        else:
            paragraphes[-1] += f" {ligne}"
    return tuple(" ".join(p.split()) for p in paragraphes)


def lignes_de(tables: Iterable[str], ml: str) -> list[tuple[str, list[str], list[list[str]]]]:
    """Return the visible rows of some tables for a mission locale: name, columns that hold something, rows."""
    resultat = []
    for table in tables:
        lues = [x for x in tables_mini()[table] if x.get("ml_id", ml) == ml and x.get("territoire_code", ml) == ml]
        colonnes = [c for c in dict.fromkeys(c for x in lues for c in x) if c not in INUTILES]
        if lues:
            resultat.append((table, colonnes, [[_texte(x.get(c)) for c in colonnes] for x in lues]))
    return resultat


def _texte(valeur: object) -> str:
    if valeur is None:
        return ""
    return {True: "oui", False: "non"}[valeur] if isinstance(valeur, bool) else str(valeur)


def calculer(grille: str, sans: str = "") -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Compute the tiny set in one frame: (mission locale, indicator, modality) → period, numerator, denominator, …

    Args:
        grille: code of the frame.
        sans: youth left out, with all their records.
    """
    tables = {t: [x for x in lignes if not sans or x.get("jeune_id") != sans] for t, lignes in tables_mini().items()}
    with tempfile.TemporaryDirectory() as dossier:
        ecrire_tables_ml(Path(dossier), tables)
        with calculer_ml(Path(dossier), [ANNEE], grille=grille) as calcul:
            lues = calcul.base.execute(f"""
                SELECT code, indicateur, modalite, periode, coalesce(numerateur, ''), coalesce(denominateur, ''),
                    coalesce(valeur, ''), statut
                FROM valeurs WHERE niveau = 'ml' AND ventilation IN ('', 'dispositif')
                    AND periode IN ('{ANNEE}', '{ANNEE}-12-31')""").fetchall()
    montres = {i.code for i in catalogue_ml(grille).indicateurs.values() if i.montre}
    return {(ml, code, modalite): tuple(autres) for ml, code, modalite, *autres in lues if code in montres}


def tout_calculer(sans: Iterable[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Return the contents of `exemples_ml.json`, really computed.

    Args:
        sans: youths left out in turn to tell who counts; all of them if None.
    """
    resultat: dict[str, list[dict[str, Any]]] = {}
    for grille in (code for code, g in grilles().items() if not g.catalogue):
        entier = calculer(grille)
        ote = {j: calculer(grille, j) for j in (jeunes() if sans is None else sans)}
        indicateurs = catalogue_ml(grille).indicateurs
        for (ml, code, modalite), (periode, n, d, v, statut) in sorted(entier.items()):
            if modalite:
                continue
            i = indicateurs[code]
            porteur = indicateurs[i.numerateur.indicateur] if i.numerateur.indicateur else i
            releves = catalogue_ml(grille).releves
            resultat.setdefault(code, []).append({
                "territoire": ml, "grille": grille, "periode": periode, "modalite": modalite, "numerateur": n,
                "denominateur": d, "valeur": v, "statut": statut,
                "comptent": [j for j, lues in ote.items() if lues.get((ml, code, modalite), (periode, n))[1] != n],
                "tables": [t for t in (releves[porteur.releve].tables if porteur.releve else ()) if t != "structure"],
            })  # fmt: skip
    return resultat
