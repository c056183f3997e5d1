"""Unit amounts and hours per ETP, read from the parameters of `socle/reglementation`: no amount is held here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.definitions import ValeurDeclaree

MAYOTTE = "976"
MONTANT, DUREE = "MT_AN_ETP", "DUR_AN_ETP"
LIBELLES = {MONTANT: "Montant annuel par ETP", DUREE: "Durée annuelle d'un ETP"}
PREMIER_ID = 41
# Code of the parameter behind each measure; (general, Mayotte).
_MONTANTS = {
    "AI_DC": ("iae.socle.AI", "iae.socle.mayotte.AI"),
    "ACI_DC": ("iae.socle.ACI", "iae.socle.mayotte.ACI"),
    "EI_DC": ("iae.socle.EI", "iae.socle.mayotte.EI"),
    "ETTI_DC": ("iae.socle.ETTI", "iae.socle.mayotte.ETTI"),
    "EI_MP": ("iae.socle.penitentiaire.EI", ""),
    "ACI_MP": ("iae.socle.penitentiaire.ACI", ""),
    "EITI_DC": ("iae.eiti.plafond", "iae.eiti.mayotte.plafond"),
}


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


@cache
def baremes() -> tuple[Bareme, ...]:
    """Return every dated amount and number of hours the law holds, by measure, territory then date."""
    return tuple(
        Bareme(rang, code, LIBELLES[code], valeur, mesure, departement, debut, fin)
        for rang, (code, mesure, departement, debut, fin, valeur) in enumerate(_lignes(), start=PREMIER_ID)
    )


@cache
def premiere_annee() -> int:
    """Return the first year that the scale of every measure covers whole."""
    debuts: dict[tuple[str, str], date] = {}
    for bareme in baremes():
        if not bareme.departement:
            cle = (bareme.code, bareme.mesure)
            debuts[cle] = min(bareme.debut, debuts.get(cle, bareme.debut))
    dernier = max(debuts.values())
    return dernier.year + ((dernier.month, dernier.day) > (1, 1))


def _lignes() -> Iterator[tuple[str, str, str, date, date | None, Decimal]]:
    for mesure, (general, mayotte) in _MONTANTS.items():
        for parametre, departement in ((general, ""), (mayotte, MAYOTTE)):
            for debut, fin, valeur in _valeurs(parametre) if parametre else ():
                yield MONTANT, mesure, departement, debut, fin, valeur
        for debut, fin, valeur in _valeurs(f"iae.heures_etp.{mesure.split('_')[0]}"):
            yield DUREE, mesure, "", debut, fin, valeur


def _valeurs(code: str) -> Iterator[tuple[date, date | None, Decimal]]:
    """Yield first day, last day and value of a parameter; one that refers to another takes the other's values."""
    declarees = sorted(catalogue().parametres[code].valeurs, key=lambda v: v.debut)
    for rang, declaree in enumerate(declarees):
        suivant = declarees[rang + 1].debut if rang + 1 < len(declarees) else None
        fin = declaree.dernier_jour or (None if suivant is None else date.fromordinal(suivant.toordinal() - 1))
        if declaree.renvoi:
            yield from _renvoyees(declaree, fin)
        elif declaree.valeur is not None:
            yield declaree.debut, fin, Decimal(declaree.valeur)


def _renvoyees(declaree: ValeurDeclaree, fin: date | None) -> Iterator[tuple[date, date | None, Decimal]]:
    for debut, dernier, valeur in _valeurs(declaree.renvoi):
        if (dernier is None or dernier >= declaree.debut) and (fin is None or debut <= fin):
            yield max(debut, declaree.debut), dernier, valeur


def _au(code: str, mesure: str, departement: str, jour: date) -> Bareme | None:
    commences = [
        b for b in baremes() if (b.code, b.mesure, b.departement) == (code, mesure, departement) and b.debut <= jour
    ]
    return max(commences, key=lambda b: b.debut, default=None)


@cache
def montant_unitaire(mesure: str, departement: str, jour: date) -> Bareme:
    """Annual amount of one ETP on a day, in euros; the last one known when it has no successor yet.

    Raises:
        LookupError: if no amount is known on or before that day.
    """
    local = _au(MONTANT, mesure, MAYOTTE, jour) if departement == MAYOTTE else None
    trouve = local or _au(MONTANT, mesure, "", jour)
    if trouve is None:
        raise LookupError(f"Aucun montant de l'aide au poste n'est connu au {jour:%d/%m/%Y} pour {mesure}.")
    return trouve


@cache
def heures_etp(mesure: str, jour: date) -> Bareme:
    """Hours of one annual ETP on a day.

    Raises:
        LookupError: if none is known.
    """
    trouve = _au(DUREE, mesure, "", jour)
    if trouve is None:
        raise LookupError(f"Aucune durée annuelle d'un ETP n'est connue au {jour:%d/%m/%Y} pour {mesure}.")
    return trouve
