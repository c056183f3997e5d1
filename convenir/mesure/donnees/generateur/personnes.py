"""People of the stays: identity, situation on entry, correlated with the category, the age and the commune."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import AUCUN, jour_de
from convenir.mesure.donnees.generateur.marges import CODES_CATEGORIES, categories, marges, tirer
from convenir.mesure.donnees.generateur.monde import Compteurs, Monde
from convenir.mesure.donnees.generateur.referentiels import NIVEAUX
from convenir.mesure.donnees.generateur.sejours import AU_MOIS, Sejours, part_categorie
from convenir.mesure.donnees.generateur.territoire import HABITANTS_QPV

AN = 365.25
PREMIER_PASS = jour_de(date(2021, 9, 1))
NIVEAU_CAP = NIVEAUX.index("50")


@dataclass
class Personnes:
    """Parallel arrays, one cell for each stay; a person met twice has the same `salarie` or the same `personne`."""

    salarie: np.ndarray
    """Rank, among the salaried people of the département, of the couple person × structure."""
    personne: np.ndarray
    """Number of the person in the whole delivery: two couples of the same person share it."""
    sexe: np.ndarray
    naissance: np.ndarray
    commune: np.ndarray
    qpv: np.ndarray
    zrr: np.ndarray
    agrement: np.ndarray
    niveau: np.ndarray
    inscription: np.ndarray
    rsa: np.ndarray
    ass: np.ndarray
    aah: np.ndarray
    rqth: np.ndarray
    orienteur: np.ndarray


def tirer_personnes(rng: np.random.Generator, monde: Monde, s: Sejours, compteurs: Compteurs) -> Personnes:
    """Draw who holds each stay."""
    n = len(s)
    age = _ages(rng, s)
    commune = _communes(rng, monde, s)
    d = monde.departement
    senior = age >= 50
    p = Personnes(
        salarie=np.arange(n),
        personne=compteurs.personne + np.arange(n),
        sexe=np.where(rng.random(n) < part_categorie("femmes", s), 2, 1),
        naissance=s.debut - np.floor(age * AN).astype(np.int64) - 1,
        commune=commune,
        qpv=(rng.random(n) < part_categorie("qpv", s)) & (d.populations[commune] >= HABITANTS_QPV),
        zrr=d.zrr[commune],
        agrement=(s.debut >= PREMIER_PASS) & (rng.random(n) < 0.94),
        niveau=_niveaux(rng, senior),
        inscription=_inscriptions(rng, senior),
        rsa=_rsa(rng, monde, s),
        ass=rng.random(n) < part_categorie("ass", s) * np.where(senior, 1.8, 0.8),
        aah=rng.random(n) < part_categorie("aah", s),
        rqth=rng.random(n) < part_categorie("rqth", s) * np.where(senior, 1.7, 0.8),
        orienteur=_orienteurs(rng, s),
    )
    p.rsa[(p.ass | p.aah | (age < 25)) & (rng.random(n) < 0.85)] = 0
    p.rqth |= p.aah
    compteurs.personne += n
    _reconnaitre(rng, monde, s, p)
    return p


def _ages(rng: np.random.Generator, s: Sejours) -> np.ndarray:
    """Age on entry, in years."""
    n, u = len(s), rng.random(len(s))
    jeunes, vieux = part_categorie("moins_26", s), part_categorie("plus_50", s)
    ages: np.ndarray = np.where(
        u < jeunes,
        rng.uniform(18.1, 26, n),
        np.where(u < jeunes + vieux, 50 + 12.5 * rng.beta(1.3, 2.2, n), 26 + 24 * rng.beta(1.2, 1.4, n)),
    )
    return ages


def _communes(rng: np.random.Generator, monde: Monde, s: Sejours) -> np.ndarray:
    """Commune of residence: that of the structure for half of the people, any of the département for the others."""
    poids = monde.departement.populations.astype(float)
    ailleurs = np.searchsorted(np.cumsum(poids / poids.sum())[:-1], rng.random(len(s)), side="right")
    siege = np.array([u.structure.commune for u in monde.unites])[s.unite]
    communes: np.ndarray = np.where(rng.random(len(s)) < 0.5, siege, ailleurs)
    return communes


def _niveaux(rng: np.random.Generator, senior: np.ndarray) -> np.ndarray:
    """Training level; a third of the older people above the CAP level come down to it."""
    niveaux = tirer(rng, marges()["niveaux"], len(senior))
    baisse = senior & (niveaux < NIVEAU_CAP) & (niveaux > 1) & (rng.random(len(senior)) < 0.33)
    niveaux[baisse] = NIVEAU_CAP
    return niveaux


def _inscriptions(rng: np.random.Generator, senior: np.ndarray) -> np.ndarray:
    durees = tirer(rng, marges()["inscription"], len(senior))
    plus_long = senior & (durees > 0) & (rng.random(len(senior)) < 0.35)
    return np.where(plus_long, np.minimum(durees + 1, 4), durees)


def _rsa(rng: np.random.Generator, monde: Monde, s: Sejours) -> np.ndarray:
    """0 none, 1 not increased, 2 increased; higher in the département of the planted pattern."""
    local = marges()["motifs_locaux"]["public_rsa"]
    facteur = local["facteur"] if monde.departement.rang == local["rang"] else 1.0
    recoit = rng.random(len(s)) < np.minimum(part_categorie("rsa", s) * 1.12 * facteur, 0.95)
    return np.where(recoit, np.where(rng.random(len(s)) < 0.14, 2, 1), 0)


def _orienteurs(rng: np.random.Generator, s: Sejours) -> np.ndarray:
    """Code of the referrer, as text on two digits."""
    codes = np.empty(len(s), dtype=object)
    for rang, categorie in enumerate(CODES_CATEGORIES):
        dans = s.categorie == rang
        poids = categories()[categorie].orienteurs
        codes[dans] = np.array(list(poids), dtype=object)[tirer(rng, poids, int(dans.sum()))]
    return codes


def _reconnaitre(rng: np.random.Generator, monde: Monde, s: Sejours, p: Personnes) -> None:
    """Make some stays those of a person already met: in the same structure (return) or in another (shared)."""
    n = len(s)
    structure = np.array([u.structure.id_asp for u in monde.unites])[s.unite]
    libre = np.ones(n, dtype=bool)
    for part, meme in ((marges()["retour"], True), (marges()["personne_partagee"], False)):
        autre = _voisins(rng, s.unite) if meme else rng.integers(0, max(n, 1), n)
        for j in np.flatnonzero((rng.random(n) < part) & ((structure[autre] == structure) == meme)):
            i = int(autre[j])
            if libre[i] and libre[j] and (not meme or _revient(s, i, int(j))):
                libre[i] = libre[j] = False
                _identifier(p, i, int(j), meme=meme)


def _voisins(rng: np.random.Generator, unite: np.ndarray) -> np.ndarray:
    """A stay close to each stay in the order of the units, so most often of the same unit."""
    ordre = np.argsort(unite, kind="stable")
    decale = np.maximum(np.arange(len(unite)) - rng.integers(1, 12, len(unite)), 0)
    voisins = np.empty_like(ordre)
    voisins[ordre] = ordre[decale]
    return voisins


def _revient(s: Sejours, i: int, j: int) -> bool:
    """Tell whether stay j can be a return after stay i: same unit, both long, months apart, exits in other years."""
    if s.unite[i] != s.unite[j] or not AU_MOIS[s.categorie[i]] or s.sortie[i] == AUCUN:
        return False
    long = all(s.dernier_jour[k] - s.debut[k] > 130 and not s.rompu[k] for k in (i, j))
    annees_sorties = {int(s.dernier_jour[k] // AN) for k in (i, j)}
    return bool(long and s.debut[j] - s.sortie[i] > 60 and len(annees_sorties) == 2)


def _identifier(p: Personnes, i: int, j: int, *, meme: bool) -> None:
    for champ in ("personne", "sexe", "naissance", "commune", "qpv", "zrr", "agrement"):
        valeurs = getattr(p, champ)
        valeurs[j] = valeurs[i]
    if meme:
        p.salarie[j] = p.salarie[i]
