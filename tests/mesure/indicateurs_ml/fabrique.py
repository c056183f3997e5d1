"""A folder of records written by hand, one CSV for each table, and the values read back from the CSV written."""

from __future__ import annotations

import csv
from pathlib import Path

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
from convenir.mesure.indicateurs.releves_ml.regles import Regles, regles

Valeurs = dict[tuple[str, str, str, str, str, str], dict[str, str]]


def ecrire(dossier: Path, tables: dict[str, list[dict[str, object]]]) -> Path:
    dossier.mkdir(parents=True, exist_ok=True)
    for table, lignes in tables.items():
        colonnes = [c.nom for c in tables_missions_locales()[table].conservees]
        with (dossier / f"{table}.csv").open("w", encoding="utf-8", newline="") as fichier:
            ecrivain = csv.DictWriter(fichier, colonnes, restval="")
            ecrivain.writeheader()
            ecrivain.writerows(lignes)
    return dossier


def calculer(dossier: Path, annee: int, grille: str | None = None, **autres: str) -> Valeurs:
    def lire(a: int) -> Regles:
        return regles(a).avec(**autres)

    sortie = dossier / "sortie.csv"
    with calculer_ml(dossier, [annee], grille=grille, lire_regles=lire) as calcul:
        calcul.ecrire_csv(sortie)
    cles = ("niveau", "code_territoire", "indicateur", "ventilation", "modalite", "periode")
    with sortie.open(encoding="utf-8", newline="") as fichier:
        return {tuple(ligne[c] for c in cles): ligne for ligne in csv.DictReader(fichier)}  # type: ignore[misc]
