"""The lines behind a figure, counted again in the records of the structures concerned."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from functools import lru_cache
from glob import iglob
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.annexes import sql as regles
from convenir.mesure.donnees.queries import corrections_dannexes
from convenir.mesure.indicateurs import connexion
from convenir.mesure.indicateurs.calcul import derniere_fin_connue, mois_clos
from convenir.mesure.indicateurs.compilateur.cellules import Annee
from convenir.mesure.indicateurs.entrees import geographie, rattachements
from convenir.mesure.indicateurs.loi import lecteur
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.releves.lectures import VueLue, Vues
from convenir.mesure.indicateurs.releves.preparation import preparer, preparer_annee
from convenir.mesure.indicateurs.traces import entonnoirs
from convenir.mesure.indicateurs.traces.entonnoirs import Periode
from convenir.mesure.indicateurs.traces.modele import Etape
from convenir.mesure.reprise import a_neuf
from convenir.socle.organisations.models import Structure

Compte = tuple[tuple[Etape, ...], Mapping[str, int]]
VIDE: Compte = ((), {})


def compter(instantane: Instantane, niveau: str, code: str, source: str, periode: Periode) -> Compte:
    """Return the funnel of a source for a territory, and the lines used of each view; empty without records."""
    return _compter(instantane.pk, instantane.sha256, niveau, code, source, periode)


@lru_cache(maxsize=256)
def _compter(pk: int, _sha256: str, niveau: str, code: str, source: str, periode: Periode) -> Compte:
    """Count once per figure and process: a snapshot never changes."""
    instantane = Instantane.objects.get(pk=pk)
    lues = vues_lues(instantane)
    nominatives = {"AnnexeFinanciere", "EtatMensuelIndiv"}
    if not nominatives <= lues.keys() or any(
        next(iglob(v.motif, recursive=True), None) is None for vue in lues.values() for v in vue.toutes
    ):
        return VIDE

    def essai(fils: int | None) -> Compte:
        with tempfile.TemporaryDirectory(prefix="convenir-trace-") as provisoire:
            dossiers = {dossier for vue in lues.values() for dossier in vue.dossiers}
            with closing(connexion.ouvrir(dossiers, Path(provisoire), fils)) as base:
                return _dans(base, Vues(base, lues), instantane, niveau, code, source, periode)

    return a_neuf(essai)


def _dans(
    base: duckdb.DuckDBPyConnection,
    vues: Vues,
    instantane: Instantane,
    niveau: str,
    code: str,
    source: str,
    periode: Periode,
) -> Compte:
    filtre = _structures(niveau, code)
    if filtre is not None:
        vues.filtres = _filtres(vues, filtre)
    annee = Annee(periode.annee, mois_clos(periode.annee, instantane.arrete_au))
    limite = derniere_fin_connue(periode.annee, instantane.extraction)
    prepare = preparer(base, vues, geographie().regions, rattachements(), corrections_dannexes())
    parametres = lecteur(instantane.dispositif)(periode.annee, prepare.motifs)
    preparer_annee(base, vues, prepare, annee, parametres, limite)
    return _entonnoir(base, vues, source, periode, str(limite)), _utilisees(base, source, periode, str(limite))


def _entonnoir(
    base: duckdb.DuckDBPyConnection, vues: Vues, source: str, periode: Periode, limite: str
) -> tuple[Etape, ...]:
    if source == "sorties":
        return entonnoirs.sorties(base, periode, limite)
    if source == "personnes":
        return entonnoirs.personnes(base, periode)
    if source in {"annexe_periode", "saisie", "projection"}:
        return entonnoirs.etats_mensuels(base, periode, vues.lecture("EtatMensuelIndiv"))
    return ()


def _utilisees(base: duckdb.DuckDBPyConnection, source: str, periode: Periode, limite: str) -> dict[str, int]:
    premier, dernier = periode.mois
    an = periode.annee
    mois = f"FROM mensuel WHERE mois BETWEEN {premier} AND {dernier}"
    comptes = {
        "EtatMensuelIndiv": f"SELECT count(*) {mois}",
        "Salarie": f"SELECT count(DISTINCT pph) {mois}",
        "AnnexeFinanciere": f"SELECT count(*) FROM annexes_siae WHERE year(debut) <= {an} AND year(fin) >= {an}",
        "ContratMission": f"SELECT count(DISTINCT ctr) {mois}",
    }
    if source == "sorties":
        comptes["ContratMission"] = (
            f"SELECT count(*) FROM contrats WHERE fin BETWEEN DATE '{an}-01-01' "
            f"AND LEAST(DATE '{an}-12-31', DATE '{limite}')"
        )
    return {vue: int(base.execute(requete).fetchall()[0][0]) for vue, requete in comptes.items()}


def vues_lues(instantane: Instantane) -> dict[str, VueLue]:
    """Return the views of a snapshot as they were read, each with every delivery that then held."""
    par_vue: dict[str, list[VueLue]] = {}
    for fichier in instantane.fichiers:
        par_vue.setdefault(fichier["vue"], []).append(_vue(fichier))
    return {vue: replace(lues[0], anterieures=tuple(lues[1:])) for vue, lues in par_vue.items()}


def _vue(fichier: Mapping[str, Any]) -> VueLue:
    motif = Path(fichier["motif"])
    complet = motif if motif.is_absolute() else Path(settings.DOSSIER_DONNEES) / motif
    remplaces = frozenset(fichier.get("remplaces", ()))
    return VueLue(fichier["vue"], str(complet), fichier["fichier"], fichier["sha256"], remplaces=remplaces)


def _structures(niveau: str, code: str) -> str | None:
    """Return the condition on annexes that keeps the structures of a territory; None for the whole country."""
    if niveau == "siae":
        id_asp, _, categorie = code.partition("-")
        mesure = regles.categorie("af_mesure_dispositif_code")
        return f"af_id_structure = {int(id_asp)} AND {mesure} = {texte(categorie)}"
    if niveau == "annexe":
        numero = "af_numero_annexe_financiere || 'A' || COALESCE(af_numero_avenant_renouvellement, 0)"
        return f"starts_with({texte(code)}, {numero})"
    if niveau == "france":
        return None
    filtre = {"departement_id": code} if niveau == "departement" else {"departement__region_id": code}
    ids = Structure.objects.filter(**filtre).values_list("id_asp", flat=True)
    return f"af_id_structure IN ({', '.join(map(str, sorted(set(ids)))) or '-1'})"


def _filtres(vues: Vues, annexes: str) -> dict[str, str]:
    """Restrict every view to the structures of the kept annexes."""
    lignes = vues.base.execute(
        "SELECT DISTINCT af_id_structure, af_id_annexe_financiere FROM "
        f"({vues.lecture('AnnexeFinanciere')}) WHERE {annexes}"
    ).fetchall()
    structures = ", ".join(map(str, sorted({s for s, _ in lignes}))) or "-1"
    cles = ", ".join(map(str, sorted({a for _, a in lignes}))) or "-1"
    filtres = {
        "AnnexeFinanciere": annexes,
        "EtatMensuelIndiv": f"emi_afi_id IN ({cles})",
        "Structure": f"structure_id_siae IN ({structures})",
        "ContratMission": f"contrat_id_structure IN ({structures})",
    }
    if vues.a("Salarie"):
        pph = ["SELECT emi_pph_id FROM (" + vues.lecture("EtatMensuelIndiv", filtres["EtatMensuelIndiv"]) + ")"]
        if vues.a("ContratMission"):
            lecture = vues.lecture("ContratMission", filtres["ContratMission"])
            pph.append(f"SELECT contrat_id_pph FROM ({lecture})")
        filtres["Salarie"] = f"salarie_id IN ({' UNION ALL '.join(pph)})"
    return filtres
