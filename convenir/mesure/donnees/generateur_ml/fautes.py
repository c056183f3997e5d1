"""Faults planted in the tables: rows added after the sound ones, each recorded, which count in no indicator.

What an importer must set aside bears an identifier of its own; what it may accept lies outside every period counted.
So the totals of `verite.csv` hold once rows marked « quarantaine » are set aside and identical rows are counted once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import numpy as np
import pyarrow as pa

QUARANTAINE, AVERTISSEMENT = "quarantaine", "avertissement"
PREMIER_IDENTIFIANT = 900_000_000_001
INCONNU = "0"
JAMAIS = date(2199, 1, 1)
ANCIEN = (date(2001, 1, 8), date(2001, 6, 29))
TROP_AGE = date(1970, 1, 1)
SIRET_FAUX = "00000001800000"
Ligne = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How to make one kind of fault: the columns changed, in each copy but the first when there are several."""

    genre: str
    colonne: str
    change: Callable[[Ligne], Mapping[str, Any]]
    issue: str = QUARANTAINE
    cle: str = ""
    """Column that receives an identifier of its own; empty when the key must stay."""
    copies: int = 1
    commun: Mapping[str, Any] = field(default_factory=dict)
    """Values given to every copy."""
    cle_par_copie: bool = False


def _valeur(**valeurs: Any) -> Callable[[Ligne], Mapping[str, Any]]:
    return lambda _: valeurs


def _avant(debut: str, fin: str) -> Callable[[Ligne], Mapping[str, Any]]:
    return lambda ligne: {fin: ligne[debut] - timedelta(days=10)}


_ANCIENNE = {"date_debut": ANCIEN[0], "date_fin": ANCIEN[1], "date_fin_prevue": None}
_ANCIEN = {"date_entree": ANCIEN[0], "date_sortie": ANCIEN[1], "situation_sortie_id": None}
PLANS: dict[str, tuple[Plan, ...]] = {
    "jeune": (
        Plan("cle_en_double", "rqth", lambda x: {"rqth": not x["rqth"]}, cle="jeune_id", copies=2),
        Plan("age_hors_bornes", "naissance_mois", _valeur(naissance_mois=TROP_AGE), AVERTISSEMENT, "jeune_id"),
    ),
    "jeune_etat": (Plan("jeune_inconnu", "jeune_id", _valeur(jeune_id=INCONNU)),),
    "actualite": (
        Plan("ligne_en_double", "", _valeur(), AVERTISSEMENT),
        Plan("cle_en_double", "type", _valeur(type="autre", date_evt=ANCIEN[0]), cle="actualite_id", copies=2),
        Plan("jeune_inconnu", "jeune_id", _valeur(jeune_id=INCONNU), cle="actualite_id"),
        Plan("date_impossible", "date_evt", _valeur(date_evt=JAMAIS), cle="actualite_id"),
    ),
    "proposition": (
        Plan("ligne_en_double", "", _valeur(), AVERTISSEMENT),
        Plan("actualite_inconnue", "actualite_id", _valeur(actualite_id=INCONNU), cle="proposition_id"),
        Plan("code_inconnu", "domaine", _valeur(domaine="inconnu"), cle="proposition_id"),
    ),
    "parcours": (
        Plan("sortie_avant_entree", "date_sortie", _avant("date_entree", "date_sortie"), cle="parcours_id"),
        Plan("chevauchement", "date_entree", _valeur(date_entree=ANCIEN[0] + timedelta(days=20)), AVERTISSEMENT,
             "parcours_id", 2, _ANCIEN, cle_par_copie=True),
    ),
    "situation": (
        Plan("fin_avant_debut", "date_fin", _avant("date_debut", "date_fin"), cle="situation_id"),
        Plan("siret_invalide", "siret", _valeur(siret=SIRET_FAUX), cle="situation_id"),
        Plan("chevauchement", "date_debut", _valeur(date_debut=ANCIEN[0] + timedelta(days=20)), AVERTISSEMENT,
             "situation_id", 2, _ANCIENNE, cle_par_copie=True),
    ),
    "mise_en_relation": (Plan("offre_inconnue", "offre_id", _valeur(offre_id=INCONNU), cle="mer_id"),),
    "contact_entreprise": (
        Plan("entreprise_inconnue", "entreprise_id", _valeur(entreprise_id=INCONNU), cle="contact_id"),
    ),
    "periode_entreprise": (
        Plan("fin_avant_debut", "date_fin", _avant("date_debut", "date_fin"), cle="periode_id"),
    ),
    "parrainage": (Plan("parrain_inconnu", "parrain_id", _valeur(parrain_id=INCONNU), cle="parrainage_id"),),
}  # fmt: skip


