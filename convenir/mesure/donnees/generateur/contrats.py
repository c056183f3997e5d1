"""Contracts of the stays, end to end: renewals of four to six months, or many short ones in AI and ETTI."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import AUCUN, ajouter_mois
from convenir.mesure.donnees.generateur.sejours import AU_MOIS, Sejours

JOURS_PAR_CONTRAT = np.array([0, 0, 56, 27, 365])  # by category; EI and ACI count in months
ANCIENNETE_COURTS = 200  # days before the delivery: older short contracts are not told


@dataclass
class Contrats:
    """Parallel arrays, one cell for each contract, ordered by stay then by rank."""

    sejour: np.ndarray
    rang: np.ndarray
    debut: np.ndarray
    fin: np.ndarray
    """Planned last day."""
    fin_reelle: np.ndarray
    """Last day present: the exit when the stay is broken within this contract."""
    dernier: np.ndarray
    """True for the contract in which the stay ended."""

    def __len__(self) -> int:
        return len(self.sejour)


def tirer_contrats(rng: np.random.Generator, s: Sejours, premier_jour: int, dernier_jour: int) -> Contrats:
    """Cut each stay into contracts.

    Args:
        premier_jour: first day of the delivery; the short contracts that ended long before are left out.
        dernier_jour: last day known; the contracts that begin later are left out.
    """
    nombre = _nombre(rng, s)
    sejour = np.repeat(np.arange(len(s)), nombre)
    rang = np.arange(len(sejour)) - np.repeat(np.cumsum(nombre) - nombre, nombre)
    au_mois = AU_MOIS[s.categorie][sejour]
    debut = np.where(au_mois, _borne_mois(s, sejour, rang), _borne_jours(rng, s, sejour, rang, nombre))
    suivant = np.append(debut[1:], 0)
    final = np.append(sejour[1:] != sejour[:-1], True) if len(sejour) else np.zeros(0, dtype=bool)
    terme = np.where(au_mois, s.fin_prevue[sejour], s.dernier_jour[sejour])
    fin = np.where(final, np.maximum(terme, debut), suivant - 1)
    sortie = s.sortie[sejour]
    ferme = sortie != AUCUN
    fin_reelle = np.where(ferme, np.minimum(fin, sortie), fin)
    c = Contrats(sejour, rang, debut, fin, fin_reelle, ferme & (debut <= sortie) & (fin >= sortie))
    connus = (
        (debut <= dernier_jour)
        & (~ferme | (debut <= sortie))
        & (au_mois | (fin >= premier_jour - ANCIENNETE_COURTS) | c.dernier)
    )
    return Contrats(**{nom: valeur[connus] for nom, valeur in vars(c).items()})


def _nombre(rng: np.random.Generator, s: Sejours) -> np.ndarray:
    """Number of contracts of each stay."""
    jours = s.dernier_jour - s.debut + 1
    moyenne = np.maximum(JOURS_PAR_CONTRAT[s.categorie], 1)
    courts = np.ceil(jours / moyenne * rng.uniform(0.6, 1.4, len(s))).astype(np.int64)
    nombre: np.ndarray = np.where(AU_MOIS[s.categorie], (s.durees > 0).sum(axis=1), np.clip(courts, 1, jours))
    return nombre


def _borne_mois(s: Sejours, sejour: np.ndarray, rang: np.ndarray) -> np.ndarray:
    """First day of a contract counted in months: months of the former ones after the entry."""
    avant = np.cumsum(s.durees, axis=1) - s.durees
    return ajouter_mois(s.debut[sejour], avant[sejour, np.minimum(rang, avant.shape[1] - 1)])


def _borne_jours(
    rng: np.random.Generator, s: Sejours, sejour: np.ndarray, rang: np.ndarray, nombre: np.ndarray
) -> np.ndarray:
    """First day of a short contract: equal parts of the stay, moved by up to a third of a part."""
    jours = (s.dernier_jour - s.debut + 1)[sejour]
    part = jours / nombre[sejour]
    bouge = np.where(rang > 0, rng.uniform(-0.33, 0.33, len(rang)), 0.0)
    return s.debut[sejour] + np.floor((rang + bouge) * part).astype(np.int64)
