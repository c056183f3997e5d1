"""The printed columns of a calculation: every (breakdown, modality, period), numbered in the order of the CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import duckdb

from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl, periodes
from convenir.mesure.indicateurs.releves_ml.comptage import modalites_de
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.releves_ml.lecture import table

COMPTES = ("personnes", "stock", "evenements")
# Places of a row of counts: months, quarters, months since January (the last closed is the year), modalities by rank.
TRIMESTRES, CUMULS, MODALITES = 12, 16, 28
Case = tuple[str, str, str]


class Cases:
    """Numbers of the cases of every year, and of the indicators; in byte order, as the CSV is sorted."""

    def __init__(self, annees: Iterable[AnneeMl], catalogues: Mapping[int, CatalogueMl], sites: Iterable[str]) -> None:
        lues: set[Case] = set()
        for annee in annees:
            ventilations = catalogues[annee.annee].ventilations.values()
            lues |= {("", "", p.code) for p in periodes(annee)}
            lues |= {(v.code, m.code, p) for v in ventilations for m in v.modalites for p in dernieres(annee)}
            lues |= {("site", site, str(annee.annee)) for site in sites}
        self.numeros = {case: n for n, case in enumerate(sorted(lues))}
        codes = sorted({code for cat in catalogues.values() for code in cat.indicateurs})
        self.rangs = {code: n for n, code in enumerate(codes)}

    def preparer(self, base: duckdb.DuckDBPyConnection) -> None:
        """Make `cases`."""
        colonnes = {"c": "INTEGER", "ventilation": "VARCHAR", "modalite": "VARCHAR", "periode": "VARCHAR"}
        table(base, "cases", colonnes, ((n, *case) for case, n in self.numeros.items()))


def dernieres(annee: AnneeMl) -> tuple[str, str]:
    """Periods of the breakdowns: the year, and the last day for a stock."""
    return str(annee.annee), annee.fin.isoformat()


def places(cat: CatalogueMl, i: IndicateurMl, annee: AnneeMl) -> Iterator[tuple[Case, int]]:
    """Yield the cases of a counted indicator with their place."""
    for p in periodes(annee):
        if p.genre in i.periodes:
            yield ("", "", p.code), _place(p.genre, p.masque)
    derniere = dernieres(annee)[i.genre == "stock"]
    for v in i.ventilations:
        for m in modalites_de(cat, i, v):
            yield (v, m.code, derniere), MODALITES + m.rang


def _place(genre: str, masque: int) -> int:
    """Place of a period: its first month, its quarter, or its last month since January."""
    if genre in ("annee", "cumul"):
        return CUMULS + masque.bit_length() - 1
    premier = (masque & -masque).bit_length() - 1
    return TRIMESTRES + premier // 3 if genre == "trimestre" else premier
