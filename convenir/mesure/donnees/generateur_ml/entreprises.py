"""Axis 3: companies, offers, introductions, contacts, periods in a company, sponsors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convenir.mesure.donnees.generateur_ml.fenetre import Fenetre
from convenir.mesure.donnees.generateur_ml.jeunes import Jeunes
from convenir.mesure.donnees.generateur_ml.marges import marges, tirer
from convenir.mesure.donnees.generateur_ml.reseau import MissionLocale

MOTIFS = {"offre": 45, "immersion": 27, "stage": 12, "autre": 16}
RESULTATS = {"embauche": 12, "refus_employeur": 38, "refus_jeune": 14, "sans_suite": 36}
TRANCHES = {"0": 8, "1-9": 46, "10-49": 30, "50-249": 12, "250+": 4}
NAF = ("4711F", "5610C", "4120A", "8121Z", "8810A", "4941B", "4321A", "4778C", "5510Z", "8891A", "7820Z", "1071C")
ROME = ("D1106", "G1602", "F1704", "K2204", "N1103", "D1507", "K1304", "G1803", "A1203", "N4105", "F1602", "H2909")
CONTRATS_D_OFFRE = {"CDI": 22, "CDD": 52, "INTERIM": 14, "APPRENTISSAGE": 8, "PROFESSIONNALISATION": 4}
DUREES_D_OFFRE = {"CDI": 0, "CDD": 150, "INTERIM": 45, "APPRENTISSAGE": 540, "PROFESSIONNALISATION": 300}
ANNEE_DES_PMSMP = 2015
EN_COURS = 2**30
TABLE_DES_PERIODES = {False: {"PMP": 62, "EMT": 24, "stage": 14}, True: {"PMSMP": 86, "stage": 14}}


@dataclass(frozen=True)
class Entreprises:
    """The companies of a département: those of a mission locale follow one another from `premiere`."""

    ml: np.ndarray
    premiere: np.ndarray
    commune: np.ndarray
    naf: np.ndarray
    tranche: np.ndarray

    def au_hasard(self, rng: np.random.Generator, ml: np.ndarray) -> np.ndarray:
        """A company of each of these missions locales."""
        combien = np.diff(self.premiere)[ml]
        return np.asarray(self.premiere[ml] + (rng.random(len(ml)) * combien).astype(np.int64))


@dataclass(frozen=True)
class Offres:
    """Offers, by mission locale then day; `collectee` is -1 where the module is not used."""

    ml: np.ndarray
    premiere: np.ndarray
    entreprise: np.ndarray
    collectee: np.ndarray
    jour: np.ndarray
    contrat: np.ndarray
    rome: np.ndarray


@dataclass(frozen=True)
class MisesEnRelation:
    jeune: np.ndarray
    offre: np.ndarray
    jour: np.ndarray
    resultat: np.ndarray


@dataclass(frozen=True)
class Contacts:
    ml: np.ndarray
    entreprise: np.ndarray
    jour: np.ndarray
    motif: np.ndarray
    visite: np.ndarray


@dataclass(frozen=True)
class Periodes:
    """`entreprise` is -1 where the module is not used."""

    jeune: np.ndarray
    entreprise: np.ndarray
    genre: np.ndarray
    debut: np.ndarray
    fin: np.ndarray
    annulee: np.ndarray


@dataclass(frozen=True)
class Parrainages:
    """`parrain` is a rank among the sponsors; `fin` is `EN_COURS` when empty."""

    parrain_ml: np.ndarray
    parrain_debut: np.ndarray
    parrain_fin: np.ndarray
    jeune: np.ndarray
    parrain: np.ndarray
    debut: np.ndarray
    fin: np.ndarray


@dataclass(frozen=True)
class Axe3:
    entreprises: Entreprises
    offres: Offres
    mises_en_relation: MisesEnRelation
    contacts: Contacts
    periodes: Periodes
    parrainages: Parrainages


def tirer_axe_3(
    rng: np.random.Generator, j: Jeunes, missions: tuple[MissionLocale, ...], fenetre: Fenetre, contacts: np.ndarray
) -> Axe3:
    """Draw the activity towards companies.

    Args:
        contacts: youths in contact in a year, by mission locale.
    """
    entreprises = _entreprises(rng, missions, contacts)
    offres = _offres(rng, entreprises, missions, fenetre, contacts)
    return Axe3(
        entreprises,
        offres,
        _mises_en_relation(rng, j, offres, fenetre, contacts),
        _contacts(rng, entreprises, missions, fenetre, contacts),
        _periodes(rng, j, entreprises, missions, fenetre, contacts),
        _parrainages(rng, j, len(missions), fenetre, contacts),
    )


def _taux(nom: str) -> float:
    return float(marges()["entreprises"][nom])


def _entreprises(rng: np.random.Generator, missions: tuple[MissionLocale, ...], contacts: np.ndarray) -> Entreprises:
    nombres = np.maximum(np.rint(contacts * _taux("par_jeune")).astype(int), 3)
    ml = np.repeat(np.arange(len(missions)), nombres)
    communes = [m.communes[rng.integers(0, len(m.communes), n)] for m, n in zip(missions, nombres, strict=True)]
    return Entreprises(
        ml, np.concatenate([[0], np.cumsum(nombres)]), np.concatenate(communes),
        rng.integers(0, len(NAF), len(ml)), tirer(rng, TRANCHES, len(ml)),
    )  # fmt: skip


def _offres(
    rng: np.random.Generator,
    e: Entreprises,
    missions: tuple[MissionLocale, ...],
    fenetre: Fenetre,
    contacts: np.ndarray,
) -> Offres:
    nombres = np.maximum(np.rint(contacts * _taux("offres") * fenetre.duree).astype(int), 2)
    ml = np.repeat(np.arange(len(missions)), nombres)
    bornes = (np.full(len(ml), fenetre.debut - 30), np.full(len(ml), fenetre.fin))
    jour = fenetre.poser(rng, fenetre.activite, *bornes)
    jour = jour[np.lexsort((jour, ml))]
    module = np.array([m.module_entreprise for m in missions])[ml]
    premiere = np.concatenate([[0], np.cumsum(nombres)])
    jour[premiere[:-1]] = fenetre.debut - 30  # every mission locale has an offer at hand from the first day
    return Offres(
        ml, premiere, np.where(module, e.au_hasard(rng, ml), -1), np.where(module, rng.random(len(ml)) < 0.42, -1),
        jour, tirer(rng, CONTRATS_D_OFFRE, len(ml)), rng.integers(0, len(ROME), len(ml)),
    )  # fmt: skip


def _au_fil(
    rng: np.random.Generator, j: Jeunes, fenetre: Fenetre, total: float, retenus: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Place about `total` events on the youths while they are active: their ranks, in order, and the days."""
    debut = np.maximum(j.creation, fenetre.debut)
    cumul, base = fenetre.activite, fenetre.base
    poids = np.maximum(cumul[j.fin + 1 - base] - cumul[np.minimum(debut, j.fin + 1) - base], 0) * j.intensite
    poids = poids if retenus is None else poids * retenus
    nombres = rng.poisson(poids * total / max(float(poids.sum()), 1.0))
    jeune = np.repeat(np.arange(len(j)), nombres)
    return jeune, fenetre.poser(rng, fenetre.activite, debut[jeune], j.fin[jeune])


