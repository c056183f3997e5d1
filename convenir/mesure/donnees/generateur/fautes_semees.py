"""Faults planted in a large delivery: rows added after the sound ones, each recorded with its file and its line.

A planted row never changes the sound world: what an importer must set aside bears identifiers of its own, what it may
accept counts nowhere. So the figures of `verite.csv` hold whatever the share of faults.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

import numpy as np
import pyarrow as pa

from convenir.mesure.donnees.generateur.ecriture import SEPARATEUR, FichierFluxIAE

QUARANTAINE, AVERTISSEMENT = "quarantaine", "avertissement"
PREMIER_ID_PLANTE = 900_000_001
INCONNU = 990_000_001
TEXTE_A_GUILLEMET = 'action dite "le coup de main (fictif)'
TEXTE_A_SAUT = "action sur deux lignes\n"
SIRET_FAUX = "00000001800000"


@dataclass(frozen=True)
class FauteSemee:
    """A planted fault: where it is and what an importer should make of it."""

    genre: str
    vue: str
    fichier: str
    ligne: int
    colonne: str
    valeur: str
    issue: str


@dataclass(frozen=True)
class Plan:
    """How to make one kind of fault in one view: which column, with what value."""

    genre: str
    colonne: str
    valeur: Callable[[str], str]
    issue: str = QUARANTAINE
    cle: str = ""
    """Key column that receives an identifier of its own; empty when the key must stay (identical row)."""
    copies: int = 1
    neutre: tuple[str, str] = ("", "")
    """Column and value that make an acceptable row count nowhere."""


def _toujours(valeur: str) -> Callable[[str], str]:
    return lambda _: valeur


def _negatif(valeur: str) -> str:
    return f"-{valeur if valeur.strip('0.') else '12'}"


def _autre(valeur: str) -> str:
    return str(int(valeur or 0) + 3)


_EMI, _CTR, _AF, _MIS, _FOR = (
    "emi_dsm_id",
    "contrat_id_ctr",
    "af_id_annexe_financiere",
    "mission_id_mis",
    "formation_id_for",
)
_ANNULE = ("af_etat_annexe_financiere_code", "ANNULE")
_ID = "structure_id_siae"
_AVERTIT = AVERTISSEMENT
_DESCRIPTION, _ADRESSE = "af_description_action", "structure_adresse_admin_cplt_adresse"
_ORPHELIN = _toujours(str(INCONNU))
PLANS: dict[str, tuple[Plan, ...]] = {
    "EtatMensuelIndiv": (
        Plan("mois_orphelin", "emi_afi_id", _ORPHELIN, cle=_EMI),
        Plan("heures_negatives", "emi_nb_heures_travail", _negatif, cle=_EMI),
        Plan("date_impossible", "emi_date_validation", _toujours("31/02/2025"), cle=_EMI),
        Plan("cle_en_double", "emi_nb_heures_travail", _autre, cle=_EMI, copies=2),
        Plan("ligne_en_double", "", str, AVERTISSEMENT),
    ),
    "ContratMission": (
        Plan("date_impossible", "contrat_date_embauche", _toujours("31/02/2025"), cle=_CTR),
        Plan("ligne_orpheline", "contrat_id_structure", _ORPHELIN, cle=_CTR),
        Plan("cle_en_double", "contrat_duree_contrat", _autre, cle=_CTR, copies=2),
        Plan("ligne_en_double", "", str, AVERTISSEMENT),
    ),
    "Salarie": (Plan("ligne_en_double", "", str, AVERTISSEMENT),),
    "Structure": (
        Plan("siret_invalide", "structure_siret_actualise", _toujours(SIRET_FAUX), cle=_ID),
        Plan("guillemet", "structure_denomination", _toujours('Assoc. "Le Relais (fictif)'), _AVERTIT, _ID),
        Plan("saut_de_ligne", _ADRESSE, _toujours("BATIMENT B\n"), _AVERTIT, _ID),
    ),
    "AnnexeFinanciere": (
        Plan("postes_negatifs", "af_etp_postes_insertion", _negatif, cle=_AF),
        Plan("ligne_orpheline", "af_id_structure", _ORPHELIN, cle=_AF),
        Plan("guillemet", _DESCRIPTION, _toujours(TEXTE_A_GUILLEMET), AVERTISSEMENT, _AF, neutre=_ANNULE),
        Plan("saut_de_ligne", _DESCRIPTION, _toujours(TEXTE_A_SAUT), AVERTISSEMENT, _AF, neutre=_ANNULE),
        Plan("ligne_en_double", "", str, AVERTISSEMENT),
    ),
    "Missions": (
        Plan("guillemet", "mission_descriptif", _toujours(TEXTE_A_GUILLEMET), AVERTISSEMENT, _MIS),
        Plan("ligne_orpheline", "mission_id_ctr", _ORPHELIN, cle=_MIS),
    ),
    "Formations": (
        Plan("heures_negatives", "formation_duree_heures", _negatif, cle=_FOR),
        Plan("ligne_orpheline", "formation_id_ctr", _ORPHELIN, cle=_FOR),
    ),
}  # fmt: skip


@dataclass
class Semeur:
    """Plants faults at a chosen rate and remembers them; its own draw leaves the sound rows untouched."""

    taux: float
    graine: int
    semees: list[FauteSemee] = field(default_factory=list)
    _vues: set[str] = field(default_factory=set)
    _cles: Iterator[int] = field(default_factory=lambda: count(PREMIER_ID_PLANTE))

    def __post_init__(self) -> None:
        """Start the draw."""
        self._rng = np.random.default_rng([self.graine, PREMIER_ID_PLANTE])

    def semer(self, fichier: FichierFluxIAE, lignes: pa.Array) -> None:
        """Plant faults after the sound rows `lignes`: about `taux` of their number.

        The first time a view is met, each kind is planted once at least.
        """
        if not self.taux or not len(lignes) or fichier.vue not in PLANS:
            return
        plans, rng = PLANS[fichier.vue], self._rng
        premiers = list(range(len(plans))) if fichier.vue not in self._vues else []
        self._vues.add(fichier.vue)
        voulus = max(int(rng.binomial(len(lignes), self.taux)), len(premiers))
        rangs = [*premiers, *rng.integers(0, len(plans), voulus - len(premiers)).tolist()]
        tirees = rng.choice(len(lignes), voulus, replace=voulus > len(lignes))
        sources = lignes.take(pa.array(tirees)).to_pylist()
        for rang, source in zip(rangs, sources, strict=True):
            self._planter(fichier, plans[rang], source.rstrip("\n").split(SEPARATEUR))

    def _planter(self, fichier: FichierFluxIAE, plan: Plan, champs: list[str]) -> None:
        noms = fichier.colonnes
        if plan.cle:
            champs[noms.index(plan.cle)] = str(next(self._cles))
        if plan.neutre[0]:
            champs[noms.index(plan.neutre[0])] = plan.neutre[1]
        for copie in range(plan.copies):
            if plan.colonne and (copie or plan.copies == 1):
                rang = noms.index(plan.colonne)
                champs[rang] = plan.valeur(champs[rang])
            valeur = champs[noms.index(plan.colonne)] if plan.colonne else ""
            self._noter(fichier, plan, valeur)
            texte = SEPARATEUR.join(champs) + "\n"
            fichier.ecrire_octets(texte.encode(), 1, texte.count("\n") - 1)

    def _noter(self, fichier: FichierFluxIAE, plan: Plan, valeur: str) -> None:
        self.semees.append(
            FauteSemee(
                plan.genre, fichier.vue, fichier.chemin.name, fichier.ligne_suivante, plan.colonne, valeur, plan.issue
            )
        )

    def noter_motifs(self, fichier: FichierFluxIAE, colonne: str, code: int, rangs: np.ndarray, premiere: int) -> None:
        """Remember the unknown exit reasons, which are part of the world and not rows of their own.

        Args:
            rangs: ranks of the rows among those just written.
            premiere: line of the first of them.
        """
        for rang in rangs.tolist():
            self.semees.append(
                FauteSemee(
                    "motif_inconnu",
                    fichier.vue,
                    fichier.chemin.name,
                    premiere + rang,
                    colonne,
                    str(code),
                    AVERTISSEMENT,
                )
            )
