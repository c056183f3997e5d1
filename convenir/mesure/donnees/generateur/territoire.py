"""Where the invented structures stand: real communes, read from the vendored official geography."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np

from convenir.mesure.donnees.generateur.marges import marges
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.territoires.geographie_officielle import lire_niveau

REGION_PAR_DEFAUT = "52"
ZONES_COUVERTES = ("metro", "drom")
HABITANTS_QPV = 10_000
HABITANTS_ZRR = 2_500


@dataclass(frozen=True)
class Departement:
    """A département with its communes as parallel arrays, and its rank in its region by order of code."""

    code: str
    nom: str
    region: str
    rang: int
    population: int
    codes: np.ndarray
    noms: np.ndarray
    codes_postaux: np.ndarray
    populations: np.ndarray
    zrr: np.ndarray

    @property
    def code_asp(self) -> str:
        """Code on three characters: `044`, `02A`, `974`."""
        return self.code.zfill(3)


def en_capitales(texte: str) -> str:
    """Write a place as the ASP does: capitals, no accent, no hyphen, no apostrophe."""
    sans_accent = unicodedata.normalize("NFD", texte.replace("œ", "oe").replace("Œ", "OE"))
    lettres = "".join(c for c in sans_accent if not unicodedata.combining(c))
    return lettres.upper().replace("-", " ").replace("'", " ").replace("’", " ")


@cache
def regions() -> dict[str, str]:
    """Codes and names of the regions that have structures, by order of code."""
    lues = sorted(lire_niveau("regions.csv"), key=lambda r: str(r["code"]))
    return {str(r["code"]): str(r["nom"]) for r in lues if r["zone"] in ZONES_COUVERTES}


def code_de_region(demande: str | None) -> str:
    """Return the code of a region asked by code or by name, case and accents aside; the default one for None.

    Raises:
        EntreeInvalide: if no region bears this code or name.
    """
    if demande is None:
        return REGION_PAR_DEFAUT
    for code, nom in regions().items():
        if demande == code or en_capitales(demande) == en_capitales(nom):
            return code
    connues = ", ".join(f"{nom} ({code})" for code, nom in regions().items())
    raise EntreeInvalide(f"« {demande} » n'est pas une région connue. Régions possibles : {connues}.")


@cache
def departements() -> tuple[Departement, ...]:
    """Return the départements of the covered regions, by order of code."""
    communes = defaultdict(list)
    for commune in lire_niveau("communes.csv.gz"):
        if commune["population"]:
            communes[commune["departement"]].append(commune)
    lus = sorted(lire_niveau("departements.csv"), key=lambda d: str(d["code"]))
    rangs: dict[str, int] = defaultdict(int)
    trouves = []
    for lu in lus:
        region = str(lu["region"])
        if region in regions():
            trouves.append(_departement(lu, rangs[region], communes[lu["code"]]))
            rangs[region] += 1
    return tuple(trouves)


def _departement(
    lu: dict[str, str | int | None], rang: int, communes: list[dict[str, str | int | None]]
) -> Departement:
    populations = np.array([c["population"] for c in communes], dtype=np.int64)
    # No zoning is shipped: a rural commune is said ZRR when the rank of its EPCI is even (invented, see the docs).
    paires = np.array([int(str(c["epci"] or "1")[-3:]) % 2 == 0 for c in communes])
    return Departement(
        code=str(lu["code"]),
        nom=str(lu["nom"]),
        region=str(lu["region"]),
        rang=rang,
        population=int(lu["population"] or 0),
        codes=np.array([c["code"] for c in communes], dtype=object),
        noms=np.array([c["nom"] for c in communes], dtype=object),
        codes_postaux=np.array([str(c["codes_postaux"] or c["code"]).split(" ")[0] for c in communes], dtype=object),
        populations=populations,
        zrr=paires & (populations < HABITANTS_ZRR),
    )


def repartition(siae_france: int) -> dict[str, int]:
    """Number of SIAE by département for the whole country: population × density, largest remainders."""
    densites = marges()["densite"]
    poids = np.array([d.population * densites.get(d.region, 1.0) for d in departements()])
    quotas = siae_france * poids / poids.sum()
    entiers = np.floor(quotas).astype(int)
    restants = siae_france - int(entiers.sum())
    entiers[np.argsort(-(quotas - entiers), kind="stable")[:restants]] += 1
    return {d.code: int(n) for d, n in zip(departements(), entiers, strict=True)}
