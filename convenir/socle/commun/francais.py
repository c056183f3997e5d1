"""French wording of numbers and dates: thin spaces, decimal comma, true minus sign, dates in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from convenir.socle.commun.montants import arrondir

FINE = "\u202f"
INSECABLE = "\u00a0"
MOINS = "\u2212"
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
MOIS_COURTS = (
    "janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
Nombre = Decimal | int
_AUTOUR = re.compile(r"[\s%€]")
_CHIFFRES = re.compile(r"-?\d{1,12}(\.\d+)?", re.ASCII)
_ELISION = re.compile(r"(?<=[^\W\d_])'(?=\w)")  # « l'emploi », pas « 5'30 »
_ESPACE = re.compile(r"(?<=«) | (?=[»:;?!])")


def nombre(valeur: Nombre | None, decimales: int = 0, *, signe: bool = False) -> str:
    """Write a number: `nombre(Decimal("12345.678"), 1)` gives « 12 345,7 »; None gives « n. d. »."""
    if valeur is None:
        return f"n.{FINE}d."
    arrondi = arrondir(Decimal(valeur), decimales)
    texte = f"{abs(arrondi):,.{decimales}f}".replace(",", FINE).replace(".", ",")
    if arrondi < 0:
        return MOINS + texte
    return "+" + texte if signe and arrondi > 0 else texte


def lire_nombre(texte: str) -> Decimal:
    """Read a number as people write it: « 1 250 », « 57,5 », « 12 500,50 € », « 24 % », « −3 ».

    Raises:
        ValueError: in French, for what is no number or has more than twelve figures before its comma.
    """
    net = _AUTOUR.sub("", texte).replace(",", ".").replace(MOINS, "-")
    if not _CHIFFRES.fullmatch(net):
        raise ValueError(f"« {texte} » n’est pas un nombre. Écrivez par exemple 57,5.")
    return Decimal(net)


def pourcent(valeur: Nombre | None, decimales: int = 1) -> str:
    """Write a percentage given on a scale of 100: « 54,3 % »."""
    return nombre(valeur) if valeur is None else f"{nombre(valeur, decimales)}{INSECABLE}%"


def points(valeur: Nombre | None, decimales: int = 1) -> str:
    """Write a difference of percentages: « −3,7 points »."""
    if valeur is None:
        return nombre(valeur)
    unite = "point" if abs(arrondir(Decimal(valeur), decimales)) < 2 else "points"
    return f"{nombre(valeur, decimales, signe=True)}{INSECABLE}{unite}"


def euros(valeur: Nombre | None, decimales: int = 0) -> str:
    """Write an amount: « 430 578 € »; two decimals only inside a calculation."""
    return nombre(valeur) if valeur is None else f"{nombre(valeur, decimales)}{INSECABLE}€"


def etp(valeur: Nombre | None, decimales: int = 2) -> str:
    """Write full-time equivalents: « 12,08 ETP »."""
    return nombre(valeur) if valeur is None else f"{nombre(valeur, decimales)}{INSECABLE}ETP"


def jour(valeur: date | None, *, semaine: bool = False) -> str:
    """Write a date in words: « 1er mars 2026 », « jeudi 15 octobre 2026 »."""
    if valeur is None:
        return f"n.{FINE}d."
    quantieme = "1er" if valeur.day == 1 else str(valeur.day)
    texte = f"{quantieme}{INSECABLE}{MOIS[valeur.month - 1]}{INSECABLE}{valeur.year}"
    return f"{JOURS[valeur.weekday()]} {texte}" if semaine else texte


def mois(annee: int, rang: int) -> str:
    """Write a month: « septembre 2026 »."""
    return f"{MOIS[rang - 1]}{INSECABLE}{annee}"


def pluriel(compte: Nombre, singulier: str, au_pluriel: str | None = None, *, decimales: int = 0) -> str:
    """Write a count and its noun: « 1 sortie », « 1,5 heure », « 3 sorties »; French plural starts at two."""
    mot = singulier if abs(arrondir(Decimal(compte), decimales)) < 2 else (au_pluriel or f"{singulier}s")
    return f"{nombre(compte, decimales)}{INSECABLE}{mot}"


def minuscule(texte: str) -> str:
    """Write a label inside a sentence: its first letter alone changes, « À l’État de répondre » keeps its État."""
    return f"{texte[:1].lower()}{texte[1:]}"


def majuscule(texte: str) -> str:
    """Write a label at the head of a sentence: its first letter alone changes."""
    return f"{texte[:1].upper()}{texte[1:]}"


def courber(texte: str) -> str:
    """Write the apostrophe of typographers: people type « l'emploi », a page and a document print « l’emploi »."""
    return _ELISION.sub("’", texte)


def soigner(texte: str) -> str:
    """Write a sentence as it is printed: curved apostrophes, and no line begun by « ; », « : » or a closing « » »."""
    return _ESPACE.sub(INSECABLE, courber(texte))


def enumeration(elements: Sequence[str], conjonction: str = "et") -> str:
    """Join words as in a sentence: « EI, AI et ACI »."""
    if len(elements) < 2:
        return "".join(elements)
    return f"{', '.join(elements[:-1])} {conjonction} {elements[-1]}"


def siret(valeur: str) -> str:
    """Write a SIRET in groups: « 123 456 789 00012 »."""
    if len(valeur) != 14:
        return valeur
    return INSECABLE.join((valeur[:3], valeur[3:6], valeur[6:9], valeur[9:]))
