# ruff: noqa: E501 - a SQL clause stays on its line
"""What every relation of a year is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from convenir.mesure.base_fermee import texte
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl
from convenir.mesure.indicateurs.releves_ml.etats import TOUJOURS, masque_des_fins, rang_du_mois, segment
from convenir.mesure.indicateurs.releves_ml.lecture import Tables
from convenir.mesure.indicateurs.releves_ml.regles import Regles


@dataclass
class Contexte:
    """The records, the year, the parameters, the catalogue, the bounds of segments, and what is already made."""

    tables: Tables
    annee: AnneeMl
    regles: Regles
    cat: CatalogueMl
    bornes: int
    faites: set[Callable[[Contexte], None]] = field(default_factory=set)

    @property
    def d0(self) -> str:
        """SQL of the first day."""
        return f"DATE '{self.annee.debut}'"

    @property
    def d1(self) -> str:
        """SQL of the last closed day."""
        return f"DATE '{self.annee.fin}'"

    def une_fois(self, fabrique: Callable[[Contexte], None]) -> None:
        """Make what several relations share."""
        if fabrique not in self.faites:
            self.faites.add(fabrique)
            fabrique(self)

    def mots(self, code: str) -> str:
        """SQL of the list of codes that a parameter holds."""
        return liste(self.regles.mots(code))

    def rang(self, jour: str) -> str:
        """SQL of the rank of the month of a day."""
        return rang_du_mois(jour, self.annee)

    def ouverte(self, debut: str, fin: str) -> str:
        """SQL of the month ends inside [debut, fin], an absent end being never."""
        return masque_des_fins(debut, f"coalesce({fin}, {TOUJOURS} - 1)", self.annee)

    def segment(self, jour: str) -> str:
        """SQL of the segment of the youth on a day, in a query that joins `cles` as `c`."""
        return segment(jour, self.annee, self.bornes)

    def dates(self, source: str, jour: str, champs: str) -> str:
        """SELECT of the rows of a small table of the year, each with the segment of the youth that day."""
        return f"""
            SELECT e.ml, e.dossier, e.bits, {self.rang(f"x.{jour}")} AS mois, {champs}
            FROM (
                SELECT s.*, {self.segment(f"s.{jour}")} AS segment FROM ({source}) AS s
                JOIN cles AS c ON c.ml_id = s.ml_id AND c.jeune_id = s.jeune_id WHERE s.{jour} BETWEEN {self.d0} AND {self.d1}
            ) AS x JOIN etats AS e ON e.segment = x.segment"""


def liste(mots: Iterable[str]) -> str:
    """SQL of a list of texts for IN; one that nothing equals when it is empty."""
    return ", ".join(texte(m) for m in mots) or "NULL"
