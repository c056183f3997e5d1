"""What the deliveries need of the engine of the missions locales: its codes, and a calculation of their own folder."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

import duckdb

from convenir.mesure.donnees.moteur_ml import CodesMl, MoteurMl
from convenir.mesure.indicateurs.calcul import mois_clos
from convenir.mesure.indicateurs.gel_ml.sources import SourceMl
from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml
from convenir.mesure.indicateurs.releves_ml.lecture import Tables, ouvrir_dossier
from convenir.socle.commun.erreurs import EntreeInvalide

GRILLES = ("2012", "2026")
NIVEAUX = ("site", "ml")
COMPTES = ("personnes", "stock", "evenements")


def codes() -> CodesMl:
    """Return the codes of the indicators, every frame together."""
    tous = [i for grille in GRILLES for i in catalogue_ml(grille).indicateurs.values() if i.publie]
    return CodesMl(
        frozenset(i.code for i in tous),
        frozenset(i.code for i in tous if i.borne),
        frozenset(i.code for i in tous if i.genre in COMPTES),
    )


def calculer(dossier: Path, annees: Collection[int], sortie: Path) -> str:
    """Write the values of the missions locales and of their sites; return the SHA-256 of the file.

    Args:
        dossier: folder of the records.
        annees: calendar years; months that are not closed are left out.
        sortie: CSV to write.

    Raises:
        EntreeInvalide: no year has a closed month, or the folder cannot be read.
    """
    fin = SourceMl(dossier, arrete_au=dernier_contact(dossier)).dernier_jour
    mois = {annee: mois_clos(annee, fin) if fin else 12 for annee in annees}
    utiles = [annee for annee in annees if mois[annee]]
    if not utiles:
        raise EntreeInvalide("Aucun mois entier n'est connu dans ces enregistrements : il n'y a rien à calculer.")
    with calculer_ml(dossier, utiles, mois=mois) as calcul:
        return calcul.ecrire_csv(sortie, NIVEAUX)


def dernier_contact(dossier: Path) -> date | None:
    """Return the day of the last contact of a folder of records, None without one."""
    lu = ouvrir_dossier(dossier)
    if not lu.a("actualite"):
        return None
    with duckdb.connect() as base:
        lus = Tables(base, lu).lire("actualite", "date_evt")
        ligne = base.execute(f"SELECT max(date_evt) FROM ({lus})").fetchone()
    return ligne[0] if ligne else None


MOTEUR = MoteurMl(codes, calculer)