def _mises_en_relation(
    rng: np.random.Generator, j: Jeunes, o: Offres, fenetre: Fenetre, contacts: np.ndarray
) -> MisesEnRelation:
    jeune, jour = _au_fil(rng, j, fenetre, contacts.sum() * _taux("mises_en_relation") * fenetre.duree, ~j.a_distance)
    ml = j.ml[jeune]
    # Rank of the last offer of the mission locale known that day, then a few offers back.
    cle = o.ml * (1 << 20) + (o.jour - fenetre.base)
    dernier = np.searchsorted(cle, ml.astype(np.int64) * (1 << 20) + (jour - fenetre.base), side="right") - 1
    offre = np.maximum(dernier - rng.geometric(0.12, len(jeune)) + 1, o.premiere[ml])
    return MisesEnRelation(jeune, offre, jour, tirer(rng, RESULTATS, len(jeune)))


def _contacts(
    rng: np.random.Generator,
    e: Entreprises,
    missions: tuple[MissionLocale, ...],
    fenetre: Fenetre,
    contacts: np.ndarray,
) -> Contacts:
    """Contacts with the companies: none where the module is not used, which is not zero contact."""
    module = np.array([m.module_entreprise for m in missions])
    nombres = np.rint(contacts * module * _taux("contacts") * fenetre.duree).astype(int)
    ml = np.repeat(np.arange(len(missions)), nombres)
    jour = fenetre.poser(rng, fenetre.activite, np.full(len(ml), fenetre.debut), np.full(len(ml), fenetre.fin))
    jour = jour[np.lexsort((jour, ml))]
    motif = tirer(rng, MOTIFS, len(ml))
    return Contacts(ml, e.au_hasard(rng, ml), jour, motif, rng.random(len(ml)) < 0.24)


def _periodes(
    rng: np.random.Generator, j: Jeunes, e: Entreprises, missions: tuple[MissionLocale, ...], fenetre: Fenetre,
    contacts: np.ndarray,
) -> Periodes:  # fmt: skip
    jeune, debut = _au_fil(rng, j, fenetre, contacts.sum() * _taux("periodes") * fenetre.duree, ~j.a_distance)
    module = np.array([m.module_entreprise for m in missions])[j.ml[jeune]]
    fin = np.minimum(debut + rng.integers(2, 28, len(jeune)), j.limite[jeune])
    genre = tirer(rng, genres_de_periode(fenetre), len(jeune))
    return Periodes(
        jeune, np.where(module, e.au_hasard(rng, j.ml[jeune]), -1), genre, debut, fin, rng.random(len(jeune)) < 0.04
    )


def genres_de_periode(fenetre: Fenetre) -> dict[str, int]:
    """Kinds of period of the time, with their weights: PMSMP since the law of 5 March 2014, PMP and EMT before."""
    return TABLE_DES_PERIODES[fenetre.annees[0] >= ANNEE_DES_PMSMP]


def _parrainages(
    rng: np.random.Generator, j: Jeunes, missions: int, fenetre: Fenetre, contacts: np.ndarray
) -> Parrainages:
    nombres = np.maximum(np.rint(contacts * _taux("parrainages") / 3).astype(int), 1)
    ml = np.repeat(np.arange(missions), nombres)
    premier = np.concatenate([[0], np.cumsum(nombres)])
    jeune, debut = _au_fil(rng, j, fenetre, contacts.sum() * _taux("parrainages") * fenetre.duree)
    rang = (rng.random(len(jeune)) * nombres[j.ml[jeune]]).astype(np.int64)
    fin = np.minimum(debut + rng.integers(60, 300, len(jeune)), j.limite[jeune])
    return Parrainages(
        ml, fenetre.debut - rng.integers(30, 1500, len(ml)), np.full(len(ml), EN_COURS), jeune,
        premier[j.ml[jeune]] + rang, debut, np.where(fin > fenetre.fin, EN_COURS, fin),
    )  # fmt: skip
