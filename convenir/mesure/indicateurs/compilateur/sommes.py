"""The sums a source must make, each once: plain sums of measures, or bits of a person's mask."""

from __future__ import annotations

from dataclasses import dataclass, field

from convenir.mesure.indicateurs.chargement import colonnes_de
from convenir.mesure.indicateurs.definitions import Indicateur, Source

MOIS = tuple(range(1, 13))
BITS = 60


def conjonction(conditions: list[str]) -> str:
    """Join conditions by AND; an empty list is true."""
    return " AND ".join(f"({c})" for c in conditions if c) or "true"


@dataclass
class Sommes:
    """Sums asked for, by their SQL; the same expression asked twice is summed once.

    In a source of persons, every sum counts persons: its expression is a condition, kept as one bit per person.
    """

    source: Source
    par_expression: dict[str, str] = field(default_factory=dict)

    @property
    def de_personnes(self) -> bool:
        """Tell whether the sums count distinct persons."""
        return self.source.genre == "personnes"

    def demander(self, expression: str, conditions: list[str]) -> str:
        """Return the name of the sum of `expression` over the rows that meet the conditions."""
        if self.de_personnes:
            return self._nom(conjonction([expression, *conditions]))
        conditions = [c for c in conditions if c]
        if conditions:
            expression = f"CASE WHEN {conjonction(conditions)} THEN {expression} ELSE 0 END"
        return self._nom(expression)

    def demander_mois(self, colonne: str, mois: int) -> str:
        """Return the name of the count of persons whose month mask has this month."""
        return self._nom(f"({colonne} >> {mois - 1}) & 1 = 1")

    def echelle(self, expression: str) -> int:
        """Return the scale of an expression: that of its columns, which must agree.

        Raises:
            ValueError: if it mixes scales.
        """
        echelles = {self.source.colonnes[c].echelle for c in colonnes_de(expression)} or {0}
        if len(echelles) > 1:
            raise ValueError(f"« {expression} » mêle des unités différentes.")
        return echelles.pop()

    def _nom(self, expression: str) -> str:
        return self.par_expression.setdefault(expression, f"s{len(self.par_expression)}")

    @property
    def noms(self) -> list[str]:
        """Names of the sums."""
        return list(self.par_expression.values())

    def directes(self) -> list[str]:
        """SQL of the sums over rows of a source of quantities."""
        return [f"SUM({e}) AS {nom}" for e, nom in self.par_expression.items()]

    def masques(self) -> list[str]:
        """SQL of the masks: each condition is a bit, rows of one person are joined by OR."""
        bits = list(self.par_expression)
        lots = [bits[i : i + BITS] for i in range(0, len(bits), BITS)]
        return [
            "bit_or(" + " | ".join(f"(CAST({e} AS BIGINT) << {b})" for b, e in enumerate(lot)) + f") AS m{rang}"
            for rang, lot in enumerate(lots)
        ]

    @property
    def nombre_de_masques(self) -> int:
        """How many masks hold the bits."""
        return -(-len(self.par_expression) // BITS)

    def des_masques(self) -> list[str]:
        """SQL of the sums over the masks."""
        return [f"SUM((m{rang // BITS} >> {rang % BITS}) & 1) AS {nom}" for rang, nom in enumerate(self.noms)]


def exclusion(indicateur: Indicateur, source: Source) -> str:
    """Return the condition under which a row is left out, empty when no row is."""
    termes = [e.expression for e in indicateur.exclusions if e.expression]
    return " OR ".join(condition(t, source) for t in termes)


def condition(expression: str, source: Source) -> str:
    """Return an expression over flags as a condition: flags of quantities are 0 or 1."""
    return f"({expression})" if source.genre == "personnes" else f"({expression}) <> 0"
