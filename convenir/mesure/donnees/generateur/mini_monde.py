"""The world of the tiny delivery: five structures, seven annexes, twelve people, all figures written by hand.

What it tells, year 2025 (`docs/generateur.md` repeats the table):

* 100001 ACI, Loire-Atlantique, 2.00 ETP agreed, 3 640 hours done = 2.00 ETP; three exits, one too short to count;
* 100002 EI and ACI under one ASP id; the ACI began on 1 April (nine months);
* 100003 AI, whose January was entered twice (the first version says 10 hours more);
* 100004 ETTI, no entry since October;
* 100005 ACI, moved: two SIRETs; targets never entered (0 everywhere); an annexe FDI beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal as D

from convenir.mesure.donnees.generateur.identite import MARQUE, siret_fictif


@dataclass(frozen=True)
class StructureMini:
    id_asp: int
    denomination: str
    siret_signature: str
    siret_actualise: str
    code_commune: str = "44109"
    code_postal: str = "44000"
    commune: str = "Nantes"
    code_naf: str = "8899B"


@dataclass(frozen=True)
class AnnexeMini:
    id_annexe: int
    id_avenant: int
    id_asp: int
    mesure: str
    numero: str
    etp: D
    unitaire: D
    heures_etp: D
    debut: date = date(2025, 1, 1)
    fin: date = date(2025, 12, 31)
    avenant: int = 0
    modification: int = 0
    etat: str = "VALIDE"
    part_cofinancee: D = D(0)
    sorties_prevues: int = 4
    taux: tuple[D, D, D] = (D(25), D(20), D(15))
    etp_encadrement: D = D("1.50")

    @property
    def categorie(self) -> str:
        return self.mesure.split("_")[0]


@dataclass(frozen=True)
class SalarieMini:
    salarie_id: int
    id_asp: int
    mesure: str
    personne: int
    sexe: str = "H"
    naissance: date = date(1985, 6, 15)
    agrement: str = ""
    code_commune: str = "44109"
    code_postal: str = "44000"
    niveau: str = "50"
    rsa: str = "NON"
    ass: bool = False
    aah: bool = False
    rqth: bool = False
    qpv: bool = False
    zrr: bool = False
    inscription: str = "1"
    orienteur: str = "03"


@dataclass(frozen=True)
class ContratMini:
    id_contrat: int
    salarie_id: int
    debut: date
    fin: date
    rang: int = 0
    sortie: date | None = None
    motif: str = ""


@dataclass(frozen=True)
class MoisMini:
    id_contrat: int
    id_annexe: int
    annee: int
    mois: int
    heures: int
    version: int = 1


@dataclass(frozen=True)
class MondeMini:
    structures: tuple[StructureMini, ...]
    annexes: tuple[AnnexeMini, ...]
    salaries: tuple[SalarieMini, ...]
    contrats: tuple[ContratMini, ...]
    mois: tuple[MoisMini, ...]
    formations: tuple[tuple[int, int], ...] = ()

    def salarie(self, salarie_id: int) -> SalarieMini:
        """Return a person of the world by id."""
        return next(s for s in self.salaries if s.salarie_id == salarie_id)

    def contrat(self, id_contrat: int) -> ContratMini:
        """Return a contract of the world by id."""
        return next(c for c in self.contrats if c.id_contrat == id_contrat)


_STRUCTURES = (
    StructureMini(100001, f"LES JARDINS DE L EXEMPLE {MARQUE}", siret_fictif(1), siret_fictif(1)),
    StructureMini(100002, f"ATELIER DU MODELE {MARQUE}", siret_fictif(2), siret_fictif(2)),
    StructureMini(100003, f"MODELE SERVICES {MARQUE}", siret_fictif(3), siret_fictif(3), code_naf="7830Z"),
    StructureMini(100004, f"EXEMPLE INTERIM {MARQUE}", siret_fictif(4), siret_fictif(4), code_naf="7820Z"),
    StructureMini(
        100005, f"LE CHANTIER DE PAPIER {MARQUE}", siret_fictif(5), siret_fictif(5, 2), "85191", "85000",
        "La Roche-sur-Yon",
    ),
)  # fmt: skip

_ACI, _EI, _AI, _ETTI = D(1820), D(1505), D(1607), D(1600)
_ANNEXES = (
    # Renewal: the provisional version repeats last year's 1.80 ETP, the agreed one carries 2.00.
    AnnexeMini(
        4001, 6001, 100001, "ACI_DC", "ACI044240001", D("1.80"), D(23921), _ACI, avenant=1, etat="HISTORISE",
    ),
    AnnexeMini(
        4001, 6002, 100001, "ACI_DC", "ACI044240001", D("2.00"), D(23921), _ACI, avenant=1, modification=1,
        part_cofinancee=D(30),
    ),
    AnnexeMini(4002, 6003, 100002, "EI_DC", "EI044250001", D("1.00"), D(13304), _EI),
    AnnexeMini(4003, 6004, 100002, "ACI_DC", "ACI044250002", D("1.50"), D(23921), _ACI, debut=date(2025, 4, 1)),
    AnnexeMini(4004, 6005, 100003, "AI_DC", "AI044250001", D("0.50"), D(1619), _AI, taux=(D(30), D(20), D(15))),
    AnnexeMini(4005, 6006, 100004, "ETTI_DC", "ETTI044250001", D("2.00"), D(4781), _ETTI),
    AnnexeMini(
        4006, 6007, 100005, "ACI_DC", "ACI085250001", D("1.00"), D(23921), _ACI, taux=(D(0), D(0), D(0)),
        sorties_prevues=0,
    ),
    AnnexeMini(4007, 6008, 100005, "FDI_DC", "FDI085250001", D(0), D("6844.50"), _ACI),
)  # fmt: skip

_SALARIES = (
    SalarieMini(9001, 100001, "ACI_DC", 1, "F", date(1970, 3, 2), niveau="51", rsa="OUI-NM", inscription="4"),
    SalarieMini(9002, 100001, "ACI_DC", 2, "H", date(2003, 9, 9), niveau="70", orienteur="01", agrement="99000002"),
    SalarieMini(9003, 100001, "ACI_DC", 3, "H", date(1988, 1, 20), niveau="00", rqth=True, qpv=True),
    SalarieMini(9004, 100001, "ACI_DC", 4, "F", date(1995, 12, 1), niveau="60", inscription="3", orienteur="07"),
    SalarieMini(9005, 100002, "EI_DC", 5, "H", date(1979, 7, 7), niveau="50", ass=True, inscription="4"),
    SalarieMini(9006, 100002, "ACI_DC", 6, "F", date(1990, 2, 2), niveau="40"),
    # The same person as 9005, in another category: two salarie_id, one NIR.
    SalarieMini(9007, 100002, "ACI_DC", 5, "H", date(1979, 7, 7), niveau="50", ass=True, inscription="4"),
    SalarieMini(9008, 100003, "AI_DC", 8, "F", date(1966, 5, 5), niveau="70", zrr=True),
    SalarieMini(9009, 100003, "AI_DC", 9, "F", date(1982, 8, 18), niveau="51", aah=True, rqth=True),
    SalarieMini(9010, 100004, "ETTI_DC", 10, "H", date(2001, 4, 4), niveau="41", qpv=True),
    SalarieMini(9011, 100004, "ETTI_DC", 11, "H", date(1993, 10, 10), niveau="30"),
    SalarieMini(9012, 100005, "ACI_DC", 12, "F", date(1999, 1, 1), niveau="60", code_commune="85191",
                code_postal="85000", rsa="OUI-M", inscription="3"),
)  # fmt: skip

_FIN_2025 = date(2025, 12, 31)
_CONTRATS = (
    # 9001: two contracts end to end, leaves on 30 September for a permanent contract (durable).
    ContratMini(8001, 9001, date(2025, 1, 1), date(2025, 6, 30)),
    ContratMini(8002, 9001, date(2025, 7, 1), date(2025, 9, 30), 1, date(2025, 9, 30), "3"),
    # 9002: whole year, still there.
    ContratMini(8003, 9002, date(2025, 1, 1), _FIN_2025),
    # 9003: leaves on 31 October, unemployed.
    ContratMini(8004, 9003, date(2025, 1, 1), date(2025, 10, 31), 0, date(2025, 10, 31), "7"),
    # 9004: exactly two months, too short to count.
    ContratMini(8005, 9004, date(2025, 11, 1), _FIN_2025, 0, _FIN_2025, "10"),
    ContratMini(8006, 9005, date(2025, 1, 1), date(2025, 6, 30), 0, date(2025, 6, 30), "2"),
    ContratMini(8007, 9006, date(2025, 4, 1), _FIN_2025),
    ContratMini(8008, 9007, date(2025, 7, 1), _FIN_2025),
    ContratMini(8009, 9008, date(2025, 1, 1), date(2025, 3, 31)),
    ContratMini(8010, 9008, date(2025, 4, 1), date(2025, 8, 31), 1, date(2025, 8, 31), "10"),
    ContratMini(8011, 9009, date(2025, 1, 1), date(2025, 2, 28), 0, date(2025, 2, 28), "9"),
    ContratMini(8012, 9010, date(2025, 1, 1), date(2025, 9, 30)),
    ContratMini(8013, 9011, date(2025, 1, 1), date(2025, 9, 30), 0, date(2025, 9, 30), "17"),
    ContratMini(8014, 9012, date(2025, 1, 1), _FIN_2025),
)


def _chaque_mois(id_contrat: int, id_annexe: int, premier: int, dernier: int, heures: int) -> Iterator[MoisMini]:
    for mois in range(premier, dernier + 1):
        yield MoisMini(id_contrat, id_annexe, 2025, mois, heures)


_MOIS = (
    # 4001: 540 + 270 + 1 500 + 1 000 + 330 = 3 640 hours, that is 2.00 ETP of 1 820 hours.
    *_chaque_mois(8001, 4001, 1, 6, 90),
    *_chaque_mois(8002, 4001, 7, 9, 90),
    *_chaque_mois(8003, 4001, 1, 12, 125),
    *_chaque_mois(8004, 4001, 1, 10, 100),
    *_chaque_mois(8005, 4001, 11, 12, 165),
    # 4002: 6 × 120 = 720 hours of 1 505.
    *_chaque_mois(8006, 4002, 1, 6, 120),
    # 4003: 9 × 130 + 6 × 100 = 1 770 hours of 1 820.
    *_chaque_mois(8007, 4003, 4, 12, 130),
    *_chaque_mois(8008, 4003, 7, 12, 100),
    # 4004: 3 × 40 + 5 × 20 = 220 hours (the exit counts), and 2 × 70 = 140 (it does not: under 150).
    *_chaque_mois(8009, 4004, 1, 3, 40),
    *_chaque_mois(8010, 4004, 4, 8, 20),
    *_chaque_mois(8011, 4004, 1, 2, 70),
    # 4005: 9 × 140 + 9 × 60 = 1 800 hours; nothing entered after September.
    *_chaque_mois(8012, 4005, 1, 9, 140),
    *_chaque_mois(8013, 4005, 1, 9, 60),
    # 4006: 12 × 145 = 1 740 hours.
    *_chaque_mois(8014, 4006, 1, 12, 145),
)


def _premiere_version(mois: MoisMini) -> MoisMini:
    return replace(mois, heures=mois.heures + 10)


def _saisi_deux_fois(mois: tuple[MoisMini, ...]) -> Iterator[MoisMini]:
    for m in mois:
        if m.id_annexe == 4004 and m.mois == 1:
            yield _premiere_version(m)
            m = replace(m, version=2)
        yield m


MONDE_MINI = MondeMini(
    _STRUCTURES, _ANNEXES, _SALARIES, _CONTRATS, tuple(_saisi_deux_fois(_MOIS)), formations=((8003, 35), (8007, 14))
)
