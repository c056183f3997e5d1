"""Tables of the network and of the files of the youths."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from convenir.mesure.donnees.generateur.calendrier import jour_de
from convenir.mesure.donnees.generateur_ml import rendu
from convenir.mesure.donnees.generateur_ml.ecriture import Colonnes
from convenir.mesure.donnees.generateur_ml.lot import Lot
from convenir.mesure.donnees.generateur_ml.marges import au_titre_de, marges, tirer

DEBUT_DES_RESSORTS = date(2008, 1, 1)
ANNEE_DES_QPV = 2015
NIVEAUX = tuple(marges()["niveaux"])
GRANDE_COMMUNE = 10_000


@dataclass(frozen=True)
class Textes:
    """Columns shared by every table of a lot: pseudonyms by rank of youth, identifiers by rank of mission locale."""

    jeunes: pa.Array
    missions: pa.Array
    sites: pa.Array
    communes: pa.Array
    premier_site: np.ndarray

    def de(self, lot: Lot, jeune: np.ndarray) -> Colonnes:
        """Columns `jeune_id` and `ml_id` of youths by rank."""
        return {
            "jeune_id": self.jeunes.take(pa.array(jeune)),
            "ml_id": rendu.prendre(self.missions, lot.jeunes.ml[jeune]),
        }


def textes(lot: Lot) -> Textes:
    """Prepare the shared columns of a lot."""
    sites = [s for m in lot.missions for s, _, _ in m.sites]
    return Textes(
        rendu.pseudonymes(lot.jeunes.personne, lot.graine),
        pa.array([m.ml_id for m in lot.missions]),
        pa.array(sites),
        pa.array(lot.departement.codes.tolist()),
        np.concatenate([[0], np.cumsum([len(m.sites) for m in lot.missions])]),
    )


def structure(lot: Lot) -> Colonnes:
    """One row for each mission locale."""
    m, d = lot.missions, lot.departement
    return {
        "ml_id": pa.array([x.ml_id for x in m]),
        "nom": pa.array([x.nom for x in m]),
        "region_code": pa.array([d.region] * len(m)),
        "dept_code": pa.array([d.code] * len(m)),
        "statut": pa.array([x.statut for x in m]),
        "module_entreprise": pa.array([x.module_entreprise for x in m]),
    }


def site(lot: Lot) -> Colonnes:
    """One row for each place."""
    lignes = [(s, m.ml_id, lot.departement.codes[c], g) for m in lot.missions for s, c, g in m.sites]
    noms = ("site_id", "ml_id", "commune_code", "type")
    return {nom: pa.array(valeurs) for nom, valeurs in zip(noms, zip(*lignes, strict=True), strict=True)}


def zone_ml(lot: Lot, t: Textes) -> Colonnes:
    """One row for each commune: a commune belongs to one zone."""
    communes = np.concatenate([m.communes for m in lot.missions])
    ml = np.repeat(np.arange(len(lot.missions)), [len(m.communes) for m in lot.missions])
    return {
        "ml_id": rendu.prendre(t.missions, ml),
        "commune_code": rendu.prendre(t.communes, communes),
        "date_debut": rendu.jours(np.full(len(ml), jour_de(DEBUT_DES_RESSORTS))),
    }


def jeune(lot: Lot, t: Textes) -> Colonnes:
    """One row for each youth and mission locale."""
    j, rng = lot.jeunes, lot.rng
    return {
        **t.de(lot, np.arange(len(j))),
        "sexe": rendu.textes("HF", j.femme.astype(np.int8)),
        "naissance_mois": rendu.jours(j.naissance),
        "date_creation": rendu.jours(j.creation),
        "nationalite_groupe": rendu.textes(
            tuple(marges()["nationalites"]), tirer(rng, marges()["nationalites"], len(j))
        ),
        "rqth": rendu.booleens(rng.random(len(j)) < marges()["rqth"]),
    }


def jeune_etat(lot: Lot, t: Textes) -> tuple[Colonnes, np.ndarray]:
    """One row for each state of each youth; returns also the youths whose level is left out."""
    j, rng, f = lot.jeunes, lot.rng, lot.fenetre
    longueur = np.maximum(j.fin - j.creation, 0)
    change = (rng.random(len(j)) < marges()["changement_d_etat"]) & (longueur > 60)
    second = j.creation + 30 + (rng.random(len(j)) * (longueur - 30)).astype(np.int64)
    rang = np.repeat(np.arange(len(j)), 1 + change)
    suite = np.zeros(len(rang), bool)
    suite[1:] = rang[1:] == rang[:-1]
    communes = _communes(lot)
    commune = np.where(suite & (rng.random(len(rang)) < 0.6), _communes(lot)[rang], communes[rang])
    niveau = np.minimum(j.niveau[rang] + (suite & (rng.random(len(rang)) < 0.12)), len(NIVEAUX) - 1)
    parts = np.array([m.effet_de("niveau_absent", 0.012) for m in lot.missions])
    absent = (rng.random(len(j)) < parts[j.ml])[rang]
    grande = lot.departement.populations[commune] > GRANDE_COMMUNE
    quartier = rng.random(len(rang)) < marges()["zus_qpv"] * np.where(grande, 1.55, 0.15)
    en_qpv = f.annees[-1] >= ANNEE_DES_QPV
    etat = {
        **t.de(lot, rang),
        "date_debut": rendu.jours(np.where(suite, second[rang], j.creation[rang])),
        "date_fin": rendu.jours(second[rang] - 1, vides=suite | ~change[rang]),
        "niveau": rendu.textes(NIVEAUX, np.where(absent, -1, niveau)),
        "diplome_obtenu": rendu.booleens(j.diplome[rang], vides=absent),
        "commune_code": rendu.prendre(t.communes, commune),
        "qpv" if en_qpv else "zus": rendu.booleens(quartier),
        "zrr": rendu.booleens(lot.departement.zrr[commune]),
        "logement": _code(rng, "logements", len(rang)),
        "mobilite": _code(rng, "mobilites", len(rang)),
        "enfants": pa.array(np.where(rng.random(len(rang)) < marges()["parents"], rng.integers(1, 4, len(rang)), 0)),
        "inscrit_pe": rendu.booleens(rng.random(len(rang)) < au_titre_de("inscrits_pct", f.annees[-1]) / 100),
    }
    return etat, absent


def _code(rng: np.random.Generator, marge: str, nombre: int) -> pa.Array:
    return rendu.textes(tuple(marges()[marge]), tirer(rng, marges()[marge], nombre))


def _communes(lot: Lot) -> np.ndarray:
    """Commune where each youth lives, by rank in the département: in the zone, a small share outside it."""
    j, rng, populations = lot.jeunes, lot.rng, lot.departement.populations
    commune = np.zeros(len(j), np.int64)
    for rang, m in enumerate(lot.missions):
        siens = np.flatnonzero(j.ml == rang)
        poids = populations[m.communes].cumsum()
        tires = np.searchsorted(poids, rng.random(len(siens)) * poids[-1], side="right")
        commune[siens] = m.communes[np.minimum(tires, len(m.communes) - 1)]
    parts = np.array([m.effet_de("exterieurs", marges()["exterieurs"]) for m in lot.missions])
    dehors = rng.random(len(j)) < parts[j.ml]
    partout = populations.cumsum()
    commune[dehors] = np.searchsorted(partout, rng.random(int(dehors.sum())) * partout[-1], side="right")
    return commune
