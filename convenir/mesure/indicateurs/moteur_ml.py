"""What the deliveries need of the engine of the missions locales: its codes, and a calculation of their own folder."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from convenir.mesure.donnees.effets_ml import JOURS_CONNUS
from convenir.mesure.donnees.moteur_ml import NOM_QUALITE, CodesMl, MoteurMl
from convenir.mesure.indicateurs.calcul import mois_clos
from convenir.mesure.indicateurs.gel_ml.sources import SourceMl, fin_connue
from convenir.mesure.indicateurs.moteurs import Requete, ouvrir_moteur
from convenir.mesure.indicateurs.qualite.calcul import LigneQualite
from convenir.mesure.indicateurs.qualite.charte import charte
from convenir.mesure.indicateurs.qualite.conservation import mesurer_et_ecrire
from convenir.mesure.indicateurs.qualite.phrases import dire, resumer
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
    """Write the values of the missions locales and of their sites, and the quality of the entry beside them.

    Args:
        dossier: folder of the records.
        annees: calendar years; months that are not closed are left out.
        sortie: CSV to write.

    Returns:
        the SHA-256 of the values.

    Raises:
        EntreeInvalide: no year has a closed month, or the folder cannot be read.
    """
    mois = _mois_connus(dossier, annees)
    if not mois:
        raise EntreeInvalide("Aucun mois entier n'est connu dans ces enregistrements : il n'y a rien à calculer.")
    mesurer_et_ecrire(dossier, mois, sortie.with_name(NOM_QUALITE))
    with calculer_ml(dossier, mois, mois=mois) as calcul:
        return calcul.ecrire_csv(sortie, NIVEAUX)


def mesurer(dossier: Path, annees: Collection[int], sortie: Path) -> dict[str, dict[str, Any]]:
    """Measure the quality of the entry of records that wait to be computed, and write it.

    Args:
        dossier: folder of the records.
        annees: calendar years; months that are not closed are left out.
        sortie: JSON to write; none when no month is closed.

    Returns:
        what the last year asks for, by mission locale: a sentence, and the articles to take up, in words.

    Raises:
        EntreeInvalide: the folder cannot be read.
    """
    mois = _mois_connus(dossier, annees)
    if not mois:
        return {}
    derniere = str(max(mois))
    lues: dict[str, list[LigneQualite]] = {}
    for ligne in mesurer_et_ecrire(dossier, mois, sortie):
        if ligne.periode == derniere:
            lues.setdefault(ligne.ml, []).append(ligne)
    return {
        ml: {
            "phrase": f"{derniere} : {resumer(siennes)}",
            "a_reprendre": [_dite(x) for x in siennes if x.a_reprendre],
        }
        for ml, siennes in sorted(lues.items())
    }


def _dite(x: LigneQualite) -> str:
    article = charte().article(x.article)
    return f"{article.libelle} : {dire(x, article)}.".replace("'", "’")


def _mois_connus(dossier: Path, annees: Collection[int]) -> dict[int, int]:
    """Return the closed months of each year that has some."""
    dernier = dernier_jour_connu(dossier)
    connue = fin_connue(dernier, timezone.localdate()) if dernier else None
    fin = SourceMl(dossier, arrete_au=connue).dernier_jour
    mois = {annee: mois_clos(annee, fin) if fin else 12 for annee in annees}
    return {annee: combien for annee, combien in mois.items() if combien}


def dernier_jour_connu(dossier: Path) -> date | None:
    """Return the last day that a folder of records tells of, not after today; None without any."""
    lu = ouvrir_dossier(dossier)
    presentes = [(table, colonne) for table, colonne in JOURS_CONNUS if lu.a(table)]
    if not presentes:
        return None
    with tempfile.TemporaryDirectory(prefix="convenir-ml-") as temporaire:
        moteur = ouvrir_moteur("duckdb", [lu.chemin], Path(temporaire))
        try:
            tables = Tables(moteur, lu)
            jours = " UNION ALL ".join(f"SELECT {c} AS jour FROM ({tables.lire(t, c)}) AS x" for t, c in presentes)
            aujourdhui = timezone.localdate().isoformat()
            requete = f"SELECT max(jour) FROM ({jours}) AS j WHERE jour <= DATE '{aujourdhui}'"
            (jour,) = moteur.un(Requete(requete))
        finally:
            moteur.fermer()
    return jour if isinstance(jour, date) else None


MOTEUR = MoteurMl(codes, calculer, mesurer)
