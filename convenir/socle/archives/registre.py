"""What may be archived: each room above declares its fonds, this one knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from convenir.socle.archives.rules import Article
from convenir.socle.archives.tableau import tableau
from convenir.socle.commun.erreurs import EntreeInvalide

ObjetDuJournal = tuple[str, str]


@dataclass(frozen=True)
class Fonds:
    """A kind of record.

    Attributes:
        code: that of the retention table, « dossiers.demande ».
        lister: from a département and a day, its records closed before that day.
        lire: from a key, the record as it is now; None when it is gone.
        effacer: from a key, erase it and return the objects of the journal whose details go with it; None where the
            fonds is never eliminated.
    """

    code: str
    lister: Callable[[str, date], Iterable[Article]]
    lire: Callable[[str], Article | None]
    effacer: Callable[[str], Iterable[ObjetDuJournal]] | None = None


_FONDS: dict[str, Fonds] = {}


def declarer(fonds: Fonds) -> Fonds:
    """Declare a fonds; declaring it twice keeps the first.

    Raises:
        ValueError: the retention table has no line for it: nothing is archived without a rule.
    """
    if fonds.code not in tableau():
        raise ValueError(f"Le tableau de conservation ne dit rien du fonds « {fonds.code} ».")
    return _FONDS.setdefault(fonds.code, fonds)


def trouver(code: str) -> Fonds:
    """Return a fonds.

    Raises:
        EntreeInvalide: no room declares it.
    """
    if code not in _FONDS:
        raise EntreeInvalide(f"Le fonds « {code} » n'est tenu par aucune page de Convenir.")
    return _FONDS[code]


def declares() -> frozenset[str]:
    """Return the codes of the fonds that rooms declare."""
    return frozenset(_FONDS)
