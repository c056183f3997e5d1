"""What the page « d'où vient ce chiffre » shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from convenir.mesure.indicateurs.absences import Absences
from convenir.mesure.indicateurs.valeurs import Valeur


@dataclass(frozen=True)
class Etape:
    """One step of the funnel: how many lines remain after it, how many it set aside (None for the first)."""

    libelle: str
    effectif: int
    ecarte: int | None = None


@dataclass(frozen=True)
class FichierTrace:
    """A file behind the figure: lines used out of lines read, hash of the file as received and of its copy."""

    vue: str
    fichier: str
    sha256: str
    sha256_copie: str
    lignes_utilisees: int | None
    lignes: int


ParametreTrace = dict[str, Any]


@dataclass(frozen=True)
class Trace:
    """The whole way from the files to a figure.

    Attributes:
        valeur: the figure, with numerator and denominator.
        termes: named parts of the numerator, in the order they are added (« 7 emploi durable »).
        etapes: the funnel; empty when the figure comes from files already summed, or when the records are gone.
        intervalle: Wilson interval at 95 %, in percent, for a rate of exits.
        bornes: rate if unknown reasons were none, then all, dynamic, in percent.
        inconnus: exits whose reason is unknown.
        parametres: parameters applied, as they were on that day.
        absences: views and columns that the delivery does not have, by which the figure is `manquant`.
        note: what the reader must know, empty when there is nothing.
    """

    valeur: Valeur
    termes: tuple[tuple[str, Decimal | None], ...] = ()
    etapes: tuple[Etape, ...] = ()
    fichiers: tuple[FichierTrace, ...] = ()
    intervalle: tuple[Decimal, Decimal] | None = None
    bornes: tuple[Decimal, Decimal] | None = None
    inconnus: int = 0
    parametres: tuple[ParametreTrace, ...] = ()
    absences: Absences = field(default_factory=Absences)
    note: str = field(default="")
