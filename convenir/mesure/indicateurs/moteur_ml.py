"""What the deliveries need of the engine of the missions locales: its codes, and a calculation of their own folder."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from datetime import date
from pathlib import Path

from django.utils import timezone

from convenir.mesure.donnees.effets_ml import JOURS_CONNUS
from convenir.mesure.donnees.moteur_ml import CodesMl, MoteurMl
from convenir.mesure.indicateurs.calcul import mois_clos
from convenir.mesure.indicateurs.gel_ml.sources import SourceMl, fin_connue
from convenir.mesure.indicateurs.moteurs import Requete, ouvrir_moteur
from convenir.mesure.indicateurs.qualite.conservation import NOM_MESUREE, mesurer_et_ecrire
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
    dernier = dernier_jour_connu(dossier)
    connue = fin_connue(dernier, timezone.localdate()) if dernier else None
    fin = SourceMl(dossier, arrete_au=connue).dernier_jour
    mois = {annee: mois_clos(annee, fin) if fin else 12 for annee in annees}
    utiles = [annee for annee in annees if mois[annee]]
    if not utiles:
        raise EntreeInvalide("Aucun mois entier n'est connu dans ces enregistrements : il n'y a rien à calculer.")
    mesurer_et_ecrire(dossier, {annee: mois[annee] for annee in utiles}, sortie.with_name(NOM_MESUREE))
    with calculer_ml(dossier, utiles, mois=mois) as calcul:
        return calcul.ecrire_csv(sortie, NIVEAUX)


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


MOTEUR = MoteurMl(codes, calculer)
