"""Shapes a YAML file must have, said as data; each refuses what it does not know, and says where.

Pure: no Django, no clock. Numbers are read from their written form, so a decimal never passes through float.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

JOUR = re.compile(r"\d{4}-\d{2}-\d{2}")
ENTIER = re.compile(r"-?(0|[1-9]\d*)")
DECIMAL = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
BOOLEENS = {"oui": True, "true": True, "non": False, "false": False}
GENRES: dict[type[Node], str] = {ScalarNode: "une valeur", SequenceNode: "une liste", MappingNode: "un groupe de clés"}


class ErreurSchema(Exception):
    """A node that does not have its shape; the loader adds the file."""

    def __init__(self, cle: str, message: str, noeud: Node) -> None:
        super().__init__(message)
        self.cle, self.message, self.ligne = cle, message, noeud.start_mark.line + 1


class Forme(Protocol):
    """Something that reads a node, or raises `ErreurSchema`."""

    def lire(self, noeud: Node, cle: str) -> Any:
        """Return the Python value of a node placed at `cle`."""
        ...


def _attendre(noeud: Node, genre: type[Node], cle: str) -> None:
    if not isinstance(noeud, genre):
        recu = GENRES.get(type(noeud), "autre chose")
        raise ErreurSchema(cle, f"{GENRES[genre]} est attendu, on lit {recu}", noeud)


def _ecrit(noeud: Node, cle: str) -> str:
    _attendre(noeud, ScalarNode, cle)
    return str(noeud.value)


@dataclass(frozen=True)
class Texte:
    """A text that is not empty; `motif` is a regular expression it must match wholly."""

    motif: str = ""
    attendu: str = ""

    def lire(self, noeud: Node, cle: str) -> str:
        """Return the text, without its outer spaces."""
        valeur = _ecrit(noeud, cle).strip()
        if not valeur:
            raise ErreurSchema(cle, "un texte est attendu, la valeur est vide", noeud)
        if self.motif and not re.fullmatch(self.motif, valeur):
            raise ErreurSchema(cle, f"« {valeur} » n'a pas la forme attendue ({self.attendu or self.motif})", noeud)
        return valeur


@dataclass(frozen=True)
class Choix:
    """One word of a closed list."""

    valeurs: tuple[str, ...]

    def lire(self, noeud: Node, cle: str) -> str:
        """Return the word."""
        valeur = _ecrit(noeud, cle)
        if valeur not in self.valeurs:
            raise ErreurSchema(cle, f"« {valeur} » n'est pas admis ; attendu : {', '.join(self.valeurs)}", noeud)
        return valeur


@dataclass(frozen=True)
class Jour:
    """A calendar date, written AAAA-MM-JJ."""

    def lire(self, noeud: Node, cle: str) -> date:
        """Return the date; 2025-02-30 is refused."""
        valeur = _ecrit(noeud, cle)
        try:
            if not JOUR.fullmatch(valeur):
                raise ValueError
            return date.fromisoformat(valeur)
        except ValueError:
            raise ErreurSchema(cle, f"« {valeur} » n'est pas une date (attendu : AAAA-MM-JJ)", noeud) from None


@dataclass(frozen=True)
class Entier:
    """A whole number."""

    def lire(self, noeud: Node, cle: str) -> int:
        """Return the number."""
        valeur = _ecrit(noeud, cle)
        if not ENTIER.fullmatch(valeur):
            raise ErreurSchema(cle, f"« {valeur} » n'est pas un nombre entier", noeud)
        return int(valeur)


@dataclass(frozen=True)
class Nombre:
    """A decimal number with a point, read exactly."""

    def lire(self, noeud: Node, cle: str) -> Decimal:
        """Return the number as written."""
        valeur = _ecrit(noeud, cle)
        if not DECIMAL.fullmatch(valeur):
            raise ErreurSchema(cle, f"« {valeur} » n'est pas un nombre (attendu : 1234 ou 1234.56)", noeud)
        return Decimal(valeur)


@dataclass(frozen=True)
class Booleen:
    """`oui` or `non` (`true` and `false` are read too)."""

    def lire(self, noeud: Node, cle: str) -> bool:
        """Return the truth value."""
        valeur = _ecrit(noeud, cle)
        if valeur not in BOOLEENS:
            raise ErreurSchema(cle, f"« {valeur} » n'est ni oui ni non", noeud)
        return BOOLEENS[valeur]


@dataclass(frozen=True)
class Liste:
    """A list whose elements share one shape."""

    element: Forme
    minimum: int = 0

    def lire(self, noeud: Node, cle: str) -> list[Any]:
        """Return the elements."""
        _attendre(noeud, SequenceNode, cle)
        if len(noeud.value) < self.minimum:
            raise ErreurSchema(cle, f"au moins {self.minimum} élément est attendu", noeud)
        return [self.element.lire(enfant, f"{cle}[{rang}]") for rang, enfant in enumerate(noeud.value)]


def paires(noeud: Node, cle: str) -> dict[str, tuple[Node, Node]]:
    """Return the keys of a mapping with their nodes, refusing a key written twice (YAML would keep the last)."""
    _attendre(noeud, MappingNode, cle)
    trouvees: dict[str, tuple[Node, Node]] = {}
    for noeud_cle, noeud_valeur in noeud.value:
        nom = _ecrit(noeud_cle, cle)
        if nom in trouvees:
            premiere = trouvees[nom][0].start_mark.line + 1
            raise ErreurSchema(joindre(cle, nom), f"clé écrite deux fois (déjà en ligne {premiere})", noeud_cle)
        trouvees[nom] = (noeud_cle, noeud_valeur)
    return trouvees


def joindre(cle: str, nom: str) -> str:
    """Return the path of a key inside another."""
    return f"{cle}.{nom}" if cle else nom


@dataclass(frozen=True)
class Dictionnaire:
    """Free keys whose values share one shape."""

    valeur: Forme

    def lire(self, noeud: Node, cle: str) -> dict[str, Any]:
        """Return the mapping."""
        return {nom: self.valeur.lire(v, joindre(cle, nom)) for nom, (_, v) in paires(noeud, cle).items()}


@dataclass(frozen=True)
class Objet:
    """Declared keys only: those of `requis` must be there, those of `permis` may be.

    Attributes:
        construire: makes the final value from the mapping read; a `ValueError` it raises is reported at this place.
        ligne: name under which the line of the object is added to the mapping, if any.
    """

    requis: Mapping[str, Forme]
    permis: Mapping[str, Forme] = field(default_factory=dict)
    construire: Callable[[dict[str, Any]], Any] | None = None
    ligne: str = ""

    def lire(self, noeud: Node, cle: str) -> Any:
        """Return the mapping, or what `construire` makes of it."""
        trouvees = paires(noeud, cle)
        formes = {**self.requis, **self.permis}
        for nom, (noeud_cle, _) in trouvees.items():
            if nom not in formes:
                connues = ", ".join(formes)
                raise ErreurSchema(joindre(cle, nom), f"clé inconnue ; clés admises : {connues}", noeud_cle)
        for nom in self.requis:
            if nom not in trouvees:
                raise ErreurSchema(joindre(cle, nom), "clé absente, elle est obligatoire", noeud)
        lu = {nom: formes[nom].lire(valeur, joindre(cle, nom)) for nom, (_, valeur) in trouvees.items()}
        if self.ligne:
            lu[self.ligne] = noeud.start_mark.line + 1
        return self._finir(lu, noeud, cle)

    def _finir(self, lu: dict[str, Any], noeud: Node, cle: str) -> Any:
        if self.construire is None:
            return lu
        try:
            return self.construire(lu)
        except ValueError as erreur:
            raise ErreurSchema(cle, str(erreur), noeud) from erreur


@dataclass(frozen=True)
class Scalaire:
    """A single value kept as written; its type is decided later by another key of the same object."""

    def lire(self, noeud: Node, cle: str) -> str:
        """Return the written form."""
        return _ecrit(noeud, cle)