@dataclass
class Semeur:
    """Plants faults at a chosen rate and remembers them."""

    taux: float
    lignes: list[dict[str, str]] = field(default_factory=list)
    degradations: list[dict[str, str | int]] = field(default_factory=list)
    _tables: set[str] = field(default_factory=set)
    _cles: count[int] = field(default_factory=lambda: count(PREMIER_IDENTIFIANT))

    def semer(self, rng: np.random.Generator, table: str, saines: pa.Table, cle: tuple[str, ...]) -> pa.Table:
        """Return the rows to add after the sound ones: about `taux` of their number, each kind once at least."""
        plans = PLANS.get(table, ())
        if not self.taux or not len(saines) or not plans:
            return saines.slice(0, 0)
        premiers = list(range(len(plans))) if table not in self._tables else []
        self._tables.add(table)
        voulus = max(int(rng.binomial(len(saines), self.taux)), len(premiers))
        rangs = [*premiers, *rng.integers(0, len(plans), voulus - len(premiers)).tolist()]
        sources = saines.take(pa.array(rng.integers(0, len(saines), voulus))).to_pylist()
        ajoutees = [
            ligne for rang, source in zip(rangs, sources, strict=True)
            for ligne in self._planter(table, plans[rang], source, cle)
        ]  # fmt: skip
        return pa.Table.from_pylist(ajoutees, schema=saines.schema)

    def _planter(self, table: str, plan: Plan, source: Ligne, cle: tuple[str, ...]) -> list[Ligne]:
        """Make the rows of one fault."""
        if plan.cle:
            source = {**source, plan.cle: str(next(self._cles))}
        lignes = []
        for copie in range(plan.copies):
            ligne = {**source, **plan.commun}
            if plan.cle_par_copie and copie:
                ligne[plan.cle] = str(next(self._cles))
            if copie or plan.copies == 1:
                ligne |= plan.change(ligne)
            self.noter(
                plan.genre, table, {nom: ligne[nom] for nom in cle}, plan.colonne, ligne.get(plan.colonne), plan.issue
            )
            lignes.append(ligne)
        return lignes

    def noter(self, genre: str, table: str, cle: Ligne, colonne: str, valeur: object, issue: str) -> None:
        """Remember a planted row by its key."""
        self.lignes.append(
            {"genre": genre, "table": table, "cle": " ".join(str(v) for v in cle.values()), "colonne": colonne,
             "valeur": "" if valeur is None else str(valeur), "issue": issue}
        )  # fmt: skip

    def degrader(self, genre: str, table: str, missions: list[str], ml: np.ndarray) -> None:
        """Remember, by mission locale, sound rows whose entry is poor: part of the world and of its totals."""
        comptes = np.bincount(ml, minlength=len(missions)).tolist()
        self.degradations += [
            {"genre": genre, "table": table, "ml_id": nom, "nombre": compte}
            for nom, compte in zip(missions, comptes, strict=True)
            if compte
        ]

    @property
    def compte(self) -> dict[str, int]:
        """Number of planted rows of each kind."""
        return dict(sorted(Counter(ligne["genre"] for ligne in self.lignes).items()))
