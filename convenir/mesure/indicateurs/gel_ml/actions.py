"""Use case: compute the missions locales from the deliveries in force, and freeze."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from django.db import transaction

from convenir.mesure.indicateurs import connexion
from convenir.mesure.indicateurs.calcul import ecrire_csv, ecrire_parquet
from convenir.mesure.indicateurs.gel import AFiger, annees_montrees, figer
from convenir.mesure.indicateurs.gel_ml.lecture import Lues, lire_sources
from convenir.mesure.indicateurs.gel_ml.materialisation import materialiser
from convenir.mesure.indicateurs.gel_ml.secret import choisir_les_caches
from convenir.mesure.indicateurs.gel_ml.sources import ENREGISTREMENTS, EntreesMl
from convenir.mesure.indicateurs.gel_ml.territoires import assembler
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.perimetre import PerimetreCharge
from convenir.mesure.indicateurs.qualite.conservation import mesurer_et_garder, relire
from convenir.mesure.indicateurs.signals import instantane_calcule
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.auteur import Auteur

DISPOSITIF = "ml"


@dataclass(frozen=True)
class CalculAssemble:
    """A finished calculation over every source: its values are in the table `valeurs` of a private database."""

    base: duckdb.DuckDBPyConnection
    temporaire: Path
    annees: list[int]
    lues: Lues
    entrees: EntreesMl


def calculer_missions_locales(
    annees: Iterable[int], entrees: EntreesMl, *, grille: str | None = None, sortie: Path | None = None,
    niveaux: Collection[str] = (), auteur: Auteur | None = None,
) -> Instantane:  # fmt: skip
    """Compute the indicators of the missions locales, freeze them, and give them to the pages.

    Args:
        annees: calendar years; those that pages show are computed with them, unless a frame is imposed.
        entrees: deliveries and network.
        grille: frame; that of each year if None.
        sortie: also write the canonical CSV there.
        niveaux: levels kept in that file, all if empty; every level is frozen.
        auteur: who asks, for the journal.

    Raises:
        EntreeInvalide: there is nothing to compute from, or a source cannot be read.
        InvariantRompu: a figure contradicts another.
    """
    demandees = sorted(set(annees))
    with _calculer(demandees, _montrees(entrees) if grille is None else [], entrees, grille) as calcul:
        csv = calcul.temporaire / "canonique.csv"
        empreinte = ecrire_csv(calcul, csv)
        if sortie is not None:
            ecrire_csv(calcul, sortie, niveaux, annees=demandees)
        a_figer = AFiger(
            DISPOSITIF, empreinte, _champs(calcul), partial(ecrire_parquet, calcul), partial(materialiser, calcul.base)
        )
        instantane = figer(a_figer, auteur or Auteur.systeme("Tâche de fond"))
        dossiers = [s.chemin for s in entrees.ordonnees if s.voie == ENREGISTREMENTS]
        oubliees = [relire(s.qualite, s.couverture or {}) for s in entrees.ordonnees if s.qualite]
        mesurer_et_garder(instantane, dossiers, calcul.annees, entrees.lire_regles, oubliees)
    transaction.on_commit(lambda: instantane_calcule.send(Instantane, instantane=instantane))
    return instantane


@contextmanager
def _calculer(
    demandees: list[int], montrees: list[int], entrees: EntreesMl, grille: str | None
) -> Iterator[CalculAssemble]:
    if not entrees.sources or not demandees:
        raise EntreeInvalide("Aucune donnée de mission locale n'est en vigueur. Importez-en avant de calculer.")
    _exiger_couvertes(demandees, entrees)
    annees = sorted({*demandees, *montrees})
    temporaire = Path(tempfile.mkdtemp(prefix="convenir-gel-"))
    agregats = [Path(str(s.chemin).split("*")[0]) for s in entrees.sources if s.chemin.suffix != ".csv"]
    base = connexion.ouvrir([chemin for chemin in agregats if chemin.is_dir()], temporaire)
    try:
        lues = lire_sources(base, temporaire, entrees, annees, grille)
        assembler(base, entrees, lues, annees)
        choisir_les_caches(base, entrees, lues, annees)
        yield CalculAssemble(base, temporaire, annees, lues, entrees)
    finally:
        base.close()
        shutil.rmtree(temporaire, ignore_errors=True)


def _exiger_couvertes(annees: list[int], entrees: EntreesMl) -> None:
    """Refuse a year that no source covers: frozen empty, it would hide the last year known from the pages."""
    couvertes = _couvertes(entrees)
    if couvertes is None:
        return
    if manquent := [str(a) for a in annees if a not in couvertes]:
        connues = ", ".join(str(a) for a in sorted(couvertes)) or "aucune"
        raise EntreeInvalide(
            f"Aucune donnée de mission locale n'est en vigueur pour {', '.join(manquent)}. "
            f"Années couvertes : {connues}."
        )


def _couvertes(entrees: EntreesMl) -> set[int] | None:
    """Return the years that the sources cover; None when one does not say."""
    if any(s.couverture is None for s in entrees.sources):
        return None
    return {a for s in entrees.sources for siennes in (s.couverture or {}).values() for a in siennes}


def _montrees(entrees: EntreesMl) -> list[int]:
    """Return the years that pages show and that the sources still cover."""
    couvertes = _couvertes(entrees)
    return [a for a in annees_montrees(DISPOSITIF) if couvertes is None or a in couvertes]


def _champs(calcul: CalculAssemble) -> dict[str, Any]:
    lues, annees = calcul.lues, calcul.annees
    fin = date(annees[-1], 12, 31)
    ligne = calcul.base.execute("SELECT count(*) FROM valeurs").fetchone()
    return {
        "annees": annees,
        "premiere_annee": annees[0],
        "derniere_annee": annees[-1],
        "arrete_au": min(lues.arrete_au or fin, fin),
        "lignes": int(ligne[0]) if ligne else 0,
        "fichiers": [dict(f) for s in calcul.entrees.sources for f in s.fichiers],
        "parametres": {str(a): r.traces for a, r in lues.regles.items()},
        "definitions": {
            code: max(v.version for v in i.versions if v.depuis <= fin)
            for code, i in sorted(lues.catalogues[annees[-1]].indicateurs.items())
            if i.publie
        },
        "perimetre": _perimetre(calcul) | {"grilles": {str(a): c.grille.code for a, c in lues.catalogues.items()}},
    }


def _perimetre(calcul: CalculAssemble) -> dict[str, Any]:
    """Say what the sources cover, and what is missing of the territories that they touch."""
    geo, base = calcul.entrees.geographie, calcul.base
    entiers = _lignes(base, "SELECT niveau, code FROM territoires GROUP BY ALL HAVING bool_and(entier)")
    touches = _lignes(base, "SELECT DISTINCT code FROM membres WHERE niveau = 'departement'")
    vues = {geo.regions[d] for (d,) in touches if d in geo.regions}
    charge = PerimetreCharge(
        frozenset(code for niveau, code in entiers if niveau == "departement"),
        frozenset(code for niveau, code in entiers if niveau == "region"),
        any(niveau == "france" for niveau, _ in entiers),
        {r: geo.noms.get(r, r) for r in sorted(vues)},
    )
    absentes = _lignes(base, "SELECT DISTINCT ml FROM membres WHERE ml NOT IN (SELECT code FROM choix) ORDER BY ml")
    sommes = _lignes(base, "SELECT DISTINCT niveau || ' ' || code AS t FROM valeurs WHERE source = 'somme' ORDER BY t")
    return charge.as_dict() | {
        "missions_locales_absentes": [ml for (ml,) in absentes],
        "sommes": [t for (t,) in sommes],
    }


def _lignes(base: duckdb.DuckDBPyConnection, requete: str) -> Collection[tuple[Any, ...]]:
    return base.execute(requete).fetchall()
