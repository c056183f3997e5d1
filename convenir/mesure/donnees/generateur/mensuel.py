"""Monthly entries: hours of each contract in each month, scaled so that a unit realises what was drawn for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import debuts_de_mois, mois_des_jours
from convenir.mesure.donnees.generateur.contrats import Contrats
from convenir.mesure.donnees.generateur.marges import marges, par_categorie
from convenir.mesure.donnees.generateur.monde import Monde
from convenir.mesure.donnees.generateur.sejours import AU_MOIS, Sejours

HEBDOMADAIRES = np.array([20, 24, 26, 28, 30, 35])
POIDS_HEBDOMADAIRES = np.array([0.18, 0.17, 0.40, 0.07, 0.09, 0.09])
MONTEE = np.array([0.45, 0.7, 0.9])  # a new unit fills its posts over three months
JOURS_DU_MOIS = 30.44


@dataclass
class Mensuel:
    """Parallel arrays, one cell for each row of EtatMensuelIndiv."""

    contrat: np.ndarray
    colonne: np.ndarray
    """Rank of the month in the delivery."""
    heures: np.ndarray
    version: np.ndarray
    remplacee: np.ndarray
    """True for a first version followed by a second."""

    def __len__(self) -> int:
        return len(self.contrat)


def durees_hebdomadaires(rng: np.random.Generator, s: Sejours) -> np.ndarray:
    """Weekly hours of the contract of each stay; full time in ETTI."""
    tirees = rng.choice(HEBDOMADAIRES, len(s), p=POIDS_HEBDOMADAIRES)
    return np.where(AU_MOIS[s.categorie], tirees, np.where(s.categorie == 3, 35, 20))


def tirer_mensuel(
    rng: np.random.Generator, monde: Monde, s: Sejours, c: Contrats, hebdo: np.ndarray, mois: np.ndarray,
    ids: np.ndarray, cibles: np.ndarray,
) -> Mensuel:  # fmt: skip
    """Draw the monthly entries of a département.

    Args:
        hebdo: weekly hours of each stay.
        mois: months of the delivery.
        ids: annexe id of each unit and month, zero when there is none.
        cibles: hours agreed for each unit and month.
    """
    contrat, colonne, jours = _mois_des_contrats(c, mois)
    unite = s.unite[c.sejour[contrat]]
    couverts = ids[unite, colonne] > 0
    contrat, colonne, jours, unite = contrat[couverts], colonne[couverts], jours[couverts], unite[couverts]
    voulues = cibles * _realisation(rng, monde, mois)
    heures = _heures(rng, s, c, hebdo, contrat, colonne, jours, unite, voulues)
    saisi = _saisies(rng, len(monde.unites), len(mois))[unite, colonne] & _entiers(
        rng, monde, s, c, contrat, colonne, mois
    )
    m = Mensuel(contrat, colonne, heures, np.ones(len(heures), np.int64), np.zeros(len(heures), bool))
    return _corriger(rng, _garder(m, saisi), unite[saisi], ids.shape)


def _garder(m: Mensuel, masque: np.ndarray) -> Mensuel:
    return Mensuel(**{nom: valeur[masque] for nom, valeur in vars(m).items()})


def _mois_des_contrats(c: Contrats, mois: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Contract, column and days present of each couple contract × month of the delivery."""
    premier = np.maximum(mois_des_jours(c.debut), mois[0])
    dernier = np.minimum(mois_des_jours(c.fin_reelle), mois[-1])
    nombre = np.maximum(dernier - premier + 1, 0)
    contrat = np.repeat(np.arange(len(c)), nombre)
    rang = np.arange(len(contrat)) - np.repeat(np.cumsum(nombre) - nombre, nombre)
    du_mois = premier[contrat] + rang
    debut, suivant = debuts_de_mois(du_mois), debuts_de_mois(du_mois + 1)
    jours = np.minimum(c.fin_reelle[contrat], suivant - 1) - np.maximum(c.debut[contrat], debut) + 1
    return contrat, du_mois - mois[0], jours


