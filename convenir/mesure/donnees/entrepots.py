"""Record stores of the missions locales in force: for each mission locale and year, what was applied last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from convenir.mesure.donnees.formats import VUE_AGREGATS
from convenir.mesure.donnees.models import SOURCES_ML, Livraison, Source
from convenir.mesure.donnees.states import EtatLivraison

NOM_CSV = "valeurs.csv"


@dataclass(frozen=True)
class EntrepotMl:
    """An applied delivery of missions locales that is still read for some of them.

    Attributes:
        dossier: its folder. It holds every mission locale of the delivery: keep only those of `couverture`.
        nature: `Source.MISSIONS_LOCALES` (records) or `Source.AGREGATS_ML` (indicators computed elsewhere).
        couverture: years for which it is in force, by mission locale.
        arrete_au: last day known, None if nothing says it.
        calcul_prive: the indicators were computed in a private space, whose records are deleted.
        organisation_id, organisation: who deposited it, None and empty for the machine.
    """

    livraison_uuid: UUID
    dossier: Path
    nature: str
    couverture: dict[str, tuple[int, ...]]
    arrete_au: date | None
    calcul_prive: bool
    organisation_id: int | None
    organisation: str
    appliquee_le: datetime | None
    empreinte: str

    @property
    def chemin(self) -> Path:
        """What the engine reads: the folder of the records, or the one CSV of the values."""
        return self.dossier if self.nature == Source.MISSIONS_LOCALES else self.dossier / VUE_AGREGATS / NOM_CSV

    @property
    def missions_locales(self) -> frozenset[str]:
        """Codes of the missions locales for which it is in force, some year."""
        return frozenset(self.couverture)

    @property
    def annees(self) -> tuple[int, ...]:
        """Years for which it is in force, for some mission locale."""
        return tuple(sorted({annee for annees in self.couverture.values() for annee in annees}))

    def missions_de(self, annee: int) -> frozenset[str]:
        """Return the missions locales for which it is in force in a year."""
        return frozenset(code for code, annees in self.couverture.items() if annee in annees)

    def motif(self, table: str = VUE_AGREGATS) -> str:
        """Return the Parquet pattern of the records of a table."""
        return str(self.dossier / table / "enregistrements" / "**" / "*.parquet")


def entrepots_ml() -> list[EntrepotMl]:
    """Return the record stores in force, the latest applied first (one SQL query).

    A delivery of records replaces everything of the missions locales it holds; one of indicators, the years that it
    brings of each. What a later delivery took is no longer in the coverage of an earlier one.
    """
    appliquees = (
        Livraison.objects.filter(etat=EtatLivraison.APPLIQUEE, source__in=SOURCES_ML)
        .defer("rapport", "tetes")
        .order_by("-appliquee_le", "-pk")
    )
    return list(en_vigueur(appliquees))


def en_vigueur(livraisons: Iterable[Livraison]) -> Iterable[EntrepotMl]:
    """Yield what each delivery, from the latest to the earliest, still brings."""
    closes: set[str] = set()
    prises: dict[str, set[int]] = {}
    for livraison in livraisons:
        reste = {
            code: tuple(an for an in annees if an not in prises.get(code, ()))
            for code, annees in livraison.couverture.items()
            if code not in closes
        }
        enregistrements = livraison.source == Source.MISSIONS_LOCALES
        # Records without a dated contact are still the ones of their mission locale, if nothing else is.
        reste = {code: ans for code, ans in reste.items() if ans or (enregistrements and code not in prises)}
        for code, annees in reste.items():
            prises.setdefault(code, set()).update(annees)
        if enregistrements:
            closes |= set(livraison.couverture)
        if reste:
            yield _entrepot(livraison, reste)


def _entrepot(livraison: Livraison, couverture: dict[str, tuple[int, ...]]) -> EntrepotMl:
    return EntrepotMl(
        livraison_uuid=livraison.uuid,
        dossier=livraison.dossier,
        nature=livraison.source,
        couverture=couverture,
        arrete_au=livraison.arrete_au,
        calcul_prive=bool(livraison.origine),
        organisation_id=livraison.organisation_id,
        organisation=livraison.organisation_nom,
        appliquee_le=livraison.appliquee_le,
        empreinte=livraison.empreinte,
    )
