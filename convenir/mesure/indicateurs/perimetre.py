"""Which territories the loaded files cover wholly: a level is shown only then. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from convenir.socle.commun.francais import enumeration
from convenir.socle.commun.francais import pluriel as mot_pluriel


@dataclass(frozen=True)
class PerimetreCharge:
    """Territories covered by the files in force.

    Attributes:
        departements: codes present in the files.
        regions: codes of the régions whose every département is present.
        france: whether every région is covered.
        noms: names of the régions present, covered or not, by code.
    """

    departements: frozenset[str]
    regions: frozenset[str]
    france: bool
    noms: Mapping[str, str]

    def couvre(self, niveau: str, code: str) -> bool:
        """Tell whether a territory is covered; below the département, always."""
        if niveau == "france":
            return self.france
        if niveau == "region":
            return code in self.regions
        return niveau != "departement" or code in self.departements

    @property
    def message(self) -> str:
        """What to print instead of a value that is not covered: « n. d. : seule la région X est chargée »."""
        if self.france:
            return ""
        if not self.departements:
            return "n. d. : aucune livraison n'est chargée"
        if len(self.regions) == 1 and len(self.noms) == 1:
            return f"n. d. : seule la région {next(iter(self.noms.values()))} est chargée"
        if self.regions and len(self.regions) == len(self.noms):
            return f"n. d. : seules les régions {enumeration(sorted(self.noms.values()))} sont chargées"
        compte = mot_pluriel(len(self.departements), "département est chargé", "départements sont chargés")
        return f"n. d. : seulement {compte}"

    def as_dict(self) -> dict[str, Any]:
        """Form kept with the snapshot."""
        return {
            "departements": sorted(self.departements),
            "regions": sorted(self.regions),
            "france": self.france,
            "noms": dict(sorted(self.noms.items())),
            "message": self.message,
        }

    @classmethod
    def de(cls, lu: Mapping[str, Any]) -> PerimetreCharge:
        """Read back from a snapshot; an empty mapping is an empty perimeter."""
        return cls(
            frozenset(lu.get("departements", ())),
            frozenset(lu.get("regions", ())),
            bool(lu.get("france", False)),
            dict(lu.get("noms", {})),
        )


def perimetre(
    presents: Collection[str], regions: Mapping[str, str], noms: Mapping[str, str], hors_compte: Collection[str] = ()
) -> PerimetreCharge:
    """Say what the départements present cover.

    Args:
        presents: départements with at least one SIAE.
        regions: région of every département.
        noms: name of every région.
        hors_compte: régions whose absence does not uncover France (collectivités without SIAE).
    """
    par_region: dict[str, set[str]] = {}
    for departement, region in regions.items():
        par_region.setdefault(region, set()).add(departement)
    couvertes = frozenset(r for r, d in par_region.items() if d <= set(presents))
    vues = {regions[d] for d in presents if d in regions}
    france = bool(couvertes) and set(par_region) - set(hors_compte) <= couvertes
    return PerimetreCharge(frozenset(presents), couvertes, france, {r: noms.get(r, r) for r in sorted(vues)})
