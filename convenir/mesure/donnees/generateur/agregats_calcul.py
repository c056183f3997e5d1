"""Totals by annexe of an invented département, for the sources that never show a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from convenir.mesure.donnees.generateur.annexes import Annexe
from convenir.mesure.donnees.generateur.calendrier import mois_des_jours
from convenir.mesure.donnees.generateur.lot import Lot
from convenir.mesure.donnees.generateur.referentiels import NIVEAUX
from convenir.mesure.donnees.generateur.sorties_comptees import DYNAMIQUES, sorties_comptees

CAP_BEP, INFRA_CAP, NON_CERTIFIANTE = ("50", "51"), ("01", "60", "70"), ("00",)


@dataclass(frozen=True)
class TotauxAnnexe:
    """An annexe with its hours by month and its counts; keys of `comptes` are those of `agregats.yaml`."""

    annexe: Annexe
    heures: dict[tuple[int, int], int]
    personnes: dict[tuple[int, int], int]
    comptes: dict[str, int]

    @property
    def etp_realises(self) -> Decimal:
        """Annual ETP done under the annexe."""
        return Decimal(sum(self.heures.values())) / self.annexe.heures.valeur


def totaux_par_annexe(lot: Lot) -> Iterator[TotauxAnnexe]:
    """Add up each annexe of a lot."""
    if not lot.annexes:
        return
    rangs = _rangs_des_annexes(lot)
    heures, personnes = _par_mois(lot, rangs)
    comptes = _publics(lot, rangs) | _sorties(lot, rangs)
    for rang, annexe in enumerate(lot.annexes):
        mois = [colonne for colonne in range(len(lot.mois)) if personnes[rang, colonne]]
        cles = {colonne: (int(lot.mois[colonne]) // 12, int(lot.mois[colonne]) % 12 + 1) for colonne in mois}
        yield TotauxAnnexe(
            annexe,
            {cles[colonne]: int(heures[rang, colonne]) for colonne in mois},
            {cles[colonne]: int(personnes[rang, colonne]) for colonne in mois},
            {nom: int(valeurs[rang]) for nom, valeurs in comptes.items()},
        )


def _rangs_des_annexes(lot: Lot) -> np.ndarray:
    """Rank of the annexe of each unit and month, -1 when there is none."""
    ids = np.array([a.id_annexe for a in lot.annexes])
    rangs = np.searchsorted(ids, lot.ids_annexes)
    return np.where(lot.ids_annexes > 0, np.minimum(rangs, len(ids) - 1), -1)


def _lignes(lot: Lot, rangs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Annexe, month, stay and hours of the monthly rows that count, those replaced left out."""
    m = lot.mensuel
    gardees = ~m.remplacee
    sejour = lot.contrats.sejour[m.contrat[gardees]]
    colonne = m.colonne[gardees]
    return rangs[lot.sejours.unite[sejour], colonne], colonne, sejour, m.heures[gardees]


def _par_mois(lot: Lot, rangs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hours, and distinct people, of each annexe and month."""
    annexe, colonne, sejour, valeurs = _lignes(lot, rangs)
    forme = (len(lot.annexes), len(lot.mois))
    case = annexe * forme[1] + colonne
    heures = np.bincount(case, valeurs, forme[0] * forme[1]).reshape(forme)
    distincts = np.unique(np.stack([case, lot.personnes.salarie[sejour]]), axis=1)[0]
    return heures, np.bincount(distincts, minlength=forme[0] * forme[1]).reshape(forme)


def _publics(lot: Lot, rangs: np.ndarray) -> dict[str, np.ndarray]:
    """Distinct people with at least an hour under each annexe, by mark."""
    annexe, _, sejour, heures = _lignes(lot, rangs)
    travaille = heures > 0
    cles = np.stack([annexe[travaille], lot.personnes.salarie[sejour[travaille]]])
    (annexe_de, _), premiers = np.unique(cles, axis=1, return_index=True)
    qui = sejour[travaille][premiers]
    annees = np.array([a.debut.year for a in lot.annexes])[annexe_de]
    p = lot.personnes
    age = annees - mois_des_jours(p.naissance[qui]) // 12
    niveau = np.array(NIVEAUX)[p.niveau[qui]]
    marques = {
        "salaries": np.ones(len(qui), bool),
        "hommes": p.sexe[qui] == 1,
        "femmes": p.sexe[qui] == 2,
        "rsa": p.rsa[qui] > 0,
        "ass": p.ass[qui],
        "aah": p.aah[qui],
        "rqth": p.rqth[qui],
        "zrr": p.zrr[qui],
        "qpv": p.qpv[qui],
        "moins_26": age < 26,
        "plus_50": age >= 50,
        "inscrits_12_23": p.inscription[qui] == 3,
        "inscrits_24": p.inscription[qui] == 4,
        "cap_bep": np.isin(niveau, CAP_BEP),
        "non_certifiante": np.isin(niveau, NON_CERTIFIANTE),
        "infra_cap": np.isin(niveau, INFRA_CAP),
    }
    return {nom: np.bincount(annexe_de[marque], minlength=len(lot.annexes)) for nom, marque in marques.items()}


def _sorties(lot: Lot, rangs: np.ndarray) -> dict[str, np.ndarray]:
    """Exits that count, by class, under the annexe of the month of the exit."""
    s = sorties_comptees(lot)
    colonne = s.mois - int(lot.mois[0])
    dans = s.examinees & (colonne >= 0) & (colonne < len(lot.mois))
    annexe = np.full(len(dans), -1)
    annexe[dans] = rangs[lot.sejours.unite[dans], colonne[dans]]
    dans &= annexe >= 0
    comptes = {"examinees": np.bincount(annexe[dans], minlength=len(lot.annexes))}
    for code, nom in DYNAMIQUES.items():
        comptes[nom] = np.bincount(annexe[dans & (s.classe == code)], minlength=len(lot.annexes))
    return comptes
