"""What a work of the register is, and what makes it acceptable. Pure: no database, no clock, no Django.

Text: relevé de conclusions of December 2011, annexe 2, 4 (axes 4 and 5) and step 4 of the method (partnerships,
contributions, diagnoses).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import pluriel

PARTENAIRES_MAX = 30
NOM_MAX = 120
ETP_MAX = Decimal("99.99")
MOTIF_MIN = 10
_COURRIEL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?<!\d)(?:\+33[\s.]?[1-9]|0[1-9])(?:[\s.-]?\d{2}){4}(?!\d)")


class Genre(StrEnum):
    """What the work is, in the words of the text."""

    PARTENARIAT = "partenariat"
    ETUDE = "etude"
    DIAGNOSTIC = "diagnostic"
    PROJET = "projet"


class Axe(StrEnum):
    """The axis of the offer of service it belongs to."""

    EXPERTISE = "4"
    INGENIERIE = "5"


# One word, several; the dictionary of a page and the sentence of a count read the same.
GENRES: Mapping[str, tuple[str, str]] = {
    Genre.PARTENARIAT: ("partenariat", "partenariats"),
    Genre.ETUDE: ("étude", "études"),
    Genre.DIAGNOSTIC: ("diagnostic", "diagnostics"),
    Genre.PROJET: ("projet", "projets"),
}
AXES: Mapping[str, str] = {
    Axe.EXPERTISE: "Axe 4, expertise et observation active du territoire",
    Axe.INGENIERIE: "Axe 5, ingénierie de projet et animation locale",
}


@dataclass(frozen=True)
class TravailEcrit:
    """A work as its mission locale writes it.

    Attributes:
        partenaires: names of bodies, never of persons.
        fin: last day; None while it goes on.
        etp: full-time equivalents the mission locale says it spent over a year; None when it does not say.
    """

    genre: str
    axe: str
    intitule: str
    partenaires: tuple[str, ...]
    territoire: str
    debut: date
    fin: date | None
    livrable: str
    etp: Decimal | None


def verifier(ecrit: TravailEcrit) -> None:
    """Check a work before it is kept.

    Raises:
        EntreeInvalide: unknown kind or axis, no title or territory, a partnership without partner, an end before the
            start, an ETP out of bounds, a mail address or a telephone number in a text.
    """
    if ecrit.genre not in GENRES:
        raise EntreeInvalide("Choisissez le genre du travail : partenariat, étude, diagnostic ou projet.")
    if ecrit.axe not in AXES:
        raise EntreeInvalide("Choisissez l'axe du travail : 4 ou 5.")
    if not ecrit.intitule.strip() or not ecrit.territoire.strip():
        raise EntreeInvalide("Donnez l'intitulé du travail et son territoire.")
    if ecrit.genre == Genre.PARTENARIAT and not ecrit.partenaires:
        raise EntreeInvalide("Un partenariat se fait avec au moins un partenaire. Écrivez son nom.")
    if ecrit.fin is not None and ecrit.fin < ecrit.debut:
        raise EntreeInvalide("Le travail finit avant de commencer. Corrigez l'une des deux dates.")
    if ecrit.etp is not None and not 0 <= ecrit.etp <= ETP_MAX:
        raise EntreeInvalide("Les ETP vont de 0 à 99,99. Laissez vide si vous ne les connaissez pas.")
    _sans_coordonnees((ecrit.intitule, ecrit.territoire, ecrit.livrable, *ecrit.partenaires))


def _sans_coordonnees(textes: Iterable[str]) -> None:
    for texte in textes:
        if _COURRIEL.search(texte) or _TELEPHONE.search(texte):
            raise EntreeInvalide(
                f"« {texte[:60]} » contient une adresse électronique ou un numéro de téléphone. Retirez-le : "
                "le registre nomme des organismes, pas des personnes."
            )


def lire_partenaires(texte: str) -> tuple[str, ...]:
    """Read the partners typed one a line; blank lines and repeats are dropped, the order is kept.

    Raises:
        EntreeInvalide: too many, or a name too long.
    """
    noms = tuple(dict.fromkeys(" ".join(ligne.split()) for ligne in texte.splitlines() if ligne.strip()))
    if len(noms) > PARTENAIRES_MAX:
        raise EntreeInvalide(f"{PARTENAIRES_MAX} partenaires au plus. Regroupez-les.")
    if longs := [n for n in noms if len(n) > NOM_MAX]:
        raise EntreeInvalide(f"« {longs[0][:60]}… » dépasse {NOM_MAX} signes. Un partenaire par ligne.")
    return noms


def verifier_motif(motif: str) -> str:
    """Return the reason of a withdrawal, without blanks around.

    Raises:
        EntreeInvalide: it says nothing.
    """
    propre = motif.strip()
    if len(propre) < MOTIF_MIN:
        raise EntreeInvalide("Dites pourquoi ce travail est retiré : le service de l'État lit ce motif.")
    return propre


def touche_lannee(debut: date, fin: date | None, annee: int) -> bool:
    """Tell whether a work took place, even in part, during a civil year."""
    return debut.year <= annee and (fin is None or fin.year >= annee)


@dataclass(frozen=True)
class Decompte:
    """How many works of each kind a mission locale has described; counts of lines, not a measure of the axes."""

    par_genre: Mapping[str, int]

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.par_genre.values())

    @property
    def lignes(self) -> list[tuple[str, str, int]]:
        """(kind, its words, count), every kind, zero included, in the order of the text."""
        return [(g, mots[n > 1], n) for g, mots in GENRES.items() for n in [self.par_genre.get(g, 0)]]

    @property
    def morceaux(self) -> list[tuple[str, str, str]]:
        """(kind, « 3 partenariats », what separates it from the next), for a sentence whose counts are links."""
        dits = [(g, pluriel(n, *GENRES[g])) for g, _, n in self.lignes if n]
        suites = [", "] * (len(dits) - 2) + [" et "] * (len(dits) > 1) + [""]
        return [(g, dit, suite) for (g, dit), suite in zip(dits, suites, strict=False)]

    @property
    def phrase(self) -> str:
        """« 3 partenariats, 1 étude et 2 projets », or that nothing is written."""
        return "".join(dit + suite for _, dit, suite in self.morceaux) or "aucun travail inscrit"
