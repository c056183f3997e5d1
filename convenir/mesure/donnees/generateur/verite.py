"""What a delivery should give back: totals by unit and year, added up from the sound world and not from the files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from pathlib import Path

import numpy as np

from convenir.mesure.donnees.generateur.annexes import Annexe
from convenir.mesure.donnees.generateur.calendrier import mois_des_jours
from convenir.mesure.donnees.generateur.lot import Lot
from convenir.mesure.donnees.generateur.sorties_comptees import DYNAMIQUES, RETRAIT, sorties_comptees


@dataclass
class Verite:
    """Totals of one unit in one year. Money in euros, hours whole."""

    id_asp: int
    mesure: str
    annee: int
    departement: str
    etp_mois_conventionnes: Decimal
    """Posts × months of the annexes: divided by twelve, the annual posts."""
    aide_allouee: Decimal
    heures_etp: Decimal
    heures_travaillees: int
    embauches: int
    salaries: int
    sorties_constatees: int
    retrait: int
    examinees: int
    durable: int
    transition: int
    positive: int
    motif_inconnu: int


def ecrire_verite(chemin: Path, verites: Iterator[Verite]) -> int:
    """Write the totals as CSV; returns the number of rows."""
    nombre = 0
    with chemin.open("w", encoding="utf-8", newline="") as fichier:
        ecrivain = csv.DictWriter(fichier, [f.name for f in fields(Verite)], lineterminator="\n")
        ecrivain.writeheader()
        for verite in verites:
            ecrivain.writerow(asdict(verite))
            nombre += 1
    return nombre


def verites(lot: Lot) -> Iterator[Verite]:
    """Add up a lot, unit by unit and year by year."""
    annees = sorted({int(m) // 12 for m in lot.mois})
    comptes = _Comptes(lot, annees)
    par_annee: dict[tuple[int, int], list[Annexe]] = {}
    for annexe in lot.annexes:
        par_annee.setdefault((annexe.rang_unite, annexe.debut.year), []).append(annexe)
    for (rang, annee), annexes in sorted(par_annee.items()):
        unite, ordre = lot.monde.unites[rang], annees.index(annee)
        yield Verite(
            id_asp=unite.structure.id_asp, mesure=unite.mesure, annee=annee, departement=lot.monde.departement.code,
            etp_mois_conventionnes=sum((a.retenue.etp * a.mois for a in annexes), Decimal(0)),
            aide_allouee=sum((a.total(a.retenue) for a in annexes), Decimal(0)),
            heures_etp=annexes[0].heures.valeur,
            **{nom: int(table[rang, ordre]) for nom, table in comptes.tables.items()},
        )  # fmt: skip


class _Comptes:
    """Counts by unit (row) and year (column)."""

    def __init__(self, lot: Lot, annees: list[int]) -> None:
        self.lot, self.annees = lot, annees
        self.forme = (len(lot.monde.unites), len(annees))
        m = lot.mensuel
        self.sejour = lot.contrats.sejour[m.contrat]
        self.retenue = ~m.remplacee
        self.annee_ligne = lot.mois[m.colonne] // 12
        self.tables = {
            "heures_travaillees": self._heures(),
            "embauches": self._par_sejour(mois_des_jours(lot.sejours.debut) // 12),
            "salaries": self._salaries(),
            **self._sorties(),
        }

    def _compter(self, unite: np.ndarray, annee: np.ndarray, poids: np.ndarray | None = None) -> np.ndarray:
        colonne = annee - self.annees[0]
        dans = (colonne >= 0) & (colonne < len(self.annees))
        case = unite[dans] * len(self.annees) + colonne[dans]
        compte = np.bincount(case, None if poids is None else poids[dans], self.forme[0] * self.forme[1])
        return compte.reshape(self.forme)

    def _heures(self) -> np.ndarray:
        unite = self.lot.sejours.unite[self.sejour]
        return self._compter(unite, self.annee_ligne, np.where(self.retenue, self.lot.mensuel.heures, 0))

    def _par_sejour(self, annee: np.ndarray, masque: np.ndarray | None = None) -> np.ndarray:
        gardes = np.ones(len(annee), bool) if masque is None else masque
        return self._compter(self.lot.sejours.unite[gardes], annee[gardes])

    def _salaries(self) -> np.ndarray:
        """Distinct people with at least one hour in the year."""
        travaille = self.retenue & (self.lot.mensuel.heures > 0)
        sejour = self.sejour[travaille]
        cles = np.stack(
            [self.lot.sejours.unite[sejour], self.annee_ligne[travaille], self.lot.personnes.salarie[sejour]]
        )
        unite, annee, _ = np.unique(cles, axis=1)
        return self._compter(unite, annee)

    def _sorties(self) -> dict[str, np.ndarray]:
        s = sorties_comptees(self.lot)
        examinees = s.examinees
        tables = {
            "sorties_constatees": self._par_sejour(s.annee, s.sortis),
            "retrait": self._par_sejour(s.annee, s.sortis & (s.classe == RETRAIT)),
            "examinees": self._par_sejour(s.annee, examinees),
            "motif_inconnu": self._par_sejour(s.annee, examinees & (s.classe == 0)),
        }
        for code, nom in DYNAMIQUES.items():
            tables[nom] = self._par_sejour(s.annee, examinees & (s.classe == code))
        return tables
