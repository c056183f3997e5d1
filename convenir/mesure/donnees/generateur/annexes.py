"""Annexes financières of the invented units: yearly renewals, their versions, objectives and co-financing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from convenir.mesure.donnees.generateur.baremes import Bareme, heures_etp, montant_unitaire
from convenir.mesure.donnees.generateur.marges import marges
from convenir.mesure.donnees.generateur.monde import Compteurs, Monde, Unite
from convenir.socle.commun.montants import Montant, montant_annexe
from convenir.socle.commun.periodes import Mois, Periode

DUREE_CONVENTION = 3
RETENUS = ("VALIDE", "PROVISOIRE", "CLOTURE")


@dataclass(frozen=True)
class Version:
    """A version of an annexe (suffix M)."""

    id_avenant: int
    modification: int
    etp: Decimal
    etat: str
    le: date
    """Day the version came into being."""


@dataclass(frozen=True)
class Objectifs:
    """Negotiated targets: number of exits and shares in percent, zero everywhere when not entered."""

    sorties: int
    durable: int
    transition: int
    positive: int

    @property
    def dynamique(self) -> int:
        return self.durable + self.transition + self.positive


@dataclass(frozen=True)
class Annexe:
    rang_unite: int
    unite: Unite
    id_annexe: int
    numero: str
    convention: str
    avenant: int
    debut: date
    fin: date
    heures: Bareme
    unitaire: Bareme
    objectifs: Objectifs
    part_cofinancee: int
    versions: tuple[Version, ...]

    @property
    def retenue(self) -> Version:
        """The one version in force: the last of the versions that count."""
        return [v for v in self.versions if v.etat in RETENUS][-1]

    @property
    def mois(self) -> int:
        return Periode.inclusive(self.debut, self.fin).nombre_de_mois

    def total(self, version: Version) -> Montant:
        """Total of a version, in euros."""
        return montant_annexe(version.etp, self.unitaire.valeur, self.mois)


def tirer_annexes(
    rng: np.random.Generator, monde: Monde, annees: tuple[int, ...], jusquau: date, compteurs: Compteurs
) -> list[Annexe]:
    """Draw the annexes of every unit of a département over the years of the delivery."""
    part_departement = _part_du_departement(rng)
    tirage = _Tirage(rng, monde, annees, jusquau, compteurs, part_departement)
    return [annexe for rang, unite in enumerate(monde.unites) for annexe in tirage.annexes(rang, unite)]


def _part_du_departement(rng: np.random.Generator) -> float:
    """Mean share a département co-finances in its ACI, in percent; zero when it co-finances none."""
    c = marges()["cofinancement"]
    return float(rng.uniform(c["minimum"] + 5, c["maximum"] - 8)) if rng.random() < c["departements"] else 0.0


@dataclass
class _Tirage:
    rng: np.random.Generator
    monde: Monde
    annees: tuple[int, ...]
    jusquau: date
    compteurs: Compteurs
    part_departement: float

    def annexes(self, rang: int, unite: Unite) -> Iterator[Annexe]:
        premiere = unite.premier_mois // 12
        nee_avant = unite.premier_mois == self.annees[0] * 12
        origine = premiere - int(self.rng.integers(DUREE_CONVENTION)) if nee_avant else premiere
        cofinance = self._cofinancement(unite)
        etp = Decimal(f"{unite.etp:.2f}")
        numeros: dict[int, str] = {}
        for annee in range(premiere, unite.dernier_mois // 12 + 1):
            millesime = annee - (annee - origine) % DUREE_CONVENTION
            nouvel_etp = self._negocier(etp)
            for periode in self._periodes(unite, annee):
                numero = numeros.get(millesime) or self._numero(unite, millesime)
                numeros[millesime] = "" if periode.dernier_jour == date(annee, 6, 30) else numero
                avenant = annee - millesime
                ids = self.compteurs.annexe
                self.compteurs.annexe += 1
                yield Annexe(
                    rang_unite=rang, unite=unite, id_annexe=ids, numero=numero,
                    convention=self._convention(unite, numero, millesime), avenant=avenant,
                    debut=periode.debut, fin=periode.dernier_jour or periode.debut,
                    heures=heures_etp(unite.mesure, periode.debut),
                    unitaire=montant_unitaire(unite.mesure, self.monde.departement.code, periode.debut),
                    objectifs=self._objectifs(unite, nouvel_etp), part_cofinancee=cofinance,
                    versions=tuple(self._versions(avenant, periode.debut, etp, nouvel_etp)),
                )  # fmt: skip
            etp = nouvel_etp

    def _periodes(self, unite: Unite, annee: int) -> list[Periode]:
        debut = Mois(*_mois(max(unite.premier_mois, annee * 12))).debut
        dernier = max(unite.dernier_mois, 0)
        ouverte = dernier == self.annees[-1] * 12 + 11 or dernier // 12 > annee or self._finit_avec_la_livraison(unite)
        fin = date(annee + 1, 1, 1) if ouverte else Mois(*_mois(min(dernier, annee * 12 + 11))).fin
        entiere = debut == date(annee, 1, 1) and fin == date(annee + 1, 1, 1)
        if entiere and date(annee, 7, 1) <= self.jusquau and self.rng.random() < marges()["annexe_partagee"]:
            milieu = date(annee, 7, 1)
            return [Periode(debut, milieu), Periode(milieu, fin)]
        return [Periode(debut, fin)]

    def _finit_avec_la_livraison(self, unite: Unite) -> bool:
        """A unit whose last month is the last of the delivery goes on: its annexe runs to December."""
        suivant = Mois(*_mois(unite.dernier_mois + 1)).fin
        return suivant > self.jusquau + timedelta(days=1)

    def _numero(self, unite: Unite, millesime: int) -> str:
        departement = self.monde.departement.code_asp
        ordre = self.compteurs.suivant(unite.categorie, departement, millesime)
        return f"{unite.categorie}{departement}{millesime % 100:02d}{ordre:04d}"

    def _convention(self, unite: Unite, numero: str, millesime: int) -> str:
        return f"{self.monde.departement.code_asp} 0101{millesime % 100:02d} {unite.categorie} 0{numero[-4:]}"

    def _cofinancement(self, unite: Unite) -> int:
        c = marges()["cofinancement"]
        if unite.categorie != "ACI" or not self.part_departement or self.rng.random() > c["structures"]:
            return 0
        return int(np.clip(round(self.rng.normal(self.part_departement, 4)), c["minimum"], c["maximum"]))

    def _negocier(self, etp: Decimal) -> Decimal:
        if self.rng.random() < 0.45:
            return etp
        facteur = Decimal(f"{self.rng.normal(1.01, 0.05):.3f}")
        return max((etp * facteur).quantize(Decimal("0.01")), Decimal("1.00"))

    def _objectifs(self, unite: Unite, etp: Decimal) -> Objectifs:
        if self.rng.random() < marges()["objectif_non_saisi"]:
            return Objectifs(0, 0, 0, 0)
        m = unite.marges
        vise = int(np.clip(5 * round(20 * unite.dynamique + self.rng.normal(0.3, 1)), 40, 75))
        durable = int(np.clip(5 * round(20 * m.durable + self.rng.normal(0, 1)), 10, vise - 20))
        transition = int(np.clip(5 * round((vise - durable) / 10 + self.rng.normal(0, 0.7)), 5, vise - durable - 5))
        decale = int(self.rng.integers(-2, 3)) if self.rng.random() < 0.3 else 0
        presents = float(etp) / m.etp_par_present
        positive = vise - durable - transition
        return Objectifs(max(1, round(presents * 0.75)), durable + decale, transition - decale, positive)

    def _versions(self, avenant: int, debut: date, ancien: Decimal, nouveau: Decimal) -> Iterator[Version]:
        """Yield the versions, in order: provisional renewal, rejection, agreement, change on the way."""
        suite: list[tuple[Decimal, str, date]] = []
        signature = min(debut + timedelta(days=int(self.rng.integers(20, 150))), self.jusquau)
        if avenant:
            suite.append((ancien, "PROVISOIRE", debut + timedelta(days=2)))
        if self.rng.random() < 0.02:
            suite.append((nouveau, "REJETE", signature - timedelta(days=10)))
        tarde = debut.year == self.annees[-1] and self.rng.random() < 0.02
        if not (avenant and tarde):
            suite.append((nouveau, "VALIDE", signature))
            if self.rng.random() < 0.08 and signature + timedelta(days=90) < self.jusquau:
                suite.append((self._negocier(nouveau), "VALIDE", signature + timedelta(days=90)))
        close = self.rng.random() < 0.05 and date(debut.year + 1, 6, 1) <= self.jusquau
        retenu = max(rang for rang, (_, etat, _) in enumerate(suite) if etat in RETENUS)
        for rang, (etp, etat, le) in enumerate(suite):
            garde = "CLOTURE" if close and etat == "VALIDE" else etat
            final = garde if rang == retenu or etat == "REJETE" else "HISTORISE"
            yield Version(self.compteurs.avenant, rang, etp, final, le)
            self.compteurs.avenant += 1


def _mois(rang: int) -> tuple[int, int]:
    return rang // 12, rang % 12 + 1


def tableaux(annexes: list[Annexe], unites: int, mois: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Annexe id and target hours of each unit (row) in each month (column); zero where there is none.

    The target is one twelfth of the hours of the posts agreed, before season and realisation.
    """
    ids = np.zeros((unites, len(mois)), dtype=np.int64)
    cibles = np.zeros((unites, len(mois)))
    for annexe in annexes:
        debut = annexe.debut.year * 12 + annexe.debut.month - 1
        dans = (mois >= debut) & (mois < debut + annexe.mois)
        ids[annexe.rang_unite, dans] = annexe.id_annexe
        cibles[annexe.rang_unite, dans] = float(annexe.retenue.etp * annexe.heures.valeur) / 12
    return ids, cibles
