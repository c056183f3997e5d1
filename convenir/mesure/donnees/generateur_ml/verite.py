"""What the files should give back: indicators added up from the invented world, not from the files.

The rules are the defaults of the decisions on missions locales; where a rule leaves a choice open, the world
avoids it: no contract near three or six months, nobody past 25.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from convenir.mesure.donnees.generateur.calendrier import mois_des_jours
from convenir.mesure.donnees.generateur_ml import situations as sit
from convenir.mesure.donnees.generateur_ml.actualites import INDIVIDUEL
from convenir.mesure.donnees.generateur_ml.dispositifs import CODES, COTRAITANCE
from convenir.mesure.donnees.generateur_ml.entreprises import MOTIFS
from convenir.mesure.donnees.generateur_ml.lot import Lot
from convenir.mesure.donnees.generateur_ml.marges import marges

ENTETE = ("niveau", "code_territoire", "indicateur", "ventilation", "modalite", "periode", "valeur")
Mesure = tuple[str, str, str, int]
"""Indicator, breakdown, value of it, year."""
Compte = dict[Mesure, dict[str, int]]
AUTRE = "AUTRE"


@dataclass
class Verite:
    """Totals of one département: by mission locale, for the whole, and the travellers that the whole counted."""

    region: str
    departement: str
    par_ml: Compte = field(default_factory=dict)
    ensemble: dict[Mesure, int] = field(default_factory=dict)
    voyageurs: dict[Mesure, frozenset[int]] = field(default_factory=dict)


class Compteur:
    """Counts events and distinct youths of a lot, by mission locale and year."""

    def __init__(self, lot: Lot) -> None:
        self.lot = lot
        self.annees = lot.fenetre.annees
        self.verite = Verite(lot.departement.region, lot.departement.code)
        self.noms = [m.ml_id for m in lot.missions]
        self.personnes, self.rang_personne = np.unique(lot.jeunes.personne, return_inverse=True)
        self.voyageur = np.zeros(len(self.personnes), bool)
        self.voyageur[self.rang_personne] = lot.jeunes.voyageur

    def evenements(
        self, code: str, ml: np.ndarray, annee: np.ndarray, *, modalite: str = "", haut: bool = True
    ) -> None:
        """Count events; `haut` tells whether the sum has a meaning above the mission locale."""
        for a in self.annees:
            self._noter(code, modalite, a, np.bincount(ml[annee == a], minlength=len(self.noms)), haut=haut)

    def distincts(self, code: str, jeune: np.ndarray, annee: np.ndarray, *, modalite: str = "") -> None:
        """Count distinct youths: by file in a mission locale, by person above."""
        j = self.lot.jeunes
        for a in self.annees:
            vus = np.zeros(len(j), bool)
            vus[jeune[annee == a]] = True
            personnes = np.zeros(len(self.personnes), bool)
            personnes[self.rang_personne[vus]] = True
            self._noter(code, modalite, a, np.bincount(j.ml[vus], minlength=len(self.noms)), int(personnes.sum()))
            mesure = (code, "dispositif" if modalite else "", modalite, a)
            self.verite.voyageurs[mesure] = frozenset(self.personnes[personnes & self.voyageur].tolist())

    def _noter(
        self,
        code: str,
        modalite: str,
        annee: int,
        comptes: np.ndarray,
        ensemble: int | None = None,
        *,
        haut: bool = True,
    ) -> None:
        mesure = (code, "dispositif" if modalite else "", modalite, annee)
        self.verite.par_ml[mesure] = dict(zip(self.noms, comptes.tolist(), strict=True))
        if haut:
            self.verite.ensemble[mesure] = int(comptes.sum()) if ensemble is None else ensemble


def verite(lot: Lot) -> Verite:
    """Add up a lot."""
    c = Compteur(lot)
    _activite(c)
    _dispositifs(c)
    _axe_3(c)
    _situations(c)
    return c.verite


def _annee(jours: np.ndarray) -> np.ndarray:
    return np.asarray(mois_des_jours(jours) // 12)


def _activite(c: Compteur) -> None:
    a, p, ml = c.lot.actualites, c.lot.propositions, c.lot.jeunes.ml
    annee = _annee(a.jour)
    c.distincts("ACT01", a.jeune, annee)
    c.distincts("ACT02", a.jeune[a.entretien], annee[a.entretien])
    premiers, annees = _premiers_entretiens(c.lot)
    c.evenements("ACT02a", ml[premiers], annees)
    individuels = a.type == INDIVIDUEL
    c.evenements("ACT06", ml[a.jeune[individuels]], annee[individuels])
    for rang, code in enumerate(("ACT08", "ACT09", "ACT10")):
        siennes = p.actualite[p.domaine == rang]
        c.distincts(code, a.jeune[siennes], annee[siennes])


def _premiers_entretiens(lot: Lot) -> tuple[np.ndarray, np.ndarray]:
    """Youths who ever had an interview at this mission locale, and the year of the first."""
    a = lot.actualites
    premier = np.full(len(lot.jeunes), np.iinfo(np.int64).max)
    np.minimum.at(premier, a.jeune[a.entretien], a.jour[a.entretien].astype(np.int64))
    recus = np.flatnonzero(premier < np.iinfo(np.int64).max)
    return recus, _annee(premier[recus])


def _comptes_en_entree(lot: Lot) -> np.ndarray:
    """Entries that count: the cotraitance when it can be financed, another programme when its support is counted."""
    p = lot.parcours
    appui = np.array([not code.startswith(AUTRE) or bool(r.get("type_appui")) for code, r in _regles()])
    return np.asarray(appui[p.dispositif] & ((p.dispositif != COTRAITANCE) | p.financable))


def _regles() -> Iterator[tuple[str, dict[str, object]]]:
    yield from marges()["dispositifs"].items()


def _familles() -> dict[str, np.ndarray]:
    """Programmes by the name they are counted under; CIVIS holds the reinforced one."""
    familles: dict[str, list[int]] = defaultdict(list)
    for rang, code in enumerate(CODES):
        familles[AUTRE if code.startswith(AUTRE) else code].append(rang)
    return {nom: np.array(rangs) for nom, rangs in familles.items()}


def _dispositifs(c: Compteur) -> None:
    p, j, s = c.lot.parcours, c.lot.jeunes, c.lot.situations
    entree, sortie = _annee(p.entree), np.where(p.sorti, _annee(np.where(p.sorti, p.sortie, 0)), 0)
    compte = _comptes_en_entree(c.lot)
    c.distincts("ACT05", p.jeune[compte], entree[compte])
    categorie = np.where(s.de_parcours >= 0, s.categorie[s.de_parcours], -1) if len(s) else np.full(len(p), -1)
    durable = (s.de_parcours >= 0) & s.durable[s.de_parcours] if len(s) else np.zeros(len(p), bool)
    exits = {
        "RES03": p.sorti,
        "RES03b": p.sorti & ((categorie == sit.EMPLOI) | (categorie == sit.ALTERNANCE)),
        "RES03b4": p.sorti & durable,
        "RES03b6": p.sorti & (categorie == sit.ALTERNANCE),
        "RES03c": p.sorti & (categorie == sit.FORMATION),
    }
    for nom, rangs in _familles().items():
        siens = np.isin(p.dispositif, rangs)
        entres = siens & compte
        c.evenements("ACT03", j.ml[p.jeune[entres]], entree[entres], modalite=nom)
        c.distincts("ACT04", p.jeune[entres], entree[entres], modalite=nom)
        if nom not in (AUTRE, "COTRAITANCE"):
            for code, masque in exits.items():
                c.distincts(code, p.jeune[siens & masque], sortie[siens & masque], modalite=nom)


def _axe_3(c: Compteur) -> None:
    x, ml = c.lot.axe_3, c.lot.jeunes.ml
    m, k, q = x.mises_en_relation, x.contacts, x.periodes
    c.evenements("ENT01", ml[m.jeune], _annee(m.jour))
    c.distincts("ENT02", m.jeune, _annee(m.jour))
    utiles = k.motif != list(MOTIFS).index("autre")
    c.evenements("ENT03", k.ml[utiles], _annee(k.jour[utiles]), haut=False)
    visites = utiles & k.visite
    c.evenements("ENT03a", k.ml[visites], _annee(k.jour[visites]), haut=False)
    faites = ~q.annulee
    c.evenements("ENT07", ml[q.jeune[faites]], _annee(q.debut[faites]))


def _situations(c: Compteur) -> None:
    s, ml = c.lot.situations, c.lot.jeunes.ml
    annee = _annee(s.debut)
    en_emploi = (s.categorie == sit.EMPLOI) | (s.categorie == sit.ALTERNANCE)
    masques = {
        "": en_emploi | (s.categorie == sit.FORMATION), "a": s.categorie == sit.FORMATION, "b": en_emploi,
        "b1": en_emploi & s.durable, "b2": s.categorie == sit.ALTERNANCE,
    }  # fmt: skip
    for suffixe, masque in masques.items():
        c.distincts(f"RES01{suffixe}", s.jeune[masque], annee[masque])
        c.evenements(f"RES02{suffixe}", ml[s.jeune[masque]], annee[masque])


class Recapitulatif:
    """Brings the départements together: a person known in two of them counts once in their region and in France."""

    def __init__(self) -> None:
        self.verites: list[Verite] = []

    def ajouter(self, v: Verite) -> None:
        """Take the totals of one département."""
        self.verites.append(v)

    def ecrire(self, chemin: Path) -> int:
        """Write every total, by level; returns the number of rows."""
        lignes = sorted([*self._ml(), *self._hauts()])
        with chemin.open("w", encoding="utf-8", newline="") as fichier:
            ecrivain = csv.writer(fichier, lineterminator="\n")
            ecrivain.writerow(ENTETE)
            ecrivain.writerows(lignes)
        return len(lignes)

    def _ml(self) -> Iterator[tuple[str, ...]]:
        for v in self.verites:
            for mesure, comptes in v.par_ml.items():
                for ml, compte in comptes.items():
                    yield _ligne("ml", ml, mesure, compte)

    def _hauts(self) -> Iterator[tuple[str, ...]]:
        groupes: dict[tuple[str, str], list[Verite]] = defaultdict(list)
        for v in self.verites:
            groupes["departement", v.departement].append(v)
            groupes["region", v.region].append(v)
            groupes["france", "FR"].append(v)
        for (niveau, code), dedans in groupes.items():
            for mesure in dedans[0].ensemble:
                yield _ligne(niveau, code, mesure, _sans_double_compte(dedans, mesure))


def _sans_double_compte(verites: list[Verite], mesure: Mesure) -> int:
    voyageurs = [v.voyageurs.get(mesure, frozenset()) for v in verites]
    distincts = len(frozenset().union(*voyageurs))
    return sum(v.ensemble[mesure] for v in verites) - (sum(map(len, voyageurs)) - distincts)


def _ligne(niveau: str, code: str, mesure: Mesure, valeur: int) -> tuple[str, ...]:
    indicateur, ventilation, modalite, annee = mesure
    return niveau, code, indicateur, ventilation, modalite, str(annee), str(valeur)
