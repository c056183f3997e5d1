"""From the sums of the engine, a few thousand rows, to counts at every level: exact integers in arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from convenir.mesure.indicateurs.compilateur.compteurs import extraire_tous
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl
from convenir.mesure.indicateurs.releves_ml.cases import CUMULS, MODALITES, TRIMESTRES, Case, Cases, places
from convenir.mesure.indicateurs.releves_ml.comptage import DECALAGE, Comptage, Lecture
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl

Entiers = npt.NDArray[np.int64]
Places = list[tuple[Case, int]]


class Comptes:
    """Counts of a year: per indicator, one row per territory and one column per place (`cases.places`)."""

    def __init__(self, base: duckdb.DuckDBPyConnection, cat: CatalogueMl) -> None:
        self.base, self.cat = base, cat
        territoires = base.execute("SELECT t, niveau FROM territoires ORDER BY t").fetchall()
        self.niveaux = np.array(["", *(niveau for _, niveau in territoires)])
        montee = base.execute("SELECT source, t FROM montee ORDER BY ALL").fetchnumpy()
        self.sources, self.cibles = montee["source"], montee["t"]
        self.largeur = MODALITES + sum(len(v.modalites) for v in cat.ventilations.values())
        self.par_code: dict[str, Entiers] = {}

    def zeros(self, colonnes: int) -> Entiers:
        """Return an empty count of every territory."""
        return np.zeros((len(self.niveaux), colonnes), dtype=np.int64)

    def monter(self, t: Entiers, valeurs: Entiers, montent: npt.NDArray[np.bool_]) -> Entiers:
        """Add up rows by territory; those that `montent` are added to the levels above too."""
        resultat, bas = self.zeros(valeurs.shape[1]), self.zeros(valeurs.shape[1])
        np.add.at(resultat, t, valeurs)
        np.add.at(bas, t[montent], valeurs[montent])
        np.add.at(resultat, self.cibles, bas[self.sources])
        return resultat

    def personnes(self, comptage: Comptage, sommes: str) -> None:
        """Add what a relation of persons counted; above the mission locale, those who are known in it alone."""
        lues = self.base.execute(f"SELECT * FROM {sommes} WHERE t IS NOT NULL").fetchnumpy()
        t, seuls = _colonne(lues, "t"), _colonne(lues, "seul") == 1
        mots = np.stack([_colonne(lues, f"w{n}") for n in range(comptage.mots)], axis=1)
        compteurs = extraire_tous(mots)
        distincts, sommees = (self.monter(t, compteurs, m) for m in (seuls, np.ones_like(seuls)))
        for lecture in comptage.lectures:
            niveaux = sommees if lecture.indicateur.somme else distincts
            self._ranger(lecture, niveaux[:, list(lecture.mois)], niveaux[:, list(lecture.trimestres)],
                         niveaux[:, list(lecture.premiers)],
                         {rang: niveaux[:, n] for rang, n in lecture.modalites.items()})  # fmt: skip

    def evenements(self, comptage: Comptage, sommes: str) -> None:
        """Add the sums of events of a relation, by month then by combination of modalities."""
        noms = ", ".join(f"s{x.i}" for x in comptage.lectures)
        mois = self.base.execute(
            f"SELECT t, mois, {noms} FROM {sommes} WHERE t IS NOT NULL AND mois IS NOT NULL"
        ).fetchnumpy()
        bits = self.base.execute(
            f"SELECT t, bits, {noms} FROM {sommes} WHERE t IS NOT NULL AND bits IS NOT NULL"
        ).fetchnumpy()
        for lecture in comptage.lectures:
            nom = f"s{lecture.i}"
            par_mois = np.zeros((len(mois["t"]), DECALAGE), dtype=np.int64)
            par_mois[np.arange(len(par_mois)), _colonne(mois, "mois")] = _colonne(mois, nom)
            montees = self._tout(_colonne(mois, "t"), par_mois)
            trimestres = montees.reshape(-1, 4, 3).sum(axis=2)
            rangs = list(lecture.modalites)
            presents = (_colonne(bits, "bits")[:, None] >> np.array(rangs, dtype=np.int64)) & 1
            modalites = self._tout(_colonne(bits, "t"), presents * _colonne(bits, nom)[:, None])
            self._ranger(lecture, montees, trimestres, montees, {r: modalites[:, n] for n, r in enumerate(rangs)})

    def _tout(self, t: Entiers, valeurs: Entiers) -> Entiers:
        return self.monter(t, valeurs, np.ones(len(t), dtype=bool))

    def _ranger(
        self, lecture: Lecture, mois: Entiers, trimestres: Entiers, premiers: Entiers, modalites: dict[int, Entiers]
    ) -> None:
        n = self.par_code[lecture.indicateur.code] = self.zeros(self.largeur)
        n[:, : mois.shape[1]] = mois
        n[:, TRIMESTRES : TRIMESTRES + trimestres.shape[1]] = trimestres
        n[:, CUMULS : CUMULS + premiers.shape[1]] = premiers.cumsum(axis=1)
        for rang, valeurs in modalites.items():
            n[:, MODALITES + rang] = valeurs

    def deposer(self, annee: AnneeMl, cases: Cases) -> None:
        """Leave in `base`: `comptes` (t, i, c, n), with its zeros, and `annuels` (t, i, n)."""
        self._table("comptes", ("t INTEGER", "i SMALLINT", "c INTEGER", "n BIGINT"), self._lignes(annee, cases))
        an = CUMULS + annee.mois - 1
        annuels = [(np.arange(len(n)), np.full(len(n), cases.rangs[c]), n[:, an]) for c, n in self.par_code.items()]
        self._table("annuels", ("t INTEGER", "i SMALLINT", "n BIGINT"), annuels)

    def _lignes(self, annee: AnneeMl, cases: Cases) -> Iterator[tuple[Entiers, ...]]:
        for i in self.cat.indicateurs.values():
            n, lues = self.par_code.get(i.code), list(places(self.cat, i, annee))
            if n is None or not lues:
                continue
            for t, voulues in self._portee(i, lues):
                c = np.array([cases.numeros[case] for case, _ in voulues], dtype=np.int64)
                valeurs = n[t][:, [place for _, place in voulues]]
                rang = np.full(valeurs.size, cases.rangs[i.code])
                yield np.repeat(t, len(c)), rang, np.tile(c, len(t)), valeurs.ravel()

    def _portee(self, i: IndicateurMl, lues: Places) -> Iterator[tuple[Entiers, Places]]:
        """Yield territories with their cases: a site has no breakdown."""
        hauts = [n for n in i.niveaux if n != "site"]
        yield np.flatnonzero(np.isin(self.niveaux, hauts)), lues
        if "site" in i.niveaux:
            yield np.flatnonzero(self.niveaux == "site"), [lu for lu in lues if not lu[0][0]]

    def _table(self, nom: str, declarees: tuple[str, ...], lots: Iterable[tuple[Entiers, ...]]) -> None:
        """Make a table of `base` from lots of columns."""
        colonnes = [np.concatenate(x) for x in zip(*lots, strict=True)] or [np.zeros(0, np.int64)] * len(declarees)
        noms = [d.split()[0] for d in declarees]
        self.base.register("_depot", pa.table(dict(zip(noms, colonnes, strict=True))))
        self.base.execute(f"CREATE OR REPLACE TEMP TABLE {nom} ({', '.join(declarees)})")
        self.base.execute(f"INSERT INTO {nom} SELECT * FROM _depot")
        self.base.unregister("_depot")


def _colonne(lues: dict[str, Entiers], nom: str) -> Entiers:
    """Return a column, zero where it is NULL."""
    return np.ma.filled(lues[nom], 0)
