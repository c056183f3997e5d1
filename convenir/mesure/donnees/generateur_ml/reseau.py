"""The invented missions locales: where they stand, the communes they serve, their sites, what is planted in each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np

from convenir.mesure.donnees.generateur.identite import MARQUE
from convenir.mesure.donnees.generateur.noms import mots
from convenir.mesure.donnees.generateur.territoire import Departement, departements
from convenir.mesure.donnees.generateur_ml.marges import marges
from convenir.socle.territoires.geographie_officielle import lire_niveau

HABITANTS_PAR_SITE = 45_000
SITES_MAXIMUM = 8


@dataclass(frozen=True)
class MissionLocale:
    """An invented mission locale; `communes` are ranks in its département."""

    ml_id: str
    nom: str
    departement: Departement
    communes: np.ndarray
    sites: tuple[tuple[str, int, str], ...]
    """Identifier, rank of the commune, kind."""
    statut: str
    module_entreprise: bool
    effet: str
    """Planted effect, empty for none."""
    poids: float
    """Share of the youths of the country."""
    exces_emploi: float
    """Own propensity to exits in employment, in logits."""

    def effet_de(self, nom: str, sinon: float) -> float:
        """Strength of a planted effect here, `sinon` where it is not planted."""
        return float(marges()["effets"][nom]) if self.effet == nom else sinon


@cache
def effectifs() -> dict[str, int]:
    """Number of missions locales by département: one at least, largest remainders, never more than communes."""
    trouves = departements()
    population = np.array([d.population for d in trouves], float)
    quotas = population * marges()["missions_locales"] / population.sum()
    plafond = np.array([len(d.codes) for d in trouves])
    nombres = np.clip(np.floor(quotas).astype(int), 1, plafond)
    manque = marges()["missions_locales"] - int(nombres.sum())
    ordre = [i for i in np.argsort(-(quotas - nombres), kind="stable") if nombres[i] < plafond[i]]
    nombres[ordre[:manque]] += 1
    return {d.code: int(n) for d, n in zip(trouves, nombres, strict=True)}


@cache
def _epci() -> dict[str, str]:
    return {str(c["code"]): str(c["epci"] or "") for c in lire_niveau("communes.csv.gz")}


@cache
def _effets() -> dict[str, str]:
    """Planted effect of each mission locale: spread over the ranks of a region, none in the smallest regions."""
    par_region: dict[str, list[str]] = defaultdict(list)
    for d in departements():
        par_region[d.region] += [_identifiant(d, rang) for rang in range(effectifs()[d.code])]
    trouves = {}
    for identifiants in par_region.values():
        noms = list(marges()["effets"])[: len(identifiants) // 2]
        for rang, nom in enumerate(noms):
            trouves[identifiants[int((rang + 0.5) * len(identifiants) / len(noms))]] = nom
    return trouves


def _identifiant(departement: Departement, rang: int) -> str:
    return f"ML{departement.code_asp}{rang + 1:02d}"


@cache
def reseau_de(code: str) -> tuple[MissionLocale, ...]:
    """Return the missions locales of a département by its code; they depend on no seed: only the youths do."""
    departement = next(d for d in departements() if d.code == code)
    rng = np.random.default_rng([*b"reseau", *departement.code.encode()])
    ressorts = _ressorts(departement, effectifs()[departement.code])
    population = sum(d.population for d in departements())
    return tuple(_mission_locale(rng, departement, rang, ressort, population) for rang, ressort in enumerate(ressorts))


def _ressorts(departement: Departement, nombre: int) -> list[np.ndarray]:
    """Cut the communes into zones of about the same population, keeping an EPCI together as far as possible."""
    ordre = np.array(sorted(range(len(departement.codes)), key=lambda i: (_epci()[str(departement.codes[i])], i)))
    cumul = np.cumsum(departement.populations[ordre])
    milieux = cumul - departement.populations[ordre] / 2
    rangs = np.arange(1, nombre)
    bornes = np.searchsorted(milieux, rangs * cumul[-1] / nombre)
    # No zone is empty, even beside a commune that weighs more than a zone.
    bornes = np.maximum.accumulate(np.maximum(bornes, rangs) - rangs) + rangs
    bornes = np.minimum(bornes, len(ordre) - nombre + rangs)
    return [np.sort(zone) for zone in np.split(ordre, bornes)]


def _mission_locale(
    rng: np.random.Generator, d: Departement, rang: int, communes: np.ndarray, population: int
) -> MissionLocale:
    identifiant, habitants = _identifiant(d, rang), int(d.populations[communes].sum())
    lieu = mots()["lieux"][int(rng.integers(len(mots()["lieux"])))]
    centre = communes[np.argmax(d.populations[communes])]
    return MissionLocale(
        ml_id=identifiant,
        nom=f"Mission locale {lieu}, {d.noms[centre]} {MARQUE}",
        departement=d,
        communes=communes,
        sites=_sites(rng, identifiant, d, communes, habitants),
        statut="gip" if rng.random() < 0.08 else "association",
        module_entreprise=bool(rng.random() >= marges()["sans_module"]),
        effet=_effets().get(identifiant, ""),
        poids=habitants / population,
        exces_emploi=float(rng.normal(0, marges()["dispersion_sorties"])),
    )


def _sites(
    rng: np.random.Generator, identifiant: str, d: Departement, communes: np.ndarray, habitants: int
) -> tuple[tuple[str, int, str], ...]:
    nombre = min(1 + habitants // HABITANTS_PAR_SITE, SITES_MAXIMUM, len(communes))
    plus_grandes = communes[np.argsort(-d.populations[communes], kind="stable")[:nombre]]
    genres = ["siege", *("antenne" if rng.random() < 0.6 else "permanence" for _ in range(nombre - 1))]
    return tuple(
        (f"{identifiant}-S{rang}", int(commune), genre)
        for rang, (commune, genre) in enumerate(zip(plus_grandes, genres, strict=True), start=1)
    )
