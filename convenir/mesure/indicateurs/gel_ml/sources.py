"""What a snapshot of the missions locales is made from: folders of records, files of aggregates, the network."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from convenir.mesure.indicateurs.calcul import Geographie
from convenir.mesure.indicateurs.entrees import geographie
from convenir.mesure.indicateurs.releves_ml.regles import Regles, regles
from convenir.socle.commun.periodes import Mois

ENREGISTREMENTS, AGREGATS, SOMME = "enregistrements", "agregats", "somme"
VOIES = {
    ENREGISTREMENTS: "calculé des enregistrements individuels",
    AGREGATS: "reçu déjà agrégé de la mission locale",
    SOMME: "somme des missions locales, doubles comptes possibles",
}


def fin_connue(dernier: date, livree_le: date | None) -> date:
    """Return the end of the month of the last event, or the eve of the delivery when that month was not over."""
    fin = Mois.de(dernier).fin - timedelta(days=1)
    return fin if livree_le is None else min(fin, livree_le - timedelta(days=1))


@dataclass(frozen=True)
class SourceMl:
    """One delivery: a folder of records, or the common CSV of values already computed.

    Attributes:
        chemin: folder of the tables, or CSV file.
        voie: `enregistrements` or `agregats`.
        fichiers: files read, as a snapshot keeps them: `vue`, `fichier`, `sha256`, `sha256_copie`, `lignes`.
        arrete_au: last day known; None = that of the records.
        couverture: years for which it is in force, by mission locale; None = all that it holds.
        qualite: quality of the entry measured before the records were deleted; None = none was.
    """

    chemin: Path
    voie: str = ENREGISTREMENTS
    fichiers: tuple[Mapping[str, Any], ...] = ()
    arrete_au: date | None = None
    couverture: Mapping[str, Collection[int]] | None = None
    qualite: Path | None = None

    @property
    def dernier_jour(self) -> date | None:
        """Last day of the last closed month."""
        if self.arrete_au is None:
            return None
        lendemain = self.arrete_au + timedelta(days=1)
        return self.arrete_au if lendemain.day == 1 else self.arrete_au.replace(day=1) - timedelta(days=1)


@dataclass(frozen=True)
class EntreesMl:
    """All that a snapshot depends on; the same inputs give the same bytes.

    Attributes:
        sources: deliveries, the one that prevails first; a mission locale and a year are read in one alone, records
            before aggregates.
        departements: département of each mission locale known to follow, delivered or not.
        geographie: the official geography.
        lire_regles: parameters of a year.
    """

    sources: Sequence[SourceMl]
    departements: Mapping[str, str] = field(default_factory=dict)
    geographie: Geographie = field(default_factory=geographie)
    lire_regles: Callable[[int], Regles] = regles

    @property
    def ordonnees(self) -> list[SourceMl]:
        """Records first: they alone count a youth once above the mission locale."""
        return sorted(self.sources, key=lambda s: s.voie != ENREGISTREMENTS)
