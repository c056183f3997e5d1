"""What the catalogue declares: indicators, their versions, the sources they may read. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Colonne:
    """A measure or a flag that definitions may use; its values are integers with `echelle` decimals."""

    nom: str
    libelle: str
    echelle: int
    vues: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A relation built from the views of a delivery, at its finest level."""

    nom: str
    libelle: str
    genre: str
    maille: str
    vues: tuple[str, ...]
    vues_facultatives: tuple[str, ...]
    ecarte: tuple[str, ...]
    colonnes: dict[str, Colonne]


@dataclass(frozen=True)
class Modalite:
    """One modality of a breakdown, kept by a flag."""

    code: str
    libelle: str
    expression: str


@dataclass(frozen=True)
class Ventilation:
    """A breakdown: closed modalities, or the values of a column."""

    code: str
    libelle: str
    modalites: tuple[Modalite, ...] = ()
    colonne: str = ""
    sensible: bool = False


@dataclass(frozen=True)
class Terme:
    """Numerator or denominator: in words, and as an expression over the columns of the source."""

    mots: str
    expression: str = ""


@dataclass(frozen=True)
class Exclusion:
    """What is left out: in words and, when it is decided row by row, as an expression."""

    mots: str
    expression: str = ""


@dataclass(frozen=True)
class Version:
    """One state of a definition.

    Attributes:
        changement: what it changed, in words.
        rupture: figures before and after it do not compare.
        definition, filtre, numerateur: what it said, when a later version says otherwise; empty: as now.
    """

    version: int
    depuis: date
    changement: str
    rupture: bool = False
    definition: str = ""
    filtre: str = ""
    numerateur: str = ""


@dataclass(frozen=True)
class Indicateur:
    """One definition of the catalogue."""

    code: str
    libelle: str
    definition: str
    unite: str
    sens: str
    genre: str
    source: str
    numerateur: Terme
    niveaux: tuple[str, ...]
    periodes: tuple[str, ...]
    texte: str
    debut: date
    versions: tuple[Version, ...]
    fin: date | None = None
    denominateur: Terme | None = None
    par_mois: str = ""
    facteur: int = 1
    exclusions: tuple[Exclusion, ...] = ()
    disponible_si: str = ""
    vide: str = "non_calculable"
    ventilations: tuple[str, ...] = ()
    dispersion: bool = False
    total: bool = True
    parametres: tuple[str, ...] = ()
    a_confirmer: str = ""

    def version_au(self, jour: date) -> Version:
        """Return the version in force on a day (the first one before that)."""
        passees = [v for v in self.versions if v.depuis <= jour]
        return passees[-1] if passees else self.versions[0]


@dataclass(frozen=True)
class ValeurAgregee:
    """How a view of figures already summed feeds an indicator."""

    indicateur: str
    numerateur: str
    denominateur: str = ""
    ventilation: str = ""
    modalite: str = ""


@dataclass(frozen=True)
class Catalogue:
    """All that is declared for one scheme."""

    dispositif: str
    sources: dict[str, Source]
    ventilations: dict[str, Ventilation]
    indicateurs: dict[str, Indicateur]
    equivalences: dict[str, tuple[str, ...]] = field(default_factory=dict)
    vue_agregee: str = ""
    agregees: tuple[ValeurAgregee, ...] = ()

    def de_la_source(self, source: str) -> list[Indicateur]:
        """Return the indicators fed by a source, in the order of their codes."""
        return [i for _, i in sorted(self.indicateurs.items()) if i.source == source]

    def parametres(self) -> set[str]:
        """Return the codes of every parameter that a definition names."""
        return {p for i in self.indicateurs.values() for p in i.parametres}
