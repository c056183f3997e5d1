"""The value of a parameter by its type: read from its written form, written back, printed in French. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal, InvalidOperation

from convenir.socle.commun import francais

Scalaire = Decimal | int | str
TYPES = ("montant", "nombre", "entier", "pourcentage", "texte", "choix", "liste", "jour_annuel")
# Types whose values are taken from a declared list.
TYPES_A_CHOIX = frozenset({"choix", "liste"})
_BLANCS = re.compile("[\\s\u202f\u00a0]")
_ATTENDU = {
    "montant": "un montant en euros, par exemple 13304 ou 13304,50",
    "nombre": "un nombre, par exemple 1505 ou 12,5",
    "entier": "un nombre entier",
    "pourcentage": "un pourcentage, par exemple 10 ou 12,5",
    "texte": "un texte",
    "jour_annuel": "un jour de l'année, mois puis jour, par exemple 05-31",
}


def lire_scalaire(type_: str, ecrit: str, choix: Collection[str] = ()) -> Scalaire:
    """Read a value as a file or a person writes it: French spaces and decimal comma are accepted.

    A `liste` is some of the admitted values, separated by commas.

    Raises:
        ValueError: with the value and what is expected, in French.
    """
    net = ecrit.strip()
    try:
        if not net:
            raise ValueError
        if type_ in {"montant", "nombre", "pourcentage"}:
            return _decimal(net)
        if type_ == "entier":
            return int(_BLANCS.sub("", net))
        if type_ == "jour_annuel":
            return f"{date.fromisoformat(f'2001-{net}'):%m-%d}"
    except (ValueError, InvalidOperation):
        raise ValueError(f"« {ecrit} » ne convient pas ; attendu : {_ATTENDU.get(type_, 'une valeur')}") from None
    if type_ == "liste":
        return ", ".join(_admise(element.strip(), choix) for element in net.split(","))
    return _admise(net, choix) if type_ == "choix" else net


def _admise(net: str, choix: Collection[str]) -> str:
    if net not in choix:
        raise ValueError(f"« {net} » n'est pas admis ; attendu : {', '.join(choix)}")
    return net


def _decimal(net: str) -> Decimal:
    valeur = Decimal(_BLANCS.sub("", net).replace(",", "."))
    if not valeur.is_finite() or valeur < 0:
        raise ValueError
    return valeur


def ecrire_scalaire(valeur: Scalaire) -> str:
    """Write a value so that `lire_scalaire` gives it back: « 13304 », « 12.5 », « 05-31 »."""
    return f"{valeur:f}" if isinstance(valeur, Decimal) else str(valeur)


def dire_scalaire(valeur: Scalaire, type_: str, unite: str) -> str:
    """Print a value in French with its sign: « 13 304 € », « 25 % », « 31 mai », « 1 505 h »."""
    if type_ == "jour_annuel":
        mois, quantieme = (int(partie) for partie in str(valeur).split("-"))
        return f"{'1er' if quantieme == 1 else quantieme}{francais.INSECABLE}{francais.MOIS[mois - 1]}"
    if isinstance(valeur, str):
        return valeur
    decimales = _decimales(valeur)
    if type_ == "montant":
        return francais.euros(valeur, 2 if decimales else 0)
    if type_ == "pourcentage":
        return francais.pourcent(valeur, decimales)
    return dire_nombre(valeur) + (francais.INSECABLE + unite if unite else "")


def dire_nombre(valeur: Decimal | int) -> str:
    """Print a number in French with the decimals it has, and no unit: « 1 505 », « 12,5 »."""
    return francais.nombre(valeur, _decimales(valeur))


def _decimales(valeur: Decimal | int) -> int:
    if isinstance(valeur, int):
        return 0
    exposant = valeur.normalize().as_tuple().exponent
    return max(0, -exposant) if isinstance(exposant, int) else 0