def _realisation(rng: np.random.Generator, monde: Monde, mois: np.ndarray) -> np.ndarray:
    """Share of the agreed hours each unit realises in each month: own level, season, chance."""
    unites = monde.unites
    rangs = np.array([u.rang_categorie for u in unites], dtype=np.int64)
    annees = mois // 12 - mois[0] // 12
    forme = (len(unites), int(annees[-1]) + 1)
    niveau = np.clip(rng.normal(0.99, 0.035, forme), 0.92, 1.06)
    sous = rng.random(forme) < marges()["sous_consommation"]
    niveau = np.where(sous, rng.uniform(0.60, 0.91, forme), niveau)
    local = marges()["motifs_locaux"]["sous_consommation_aci"]
    if monde.departement.rang == local["rang"]:
        aci = rangs == 0
        niveau[aci, -1] = rng.normal(local["realisation"], 0.02, int(aci.sum()))
    saisons = np.array([np.array(u.marges.saison) / np.mean(u.marges.saison) for u in unites]).reshape(-1, 12)
    valeurs: np.ndarray = niveau[:, annees] * saisons[:, mois % 12] * rng.normal(1.0, 0.025, (len(unites), len(mois)))
    for rang, unite in enumerate(unites):
        if unite.premier_mois > mois[0]:
            debut = unite.premier_mois - int(mois[0])
            duree = min(len(MONTEE), len(mois) - debut)
            valeurs[rang, debut : debut + duree] *= MONTEE[:duree]
    return valeurs


def _heures(
    rng: np.random.Generator, s: Sejours, c: Contrats, hebdo: np.ndarray, contrat: np.ndarray, colonne: np.ndarray,
    jours: np.ndarray, unite: np.ndarray, voulues: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Whole hours of each row: in proportion to days and to the person's intensity, within what a month can hold."""
    sejour = c.sejour[contrat]
    intensite = np.where(AU_MOIS[s.categorie], hebdo, np.exp(rng.normal(0.0, 0.55, len(s))))
    poids = jours * intensite[sejour] * rng.uniform(0.8, 1.2, len(contrat))
    poids[rng.random(len(contrat)) < 0.012] = 0.0  # a whole month of absence
    maximum = par_categorie("heures_maximales")[s.categorie[sejour]] * jours / JOURS_DU_MOIS
    case = unite * voulues.shape[1] + colonne
    heures = np.zeros(len(contrat))
    # Two passes: what the cap takes from some is shared among the others.
    for _ in range(2):
        reste = voulues.ravel() - np.bincount(case, heures, voulues.size)
        place = np.where(heures < maximum, poids, 0.0)
        total = np.bincount(case, place, voulues.size)
        part = np.divide(reste, total, out=np.zeros_like(reste), where=total > 0)
        heures = np.minimum(heures + place * np.maximum(part, 0.0)[case], maximum)
    entieres: np.ndarray = np.floor(heures + rng.random(len(heures))).astype(np.int64)
    return entieres


def _saisies(rng: np.random.Generator, unites: int, mois: int) -> np.ndarray:
    """Tell which unit × month was entered when the delivery is drawn: the last ones come late."""
    m = marges()
    saisi = rng.random((unites, mois)) >= m["mois_oublie"]
    saisi[rng.random(unites) < m["retard_un_mois"], -1:] = False
    saisi[rng.random(unites) < m["retard_deux_mois"], -2:] = False
    return saisi


def _entiers(
    rng: np.random.Generator, monde: Monde, s: Sejours, c: Contrats, contrat: np.ndarray, colonne: np.ndarray,
    mois: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Drop, in the last month, part of the people of a few units whose entry is not finished."""
    partiel = rng.random(len(monde.unites)) < marges()["retard_partiel"]
    absent = rng.random(len(s)) < 0.45
    sejour = c.sejour[contrat]
    gardes: np.ndarray = ~(partiel[s.unite[sejour]] & absent[sejour] & (colonne == len(mois) - 1))
    return gardes


def _corriger(rng: np.random.Generator, m: Mensuel, unite: np.ndarray, forme: tuple[int, ...]) -> Mensuel:
    """Enter some unit × months twice: the first version, a little wrong, stays in the delivery."""
    corrige = (rng.random(forme) < marges()["saisie_corrigee"])[unite, m.colonne]
    rangs = np.flatnonzero(corrige)
    anciennes = Mensuel(
        m.contrat[rangs],
        m.colonne[rangs],
        np.maximum(m.heures[rangs] + rng.integers(-12, 13, len(rangs)), 0),
        np.ones(len(rangs), np.int64),
        np.ones(len(rangs), bool),
    )
    m.version[rangs] = 2
    return Mensuel(**{nom: np.concatenate([getattr(anciennes, nom), getattr(m, nom)]) for nom in vars(m)})
