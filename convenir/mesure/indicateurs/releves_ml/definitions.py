"""What the catalogue of the missions locales declares: indicators, breakdowns, frames. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from convenir.mesure.indicateurs.definitions import Version

NIVEAUX = ("site", "ml", "departement", "region", "france")
AUTRE = "AUTRE"


@dataclass(frozen=True)
class Releve:
    """A relation built from the tables: its measures (month masks or quantities), its flags, the tables it needs."""

    nom: str
    libelle: str
    tables: tuple[str, ...]
    mesures: dict[str, str]
    drapeaux: dict[str, str]
    par_site: bool = False


@dataclass(frozen=True)
class ModaliteMl:
    """One modality of a breakdown: a condition over the dated state of the youth; `rang` is its bit."""

    code: str
    libelle: str
    expression: str
    rang: int


@dataclass(frozen=True)
class VentilationMl:
    """A breakdown as one frame words it."""

    code: str
    libelle: str
    modalites: tuple[ModaliteMl, ...]


@dataclass(frozen=True)
class Grille:
    """One frame of the same engine.

    Attributes:
        dispositifs: programmes counted by name: modality, then the codes of `parcours.dispositif`.
        zone: column of `jeune_etat` read as the priority area.
        immersions_courtes: kinds of period counted in ENT08a.
        contractuels: modalities of the contract with the State (MOY09).
        mots: words put in the labels.
        catalogue: folder of the indicators it publishes, alone; empty = those of annexe 2.
    """

    code: str
    libelle: str
    debut: int
    fin: int | None
    dispositifs: dict[str, tuple[str, ...]]
    zone: str
    immersions_courtes: tuple[str, ...]
    contractuels: tuple[str, ...]
    mots: dict[str, str]
    catalogue: str = ""


@dataclass(frozen=True)
class TermeMl:
    """Numerator or denominator: in words and, in a ratio, the indicator it is read from."""

    mots: str
    indicateur: str = ""


@dataclass(frozen=True)
class IndicateurMl:
    """One line of annexe 2, or a rate derived from them.

    Attributes:
        genre: personnes (distinct over the period), stock (distinct on a day), evenements (sum), declare (ICARE,
            context), rapport (from two indicators), moyenne (mean of the closed months of an indicator).
        module: `oui` = needs the module Entreprise; `si_vide` = when it is unused, no event is not zero.
        parent: indicator of which it is a « dont »: never above it.
        partition: indicators that it is the exact sum of.
        somme: summed above the mission locale instead of counted distinct.
        borne: a share of a whole, between 0 and 100.
        inconnus: counts what is not known among those of another line: written beside them for their bounds
            (`qualite.bornes`), shown on no page of its own.
        sans_bornes: why unknowns give it no best and worst reading (`qualite.bornes`); empty when it has them.
    """

    code: str
    libelle: str
    definition: str
    unite: str
    sens: str
    axe: str
    etape: int
    genre: str
    numerateur: TermeMl
    systeme: str
    niveaux: tuple[str, ...]
    periodes: tuple[str, ...]
    texte: str
    debut: date
    versions: tuple[Version, ...]
    fin: date | None = None
    denominateur: TermeMl | None = None
    releve: str = ""
    mesure: str = ""
    filtre: str = ""
    module: str = "non"
    parent: str = ""
    partition: tuple[str, ...] = ()
    somme: bool = False
    borne: bool = False
    facteur: int = 1
    publie: bool = True
    ventilations: tuple[str, ...] = ()
    parametres: tuple[str, ...] = ()
    a_confirmer: str = ""
    sans_bornes: str = ""
    inconnus: bool = False

    @property
    def montre(self) -> bool:
        """Tell whether it is a line of the pages, the exports and the dictionary."""
        return self.publie and not self.inconnus


@dataclass(frozen=True)
class CatalogueMl:
    """All that is declared for the missions locales, in one frame."""

    grille: Grille
    releves: dict[str, Releve]
    ventilations: dict[str, VentilationMl]
    indicateurs: dict[str, IndicateurMl]

    def de(self, releve: str, *genres: str) -> list[IndicateurMl]:
        """Return the indicators of some kinds read from a relation."""
        return [i for i in self.indicateurs.values() if i.releve == releve and i.genre in genres]

    def parametres(self) -> set[str]:
        """Return the codes of every parameter that a definition names."""
        return {p for i in self.indicateurs.values() for p in i.parametres}
