"""An invented network of missions locales, for a region or the whole country."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.generateur.territoire import code_de_region, departements
from convenir.mesure.donnees.generateur_ml import (
    rendu,
    vues_entreprises,
    vues_evenements,
    vues_jeunes,
    vues_ressources,
)
from convenir.mesure.donnees.generateur_ml.dispositifs import MOTIFS
from convenir.mesure.donnees.generateur_ml.ecriture import Colonnes, FichierDeTable
from convenir.mesure.donnees.generateur_ml.fautes import AVERTISSEMENT, Semeur
from convenir.mesure.donnees.generateur_ml.fenetre import Fenetre, preparer_fenetre
from convenir.mesure.donnees.generateur_ml.lot import Lot, tirer_lot
from convenir.mesure.donnees.generateur_ml.marges import marges
from convenir.mesure.donnees.generateur_ml.verite import Recapitulatif, Verite, verite
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import jour, nombre

FAUTES, VERITE, EFFETS = "fautes.json", "verite.csv", "effets.csv"
ERREURS_PAR_DEFAUT = 0.001
# Départements invented ahead of the writing: what bounds the memory.
AVANCE = 2
EVENEMENTS = (
    "actualite", "proposition", "parcours", "situation", "mise_en_relation", "contact_entreprise",
    "periode_entreprise", "parrainage",
)  # fmt: skip
Progression = Callable[[int, int, str], None]


@dataclass(frozen=True)
class ResumeGeneration:
    """What was written; every value is plain, so that `asdict` gives JSON."""

    dossier: str
    annees: list[int]
    jusquau: str
    missions_locales: int
    evenements: int
    lignes: dict[str, int]
    fautes: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        """Say it in French."""
        tables = "\n".join(f"  {table} : {nombre(compte)} lignes" for table, compte in self.lignes.items())
        annees = f"année {self.annees[0]}" if len(self.annees) == 1 else f"années {self.annees[0]} à {self.annees[-1]}"
        return (
            f"Données inventées écrites dans {self.dossier} : {nombre(self.missions_locales)} missions locales, "
            f"{nombre(self.lignes['jeune'])} dossiers, {nombre(self.evenements)} événements, {annees}, "
            f"rien après le {jour(date.fromisoformat(self.jusquau))}.\n{tables}\n"
            f"  {nombre(sum(self.fautes.values()))} fautes semées, décrites dans {FAUTES}."
        )


@dataclass(frozen=True)
class _Redige:
    """A département ready to be written."""

    lot: Lot
    tables: dict[str, tuple[Colonnes, np.ndarray | None]]
    verite: Verite
    degradations: dict[tuple[str, str], np.ndarray]


def generer_ml(
    sortie: Path, *, annee: int, france: bool = False, region: str | None = None, graine: int, annees: int = 1,
    progression: Progression | None = None, erreurs: float = ERREURS_PAR_DEFAUT, echelle: float = 1.0,
    jusquau: date | None = None,
) -> ResumeGeneration:  # fmt: skip
    """Write the records of an invented network, one Parquet file for each table: same arguments, same bytes.

    Beside the tables, `fautes.json` lists the planted faults, `effets.csv` what is planted in each mission locale and
    `verite.csv` the indicators to be found again.

    Args:
        sortie: folder, created if absent.
        annee: last year.
        france: the whole country.
        region: code or name of a region; Pays de la Loire when neither it nor `france` is given.
        graine: seed, not negative.
        annees: number of years, ended by `annee`, from 1 to 3.
        progression: called before each département with its rank, their number, its name.
        erreurs: share of faulty rows added, from 0 to 1.
        echelle: share of the youths of the country; 2 doubles the data.
        jusquau: last day known; 31 December of `annee` by default.

    Raises:
        EntreeInvalide: an argument is wrong; the message says which and how to mend it.
    """
    fenetre = preparer_fenetre(annee, annees, jusquau)
    _verifier(graine, erreurs, echelle)
    codes = [d.code for d in departements() if france or d.region == code_de_region(region)]
    sortie.mkdir(parents=True, exist_ok=True)
    semeur, bilan, missions = Semeur(erreurs), Recapitulatif(), 0
    with ExitStack() as pile:
        fichiers = {t: pile.enter_context(FichierDeTable(sortie, t)) for t in tables_missions_locales()}
        effets = csv.writer(
            pile.enter_context((sortie / EFFETS).open("w", encoding="utf-8", newline="")), lineterminator="\n"
        )
        effets.writerow(("ml_id", "effet", "force"))
        for rang, redige in enumerate(_rediger_d_avance(codes, fenetre, graine, echelle), start=1):
            if progression:
                progression(rang, len(codes), redige.lot.departement.nom)
            _ecrire(redige, fichiers, semeur)
            bilan.ajouter(redige.verite)
            effets.writerows((m.ml_id, m.effet, marges()["effets"][m.effet]) for m in redige.lot.missions if m.effet)
            missions += len(redige.lot.missions)
    bilan.ecrire(sortie / VERITE)
    _ecrire_fautes(sortie / FAUTES, semeur)
    lignes = {table: fichier.lignes for table, fichier in fichiers.items()}
    return ResumeGeneration(
        str(sortie), list(fenetre.annees), fenetre.jusquau.isoformat(), missions, sum(lignes[t] for t in EVENEMENTS),
        lignes, semeur.compte,
    )  # fmt: skip


def _verifier(graine: int, erreurs: float, echelle: float) -> None:
    if graine < 0:
        raise EntreeInvalide(f"La graine est un nombre entier positif ou nul : {graine} ne convient pas.")
    if not 0 <= erreurs < 1:
        raise EntreeInvalide(f"La part d'erreurs doit être comprise entre 0 et 1 : {erreurs} ne convient pas.")
    if not 0.0001 <= echelle <= 4:
        raise EntreeInvalide(f"L'échelle doit être comprise entre 0,0001 et 4 : {echelle} ne convient pas.")


def _rediger_d_avance(codes: list[str], fenetre: Fenetre, graine: int, echelle: float) -> Iterator[_Redige]:
    """Invent the départements ahead of their writing, a few at a time, and give them in order."""
    fenetre.activite, fenetre.arrivees  # noqa: B018 - computed once, before the threads
    with ThreadPoolExecutor(AVANCE) as ouvriers:
        restants = iter(codes)
        en_cours = [ouvriers.submit(_rediger, code, fenetre, graine, echelle) for code in islice(restants, AVANCE)]
        try:
            while en_cours:
                redige = en_cours.pop(0).result()
                en_cours += [ouvriers.submit(_rediger, code, fenetre, graine, echelle) for code in islice(restants, 1)]
                yield redige
        finally:
            for tache in en_cours:
                tache.cancel()


def _rediger(code: str, fenetre: Fenetre, graine: int, echelle: float) -> _Redige:
    """Invent a département and lay it out as columns."""
    lot = tirer_lot(code, fenetre, graine, echelle)
    t = vues_jeunes.textes(lot)
    actualites = rendu.identifiants(lot.rang, len(lot.actualites))
    situations = rendu.identifiants(lot.rang, len(lot.situations))
    etat, sans_niveau = vues_jeunes.jeune_etat(lot, t)
    actualite, tardives = vues_evenements.actualite(lot, t, actualites)
    annees = lot.actualites.annee
    tables: dict[str, tuple[Colonnes, np.ndarray | None]] = {
        "structure": (vues_jeunes.structure(lot), None),
        "site": (vues_jeunes.site(lot), None),
        "zone_ml": (vues_jeunes.zone_ml(lot, t), None),
        "jeune": (vues_jeunes.jeune(lot, t), None),
        "jeune_etat": (etat, None),
        "actualite": (actualite, annees),
        "proposition": (vues_evenements.proposition(lot, t, actualites), annees[lot.propositions.actualite]),
        "parcours": (vues_evenements.parcours(lot, t, situations), None),
        "situation": (vues_evenements.situation(lot, t, situations), lot.situations.annee),
        **{nom: (colonnes, None) for nom, colonnes in vues_entreprises.tables(lot, t).items()},
        **{nom: (colonnes, None) for nom, colonnes in vues_ressources.tables(lot).items()},
    }
    return _Redige(lot, tables, verite(lot), _degradations(lot, sans_niveau, etat, tardives))


def _degradations(
    lot: Lot, sans_niveau: np.ndarray, etat: Colonnes, tardives: np.ndarray
) -> dict[tuple[str, str], np.ndarray]:
    """Missions locales of the sound rows whose entry is poor, by kind and table."""
    ml, p = lot.jeunes.ml, lot.parcours
    rangs = {m.ml_id: rang for rang, m in enumerate(lot.missions)}
    balayes = p.sorti & (p.motif == MOTIFS.index("fin_administrative"))
    inconnues = p.sorti & (lot.situations.de_parcours < 0)
    sans = pa.compute.filter(etat["ml_id"], pa.array(sans_niveau)).to_pylist()
    return {
        ("niveau_absent", "jeune_etat"): np.array([rangs[x] for x in sans], np.int64),
        ("saisie_tardive", "actualite"): ml[lot.actualites.jeune[tardives]],
        ("sorties_groupees", "parcours"): ml[p.jeune[balayes]],
        ("sortie_inconnue", "parcours"): ml[p.jeune[inconnues]],
    }


def _ecrire(redige: _Redige, fichiers: dict[str, FichierDeTable], semeur: Semeur) -> None:
    """Write the sound rows of a département, then the faults planted among them."""
    lot, vues = redige.lot, tables_missions_locales()
    for table, (colonnes, annees) in redige.tables.items():
        fichier = fichiers[table]
        fichier.ajouter(colonnes, annees)
        if len(next(iter(colonnes.values()))):
            saines = pa.table(dict(colonnes))
            ajoutees = semeur.semer(lot.rng, table, saines, vues[table].cle)
            premiere = None if annees is None else np.full(len(ajoutees), lot.fenetre.annees[0])
            fichier.ajouter({nom: ajoutees[nom].combine_chunks() for nom in ajoutees.column_names}, premiere)
    _partager_une_commune(redige, fichiers["zone_ml"], semeur)
    for (genre, table), ml in redige.degradations.items():
        semeur.degrader(genre, table, [m.ml_id for m in lot.missions], ml)


def _partager_une_commune(redige: _Redige, fichier: FichierDeTable, semeur: Semeur) -> None:
    """Put a commune of the first mission locale in the zone of the second too, when faults are asked."""
    if not semeur.taux or len(redige.lot.missions) < 2:
        return
    zone = pa.table(dict(redige.tables["zone_ml"][0])).slice(0, 1)
    autre = redige.lot.missions[1].ml_id
    ligne = zone.set_column(0, "ml_id", pa.array([autre]))
    fichier.ajouter({nom: ligne[nom].combine_chunks() for nom in ligne.column_names})
    cle = ligne.to_pylist()[0]
    semeur.noter("commune_dans_deux_zones", "zone_ml", cle, "commune_code", cle["commune_code"], AVERTISSEMENT)


def _ecrire_fautes(chemin: Path, semeur: Semeur) -> None:
    contenu = {"lignes": semeur.lignes, "degradations": semeur.degradations}
    chemin.write_text(json.dumps(contenu, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
