"""The choices of calculation of one year, read from the parameters of the law."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from convenir.mesure.indicateurs.loi import tracer
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.droit import Reglementation

PREFIXE = "ml."


@dataclass(frozen=True)
class Regles:
    """Values of every parameter `ml.*` on the last day of a year, and what the printouts say of them."""

    valeurs: dict[str, str]
    traces: dict[str, dict[str, Any]] = field(default_factory=dict)

    def mots(self, code: str) -> tuple[str, ...]:
        """Return a list of codes."""
        return tuple(m.strip() for m in self.valeurs[PREFIXE + code].split(",") if m.strip())

    def entier(self, code: str) -> int:
        """Return a number of months or years."""
        return int(self.valeurs[PREFIXE + code])

    def oui(self, code: str) -> bool:
        """Tell whether a choice is yes."""
        return self.valeurs[PREFIXE + code] == "oui"

    def choix(self, code: str) -> str:
        """Return a choice."""
        return self.valeurs[PREFIXE + code]

    def avec(self, **autres: str) -> Regles:
        """Return the rules with other values, dots of the codes written `__`."""
        return Regles({**self.valeurs, **{PREFIXE + c.replace("__", "."): v for c, v in autres.items()}}, self.traces)


def regles(annee: int, droit: Reglementation | None = None) -> Regles:
    """Return the rules of a year.

    Args:
        annee: calendar year; the values are those of its last day.
        droit: the law with the values that people added; the files of Convenir alone if None (no database).

    Raises:
        EntreeInvalide: a parameter has no value that year.
    """
    droit, jour = droit or Reglementation(catalogue()), date(annee, 12, 31)
    lues = {c: droit.valeur_ou_rien(c, jour) for c in sorted(droit.catalogue.parametres) if c.startswith(PREFIXE)}
    for code, valeur in lues.items():
        if valeur is None:
            raise EntreeInvalide(f"Le paramètre {code} n'a pas de valeur en {annee}. Ajoutez-la, ou changez d'année.")
    trouvees = {code: v for code, v in lues.items() if v is not None}
    return Regles({c: str(v.valeur) for c, v in trouvees.items()}, {c: tracer(v) for c, v in trouvees.items()})
