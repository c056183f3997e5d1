"""The world of these tests: the tiny delivery, and one larger ACI whose figures are counted by hand here.

100006 ACI, Vendée. 2024: 10 ETP agreed, five exits (2 durable). 2025: 12 ETP agreed, objectives 25 + 20 + 15 = 60 %;
twenty-one people present, thirteen leave on 30 June 2025: four durable, one transition, one positive, six other (one
without any reason), one withdrawn. So 12 examined, 6 dynamic: 50 %, and 60 % of 12 is 7,2: eight, two are missing.
RQTH: six people in 2025; AAH: three.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path

from convenir.mesure.donnees.generateur.identite import MARQUE, siret_fictif
from convenir.mesure.donnees.generateur.mini import generer_mini
from convenir.mesure.donnees.generateur.mini_monde import (
    MONDE_MINI,
    AnnexeMini,
    ContratMini,
    MoisMini,
    SalarieMini,
    StructureMini,
)
from tests.factories_socle import CommuneFactory, DepartementFactory, RegionFactory

GRAND = 100006
DENOMINATION = f"LE GRAND CHANTIER ÉTOILÉ {MARQUE}"
LIEUX = {"44": "44109", "85": "85191"}
MOTIFS_2025 = ("3", "3", "3", "3", "10", "2", "7", "7", "7", "7", "7", "", "17")
MOTIFS_2024 = ("3", "3", "7", "7", "7")
PRESENTS_2025 = 21
_ACI = D(1820)


def _annexes() -> tuple[AnnexeMini, ...]:
    avant = AnnexeMini(
        4011, 6011, GRAND, "ACI_DC", "ACI085240002", D("10.00"), D(23497), _ACI,
        debut=date(2024, 1, 1), fin=date(2024, 12, 31),
    )  # fmt: skip
    return (avant, AnnexeMini(4010, 6010, GRAND, "ACI_DC", "ACI085250002", D("12.00"), D(23921), _ACI))


def _salaries() -> Iterator[SalarieMini]:
    lieu = {"code_commune": "85191", "code_postal": "85000"}
    for rang in range(1, PRESENTS_2025 + len(MOTIFS_2024) + 1):
        yield SalarieMini(
            9100 + rang, GRAND, "ACI_DC", 100 + rang, "F" if rang <= 8 else "H", rqth=rang <= 6, aah=rang <= 3, **lieu
        )


def _contrats() -> Iterator[ContratMini]:
    for rang in range(1, PRESENTS_2025 + 1):
        if rang <= len(MOTIFS_2025):
            fin = date(2025, 6, 30)
            yield ContratMini(8100 + rang, 9100 + rang, date(2025, 1, 1), fin, 0, fin, MOTIFS_2025[rang - 1])
        else:
            yield ContratMini(8100 + rang, 9100 + rang, date(2025, 1, 1), date(2026, 6, 30))
    for rang, motif in enumerate(MOTIFS_2024, start=PRESENTS_2025 + 1):
        fin = date(2024, 12, 31)
        yield ContratMini(8100 + rang, 9100 + rang, date(2024, 1, 1), fin, 0, fin, motif)


def _mois() -> Iterator[MoisMini]:
    """One hundred hours a month for each person present."""
    for rang in range(1, PRESENTS_2025 + 1):
        dernier = 6 if rang <= len(MOTIFS_2025) else 12
        yield from (MoisMini(8100 + rang, 4010, 2025, m, 100) for m in range(1, dernier + 1))
    for rang in range(PRESENTS_2025 + 1, PRESENTS_2025 + len(MOTIFS_2024) + 1):
        yield from (MoisMini(8100 + rang, 4011, 2024, m, 100) for m in range(1, 13))


GRANDE = StructureMini(
    GRAND, DENOMINATION, siret_fictif(6), siret_fictif(6), "85191", "85000", "La Roche-sur-Yon"
)  # fmt: skip
MONDE = replace(
    MONDE_MINI,
    structures=(*MONDE_MINI.structures, GRANDE),
    annexes=(*MONDE_MINI.annexes, *_annexes()),
    salaries=(*MONDE_MINI.salaries, *_salaries()),
    contrats=(*MONDE_MINI.contrats, *_contrats()),
    mois=(*MONDE_MINI.mois, *_mois()),
)


def ecrire_monde(dossier: Path) -> Path:
    """Write the delivery and return its folder."""
    generer_mini(dossier, monde=MONDE)
    return dossier


def creer_geographie() -> None:
    """Create the two départements and communes that the delivery names."""
    region = RegionFactory(code="52", nom="Pays de la Loire")
    noms = {"44": "Loire-Atlantique", "85": "Vendée"}
    villes = {"44": "Nantes", "85": "La Roche-sur-Yon"}
    for code, commune in LIEUX.items():
        CommuneFactory(
            code=commune, nom=villes[code], departement=DepartementFactory(code=code, nom=noms[code], region=region)
        )
