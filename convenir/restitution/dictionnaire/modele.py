"""What the dictionary says of one indicator. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class ParametreCite:
    """A parameter that the definition depends on, as it stands on the day of reading."""

    code: str
    libelle: str
    valeur: str
    a_confirmer: bool


@dataclass(frozen=True)
class VersionCitee:
    """One state of the definition."""

    version: int
    depuis: date
    changement: str


@dataclass(frozen=True)
class Exemple:
    """The indicator worked on the tiny visible data set, really computed.

    Attributes:
        territoire: mission locale of the tiny set.
        grille: frame in which it was computed.
        comptent: youths of the tiny set whose removal changes the numerator.
        tables: tables read.
    """

    territoire: str
    grille: str
    periode: str
    modalite: str
    numerateur: str
    denominateur: str
    valeur: str
    statut: str
    comptent: tuple[str, ...]
    tables: tuple[str, ...]

    @property
    def montre_quelque_chose(self) -> bool:
        """Tell whether there is a value, other than zero."""
        return self.statut == "disponible" and Decimal(self.valeur) != 0


@dataclass(frozen=True)
class Entree:
    """One indicator: all that is needed to read, compute and discuss it."""

    dispositif: str
    code: str
    libelle: str
    definition: str
    formule: str
    numerateur: str
    denominateur: str
    unite: str
    sens: str
    famille: str
    etape: str
    systeme: str
    module_entreprise: str
    part_de: str
    niveaux: tuple[str, ...]
    periodes: tuple[str, ...]
    decoupages: tuple[str, ...]
    exclusions: tuple[str, ...]
    grilles: tuple[str, ...]
    texte: str
    validite: str
    a_confirmer: str
    qui_voit: str
    parametres: tuple[ParametreCite, ...]
    versions: tuple[VersionCitee, ...]
    exemples: tuple[Exemple, ...] = ()
    bornes: str = ""

    @property
    def exemple(self) -> Exemple | None:
        """The one that a document prints: of the latest frame, and one that is not zero if there is any."""
        return max(self.exemples, key=lambda x: (x.grille, x.montre_quelque_chose), default=None)

    def en_dictionnaire(self) -> dict[str, Any]:
        """Return plain data, dates as texts."""
        lu = asdict(self)
        lu["versions"] = [{**v, "depuis": v["depuis"].isoformat()} for v in lu["versions"]]
        return lu

    def repond_a(self, mots: Sequence[str]) -> bool:
        """Tell whether every word is in the code, the label or the definition, whatever the case and the accents."""
        lu = sans_accent(f"{self.code} {self.libelle} {self.definition} {self.famille}")
        return all(sans_accent(m) in lu for m in mots)


def sans_accent(texte: str) -> str:
    """Return a text in lower case without its accents."""
    import unicodedata

    return "".join(c for c in unicodedata.normalize("NFD", texte.lower()) if not unicodedata.combining(c))
