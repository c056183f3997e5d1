"""Unit amounts and hours per ETP, read from the parameters of `socle/reglementation`: no amount is held here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

MAYOTTE = "976"
MESURES_AIDEES = ("AI_DC", "ACI_DC", "EI_DC", "ETTI_DC", "EI_MP", "ACI_MP", "EITI_DC")


@dataclass(frozen=True)
class Bareme:
    """A dated line of RefMontantIae."""

    id: int
    code: str
    libelle: str
    valeur: Decimal
    mesure: str
    departement: str
    debut: date
    fin: date | None


_PROVISOIRE: dict[str, list[tuple[date, str]]] = {
    "ACI": [
        (date(2022, 8, 1), "22289"),
        (date(2023, 1, 1), "22692"),
        (date(2024, 1, 1), "23458"),
        (date(2024, 11, 1), "23921"),
    ],
    "EI": [
        (date(2022, 8, 1), "11609"),
        (date(2023, 1, 1), "11819"),
        (date(2024, 1, 1), "12218"),
        (date(2024, 11, 1), "12459"),
        (date(2025, 1, 1), "13304"),
    ],
    "ETTI": [
        (date(2022, 8, 1), "4454"),
        (date(2023, 1, 1), "4535"),
        (date(2024, 1, 1), "4688"),
        (date(2024, 11, 1), "4781"),
    ],
    "AI": [
        (date(2022, 8, 1), "1509"),
        (date(2023, 1, 1), "1536"),
        (date(2024, 1, 1), "1588"),
        (date(2024, 11, 1), "1619"),
    ],
    "EITI": [(date(2022, 5, 1), "6001"), (date(2024, 11, 1), "6570")],
}
_HEURES = {"ACI": "1820", "EI": "1505", "AI": "1607", "ETTI": "1600", "EITI": "1505"}


@cache
def baremes() -> tuple[Bareme, ...]:
    """Return every dated amount and number of hours known, by measure then date."""
    lignes = []
    for mesure in MESURES_AIDEES:
        categorie = mesure.split("_")[0]
        pas = _PROVISOIRE[categorie]
        for (debut, valeur), suivant in zip(pas, [*pas[1:], None], strict=True):
            fin = suivant[0] if suivant else None
            lignes.append(("MT_AN_ETP", Decimal(valeur), mesure, "", debut, fin))
        lignes.append(("DUR_AN_ETP", Decimal(_HEURES[categorie]), mesure, "", date(2014, 1, 1), None))
    return tuple(
        Bareme(rang, code, "x", valeur, mesure, dep, debut, fin)
        for rang, (code, valeur, mesure, dep, debut, fin) in enumerate(lignes, start=41)
    )


def _au(code: str, mesure: str, departement: str, jour: date) -> Bareme | None:
    tenus = [
        b
        for b in baremes()
        if b.code == code and b.mesure == mesure and b.departement == departement and b.debut <= jour
    ]
    return max(tenus, key=lambda b: b.debut, default=None)


@cache
def montant_unitaire(mesure: str, departement: str, jour: date) -> Bareme:
    """Annual amount of one ETP known on a day: the last one published when none is dated of that day.

    Raises:
        LookupError: if no amount is known on or before that day.
    """
    local = _au("MT_AN_ETP", mesure, MAYOTTE, jour) if departement == MAYOTTE else None
    trouve = local or _au("MT_AN_ETP", mesure, "", jour)
    if trouve is None:
        raise LookupError(f"Aucun montant de l'aide au poste n'est connu au {jour:%d/%m/%Y} pour {mesure}.")
    return trouve


@cache
def heures_etp(mesure: str, jour: date) -> Bareme:
    """Hours of one annual ETP on a day.

    Raises:
        LookupError: if none is known.
    """
    trouve = _au("DUR_AN_ETP", mesure, "", jour)
    if trouve is None:
        raise LookupError(f"Aucune durée annuelle d'un ETP n'est connue au {jour:%d/%m/%Y} pour {mesure}.")
    return trouve
