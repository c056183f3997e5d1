"""Retention: when a record has outlived its utility, and what may become of it. Pure.

Code du patrimoine, R. 212-13 (utility and fate by agreement), R. 212-14 (no elimination without the visa).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from convenir.socle.commun.periodes import ajouter_mois


class Sort(StrEnum):
    """What becomes of a record once it is of no use."""

    ELIMINATION = "elimination"
    VERSEMENT = "versement"
    TRI = "tri"


@dataclass(frozen=True)
class Regle:
    """A line of the retention table.

    Attributes:
        depart: the event from which utility is counted, in words.
        utilite_ans: utility, in years.
        a_confirmer: the line waits for an agreement with the Archives; `pourquoi` says what is missing.
    """

    code: str
    libelle: str
    depart: str
    utilite_ans: int
    sort: Sort
    a_confirmer: bool
    pourquoi: str = ""

    def fin(self, clos_le: date) -> date:
        """Return the first day on which a record closed that day has outlived its utility."""
        return ajouter_mois(clos_le, 12 * self.utilite_ans)


@dataclass(frozen=True)
class Fichier:
    """A file of a record: its name for people, its SHA-256, extension with its dot, size in bytes."""

    nom: str
    sha256: str
    suffixe: str
    taille: int


@dataclass(frozen=True)
class Article:
    """A record that a slip may list: its key in its fonds, its words, its extreme dates, its files."""

    cle: str
    libelle: str
    debut: date
    clos_le: date
    fichiers: tuple[Fichier, ...] = ()

    @property
    def taille(self) -> int:
        """Bytes of its files."""
        return sum(f.taille for f in self.fichiers)

    @property
    def empreinte(self) -> str:
        """SHA-256 of the list of its files: what the visa was given for."""
        lignes = [self.cle, *sorted(f"{f.sha256}{f.suffixe} {f.nom}" for f in self.fichiers)]
        return sha256("\n".join(lignes).encode()).hexdigest()


def refus(regle: Regle, article: Article, sens: str, jour: date) -> str:
    """Say why a record may not be on a slip of this kind on a day; nothing when it may.

    Args:
        sens: `elimination` or `versement`.
    """
    if regle.sort not in {Sort.TRI, sens}:
        autre = "se verse aux Archives" if regle.sort == Sort.VERSEMENT else "ne se verse pas : il s'élimine"
        return f"« {article.libelle} » {autre}, selon le tableau de conservation."
    fin = regle.fin(article.clos_le)
    if jour < fin:
        return f"« {article.libelle} » est utile jusqu'au {fin:%d/%m/%Y}."
    return ""


def refus_de_tous(cas: Iterable[tuple[Regle, Article]], sens: str, jour: date) -> list[str]:
    """Return every refusal of a slip, so that they are all said at once."""
    return [raison for regle, article in cas if (raison := refus(regle, article, sens, jour))]
