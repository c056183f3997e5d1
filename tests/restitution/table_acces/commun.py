"""What a line of the table says, and the sets of roles that the files share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role
from convenir.socle.organisations.models import Structure

R = Role
TOUS = frozenset(Role)
PERSONNE: frozenset[Role] = frozenset()
ADMIN = {R.ADMINISTRATION}
VOIENT_LES_STRUCTURES = TOUS - {R.ANIMATION_REGIONALE, R.DONNEES_NATIONALES, R.ADMINISTRATION}
MARQUES = {R.NATIONAL, R.REGIONAL, R.DEPARTEMENTAL, R.SIGNATAIRE, *ROLES_STRUCTURE}
IMPORTENT = {R.REGIONAL, R.DEPARTEMENTAL, R.DONNEES_NATIONALES}
VOIENT_LES_LIVRAISONS = IMPORTENT | {R.NATIONAL, R.SIGNATAIRE}
CORRIGENT = {R.REGIONAL, R.DEPARTEMENTAL}
INVITENT = {R.NATIONAL, R.REGIONAL, R.DEPARTEMENTAL, R.DIRECTION_STRUCTURE, R.ADMINISTRATION}
LISENT_LE_JOURNAL = INVITENT | {R.SIGNATAIRE, R.DONNEES_NATIONALES}
# Ceux dont le périmètre dépasse le département : la structure de Loire-Atlantique y est aussi.
VOIENT_AILLEURS = {R.NATIONAL, R.REGIONAL}


VOIENT_LES_ML = VOIENT_LES_STRUCTURES - {R.MEMBRE_CDIAE, R.RESEAU} | {R.ANIMATION_REGIONALE}
# La direction d'une SIAE tient la capacité, mais n'a aucune mission locale dans son périmètre.
VOIENT_UNE_ML = VOIENT_LES_ML - ROLES_STRUCTURE
ETAT_QUI_VOIT = VOIENT_UNE_ML & MARQUES


@dataclass(frozen=True)
class Ligne:
    """One address, how it is called, and what each answers."""

    nom: str
    servis: frozenset[Role] | set[Role]
    oui: int = 200
    non: int = 403
    anonyme: int = 302
    methode: str = "get"
    sans_adhesion: int | None = None
    cible: str = ""
    requete: dict[str, str] = field(default_factory=dict)
    exceptions: dict[Role, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return " ".join(x for x in (self.nom, self.methode, self.cible, *self.requete.values()) if x)

    def attendu(self, role: Role) -> int:
        """What this role gets."""
        return self.exceptions.get(role, self.oui if role in self.servis else self.non)


def ouverte(nom: str, **autres: Any) -> Ligne:
    """An address that visitors read too."""
    return Ligne(nom, TOUS, anonyme=200, sans_adhesion=200, **autres)


def dedans_dehors(nom: str, **autres: Any) -> Iterator[Ligne]:
    """A page of a structure: outside the perimeter it does not exist."""
    yield Ligne(nom, VOIENT_LES_STRUCTURES, cible="dedans", **autres)
    hors = dict.fromkeys(VOIENT_LES_STRUCTURES - VOIENT_AILLEURS, 404)
    yield Ligne(nom, VOIENT_AILLEURS, cible="ailleurs", exceptions=hors, **autres)


def mission_locale(nom: str, **autres: Any) -> Iterator[Ligne]:
    """A page of a mission locale: outside the perimeter it does not exist."""
    hors = dict.fromkeys(VOIENT_LES_ML - VOIENT_UNE_ML, 404)
    yield Ligne(nom, VOIENT_UNE_ML, cible="dedans", exceptions=hors, **autres)
    voient_ailleurs = VOIENT_AILLEURS | {R.ANIMATION_REGIONALE}
    hors = dict.fromkeys(VOIENT_LES_ML - voient_ailleurs, 404)
    yield Ligne(nom, voient_ailleurs, cible="ailleurs", exceptions=hors, **autres)


@dataclass(frozen=True)
class Lieu:
    """Where the people of the table stand.

    Attributes:
        dedans: the structure of 100006 (Vendée).
        ailleurs: one of Loire-Atlantique.
        cible: target named by the line.
    """

    dedans: Structure
    ailleurs: Structure
    cible: str

    @property
    def s(self) -> Structure:
        """The structure of the line."""
        return self.ailleurs if self.cible == "ailleurs" else self.dedans
