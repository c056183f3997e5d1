"""Invented structures of a département, and their units: a unit is a structure under one measure of the ASP."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from convenir.mesure.donnees.generateur import identite
from convenir.mesure.donnees.generateur.marges import (
    CODES_CATEGORIES,
    MargesCategorie,
    categories,
    marges,
    par_categorie,
)
from convenir.mesure.donnees.generateur.noms import denomination
from convenir.mesure.donnees.generateur.territoire import Departement

PREMIER_ID_ASP = 100_001
PREMIER_SIREN = 1_000
SECONDE = {"ACI": "EI", "EI": "ACI", "AI": "ACI", "ETTI": "EI", "EITI": "EI"}
FORMES = {"ACI": 9220, "EI": 5710, "AI": 9220, "ETTI": 5710, "EITI": 5499}

FORME_CCAS = 7361


@dataclass
class Compteurs:
    """Next free identifiers, carried from one département to the next."""

    structure: int = PREMIER_ID_ASP
    siren: int = PREMIER_SIREN
    annexe: int = 40_001
    avenant: int = 60_001
    personne: int = 0
    salarie: int = 1_000_001
    contrat: int = 2_000_001
    mensuel: int = 10_000_001
    mission: int = 5_000_001
    formation: int = 500_001
    accompagnement: int = 300_001
    convention: dict[tuple[str, str, int], int] = field(default_factory=dict)
    noms: set[str] = field(default_factory=set)

    def suivant(self, categorie: str, departement: str, annee: int) -> int:
        """Next order of an annexe number, by category, département and year."""
        cle = (departement, categorie, annee)
        self.convention[cle] = self.convention.get(cle, 0) + 1
        return self.convention[cle]


@dataclass(frozen=True)
class Structure:
    id_asp: int
    denomination: str
    siret_signature: str
    siret_actualise: str
    categorie_juridique: int
    code_naf: str
    commune: int
    """Rank of the commune in the arrays of the département."""


@dataclass(frozen=True)
class Unite:
    """A structure under one measure, over the months it is open; months counted since year 0, both ends in."""

    structure: Structure
    categorie: str
    penitentiaire: bool
    etp: float
    premier_mois: int
    dernier_mois: int
    dynamique: float
    """Own probability that an exit is dynamic."""

    @property
    def mesure(self) -> str:
        return f"{self.categorie}_{'MP' if self.penitentiaire else 'DC'}"

    @property
    def rang_categorie(self) -> int:
        return CODES_CATEGORIES.index(self.categorie)

    @property
    def marges(self) -> MargesCategorie:
        return categories()[self.categorie]


@dataclass(frozen=True)
class Monde:
    departement: Departement
    structures: list[Structure]
    unites: list[Unite]
    sans_annexe: list[Structure]


def tirer_monde(
    rng: np.random.Generator, departement: Departement, siae: int, mois: np.ndarray, compteurs: Compteurs
) -> Monde:
    """Draw the structures of a département and their units.

    Args:
        siae: number of (structure, category) pairs wanted, prison settings aside.
        mois: months of the delivery, in order.
    """
    tirage = _Tirage(rng, departement, mois, compteurs)
    parts = np.cumsum(par_categorie("part"))
    rangs = np.searchsorted(parts / parts[-1], (rng.permutation(siae) + rng.random(siae)) / max(siae, 1))
    structures: list[Structure] = []
    unites: list[Unite] = []
    while len({(u.structure.id_asp, u.categorie) for u in unites}) < siae:
        categorie = CODES_CATEGORIES[rangs[len(unites) % siae]]
        structure = tirage.structure(categorie, structures)
        structures.append(structure)
        unites += tirage.unites(structure, categorie, seule=len(unites) + 1 >= siae)
    anciennes = [tirage.structure("ACI", structures) for _ in range(rng.binomial(siae, marges()["sans_annexe"]))]
    return Monde(departement, structures, unites, anciennes)


@dataclass
class _Tirage:
    rng: np.random.Generator
    departement: Departement
    mois: np.ndarray
    compteurs: Compteurs

    def structure(self, categorie: str, deja: list[Structure]) -> Structure:
        poids = self.departement.populations**0.75
        commune = int(self.rng.choice(len(poids), p=poids / poids.sum()))
        siren, etablissement = self._siren(deja)
        demenage = self.rng.random() < marges()["demenagement"]
        signature = identite.siret_fictif(siren, etablissement)
        nom = denomination(self.rng, categorie, str(self.departement.noms[commune]), self.compteurs.noms)
        identifiant = self.compteurs.structure
        self.compteurs.structure += 1
        return Structure(
            id_asp=identifiant,
            denomination=nom,
            siret_signature=signature,
            siret_actualise=identite.siret_fictif(siren, etablissement + 500) if demenage else signature,
            categorie_juridique=FORME_CCAS if nom.startswith("CCAS") else FORMES[categorie],
            code_naf=str(self.rng.choice(categories()[categorie].codes_naf)),
            commune=commune,
        )

    def _siren(self, deja: list[Structure]) -> tuple[int, int]:
        """Rank of a SIREN and number of an establishment: sometimes those of a porteur already met."""
        if deja and self.rng.random() < marges()["meme_porteur"]:
            porteur = deja[int(self.rng.integers(len(deja)))]
            numero = int(porteur.siret_signature[3:8])
            freres = sum(int(s.siret_signature[3:8]) == numero for s in deja)
            return numero, freres + 1
        self.compteurs.siren += 1
        return self.compteurs.siren - 1, 1

    def unites(self, structure: Structure, categorie: str, *, seule: bool) -> list[Unite]:
        trouvees = [self._unite(structure, categorie)]
        if not seule and self.rng.random() < marges()["deux_categories"]:
            trouvees.append(self._unite(structure, SECONDE[categorie]))
        if categorie in ("ACI", "EI") and self.rng.random() < marges()["penitentiaire"]:
            trouvees.append(self._unite(structure, categorie, penitentiaire=True))
        return trouvees

    def _unite(self, structure: Structure, categorie: str, *, penitentiaire: bool = False) -> Unite:
        m = categories()[categorie]
        taille = 6.0 if penitentiaire else float(self.rng.lognormal(np.log(m.etp_median), m.etp_dispersion))
        premier, dernier = self._vie()
        dynamique = float(np.clip(self.rng.normal(m.dynamique, marges()["dispersion_dynamique"]), 0.2, 0.95))
        return Unite(
            structure, categorie, penitentiaire, float(np.clip(taille, 2.0, 150.0)), premier, dernier, dynamique
        )

    def _vie(self) -> tuple[int, int]:
        """First and last months of a unit: most last the whole delivery, some open or close on the way."""
        premier, dernier = int(self.mois[0]), int(self.mois[-1])
        for annee in sorted({int(m) // 12 for m in self.mois}):
            if self.rng.random() < marges()["ouverture_en_cours"]:
                premier = max(premier, annee * 12 + int(self.rng.choice([3, 6])))
            elif self.rng.random() < marges()["fermeture_en_cours"]:
                dernier = min(dernier, annee * 12 + int(self.rng.choice([5, 8])))
        return (premier, dernier) if premier <= dernier else (int(self.mois[0]), int(self.mois[-1]))
