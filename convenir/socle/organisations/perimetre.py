"""What a person may see, as data: a level and the codes or keys allowed at that level. Pure: no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Niveau = Literal["france", "region", "departement", "structures", "reseau", "missions_locales", "aucun"]
NIVEAUX: tuple[str, ...] = get_args(Niveau)


@dataclass(frozen=True)
class Perimetre:
    """Perimeter of one membership.

    Attributes:
        niveau: `france`, `region`, `departement`, `structures`, `reseau`, `missions_locales` or `aucun` (nothing at
            all). `missions_locales` opens no SIAE.
        codes: codes of the régions or départements, for these two levels; of the régions for `missions_locales`.
        structures: primary keys of structures, for the level `structures`.
        reseaux: primary keys of the networks (organisations), for the level `reseau`.
        missions_locales: primary keys of missions locales, for the level `missions_locales`.
    """

    niveau: Niveau
    codes: frozenset[str] = frozenset()
    structures: frozenset[int] = frozenset()
    reseaux: frozenset[int] = frozenset()
    missions_locales: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """Refuse an unknown level: a misspelt perimeter must never open anything."""
        if self.niveau not in NIVEAUX:
            raise ValueError(f"Le niveau de périmètre « {self.niveau} » n'existe pas. Niveaux : {', '.join(NIVEAUX)}.")

    @classmethod
    def france(cls) -> Perimetre:
        """Every structure."""
        return cls("france")

    @classmethod
    def aucun(cls) -> Perimetre:
        """No structure."""
        return cls("aucun")

    @classmethod
    def region(cls, *codes: str) -> Perimetre:
        """Structures of the régions of these codes."""
        return cls("region", codes=frozenset(codes))

    @classmethod
    def departement(cls, *codes: str) -> Perimetre:
        """Structures of the départements of these codes."""
        return cls("departement", codes=frozenset(codes))

    @classmethod
    def des_structures(cls, cles: Iterable[int]) -> Perimetre:
        """These structures and no other."""
        return cls("structures", structures=frozenset(cles))

    @classmethod
    def des_reseaux(cls, cles: Iterable[int]) -> Perimetre:
        """Structures that belong to one of these networks."""
        return cls("reseau", reseaux=frozenset(cles))

    @classmethod
    def des_missions_locales(cls, cles: Iterable[int]) -> Perimetre:
        """These missions locales, and no SIAE."""
        return cls("missions_locales", missions_locales=frozenset(cles))

    @classmethod
    def des_missions_locales_de_region(cls, *codes: str) -> Perimetre:
        """Every mission locale of the régions of these codes, and no SIAE."""
        return cls("missions_locales", codes=frozenset(codes))

    def couvre_departement(self, departement: str, region: str) -> bool:
        """Tell whether every structure of a département, lying in `region`, is in the perimeter."""
        if self.niveau == "france":
            return True
        return (self.niveau == "region" and region in self.codes) or (
            self.niveau == "departement" and departement in self.codes
        )
