"""Everything invented about one département, ready to be written or added up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from convenir.mesure.donnees.generateur.territoire import Departement, departements
from convenir.mesure.donnees.generateur_ml.actualites import (
    Actualites,
    Propositions,
    tirer_actualites,
    tirer_propositions,
)
from convenir.mesure.donnees.generateur_ml.dispositifs import Parcours, tirer_parcours
from convenir.mesure.donnees.generateur_ml.entreprises import Axe3, tirer_axe_3
from convenir.mesure.donnees.generateur_ml.fenetre import Fenetre
from convenir.mesure.donnees.generateur_ml.jeunes import Jeunes, tirer_jeunes
from convenir.mesure.donnees.generateur_ml.marges import au_titre_de, marges
from convenir.mesure.donnees.generateur_ml.reseau import MissionLocale, reseau_de
from convenir.mesure.donnees.generateur_ml.situations import Situations, tirer_situations


@dataclass(frozen=True)
class Lot:
    """One département: the youths and their events as parallel arrays."""

    rang: int
    """Rank of the département in the country: its identifiers start with it."""
    departement: Departement
    fenetre: Fenetre
    graine: int
    rng: np.random.Generator
    missions: tuple[MissionLocale, ...]
    contacts: np.ndarray
    """Youths in contact in a year that the margins give to each mission locale."""
    jeunes: Jeunes
    actualites: Actualites
    propositions: Propositions
    parcours: Parcours
    situations: Situations
    axe_3: Axe3


@cache
def rangs() -> dict[str, int]:
    """Rank of each département in the country, from 1."""
    return {d.code: rang for rang, d in enumerate(departements(), start=1)}


def tirer_lot(code: str, fenetre: Fenetre, graine: int, echelle: float) -> Lot:
    """Invent one département: the same whatever others are asked."""
    departement = next(d for d in departements() if d.code == code)
    rng = np.random.default_rng([graine, *b"ml", *code.encode()])
    missions = reseau_de(code)
    j = tirer_jeunes(rng, missions, rangs()[code], fenetre, echelle, passants(code, fenetre, echelle), graine)
    poids = np.array([m.poids for m in missions]) * echelle
    contacts = poids * au_titre_de("jeunes_en_contact", fenetre.annees[-1])
    a = tirer_actualites(rng, j, missions, fenetre, echelle)
    p = tirer_parcours(rng, j, missions, fenetre)
    return Lot(
        rangs()[code], departement, fenetre, graine, rng, missions, contacts, j, a,
        tirer_propositions(rng, a, j, missions), p,
        tirer_situations(rng, j, p, missions, fenetre, float(contacts.sum())),
        tirer_axe_3(rng, j, missions, fenetre, contacts),
    )  # fmt: skip


def passants(code: str, fenetre: Fenetre, echelle: float) -> list[tuple[int, int, bool]]:
    """Youths shared with the next département, and with the one before: (rank of origin, number, comes second)."""
    ordre = _voisins()
    place = ordre.index(code)
    avant = ordre[place - 1]
    return [
        (rangs()[code], _nombre(code, fenetre, echelle), False),
        (rangs()[avant], _nombre(avant, fenetre, echelle), True),
    ]


@cache
def _voisins() -> list[str]:
    """Codes by region, then code: each shares youths with the next."""
    return [d.code for d in sorted(departements(), key=lambda d: (d.region, d.code))]


def _nombre(code: str, fenetre: Fenetre, echelle: float) -> int:
    total = au_titre_de("jeunes_en_contact", fenetre.annees[-1])
    return round(sum(m.poids for m in reseau_de(code)) * total * echelle * float(marges()["entre_departements"]))
