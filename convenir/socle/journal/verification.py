"""Walk the chain and locate every break: pure, over rows given in the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from convenir.socle.journal.empreintes import GENESE, empreinte_charge, empreinte_entree

Ligne = Mapping[str, Any]


@dataclass(frozen=True)
class Rupture:
    """A place where the journal is no longer what was written.

    Attributes:
        numero: number of the first entry concerned.
        nature: `alteree`, `remplacee`, `inseree`, `retiree`, `charge`, `ancre`, `fin` or `illisible`.
        message: the same in French.
    """

    numero: int
    nature: str
    message: str


class Parcours:
    """One walk along the chain; holds the last two links and what the anchors and the head expect.

    Attributes:
        effacees: number and instant of each erasure met; the caller checks that the journal tells it.
    """

    def __init__(self, attendues: Mapping[int, set[str]]) -> None:
        self.attendues = attendues
        self.effacees: list[tuple[int, datetime]] = []
        self.nombre = 0
        self.dernier = 0
        self.derniere_saine = True
        self.liens = ("", GENESE)

    def ruptures(self, lignes: Iterable[Ligne]) -> Iterator[Rupture]:
        """Yield the breaks in the order of the entries."""
        iterateur = iter(lignes)
        while True:
            try:
                ligne = next(iterateur, None)
            except (ValueError, TypeError, AttributeError) as erreur:
                yield Rupture(
                    self.dernier + 1, "illisible", f"L'entrée n° {self.dernier + 1} est illisible : {erreur}."
                )
                return
            if ligne is None:
                return
            yield from self._entree(ligne)

    def _entree(self, ligne: Ligne) -> Iterator[Rupture]:
        numero, saine = ligne["numero"], empreinte_entree(ligne) == ligne["empreinte"]
        yield from self._suite(ligne, saine)
        if not saine and not self._suit_une_insertion(ligne):
            yield Rupture(numero, "alteree", f"L'entrée n° {numero} a été altérée ou déplacée.")
        if message := defaut_de_charge(ligne):
            yield Rupture(numero, "charge", f"Entrée n° {numero} : {message}")
        if ligne["charge__effacee_le"] is not None:
            self.effacees.append((numero, ligne["charge__effacee_le"]))
        if any(attendue != ligne["empreinte"] for attendue in self.attendues.get(numero, ())):
            yield Rupture(numero, "ancre", f"L'entrée n° {numero} n'est plus celle qui avait été ancrée.")
        self.nombre += 1
        self.dernier, self.derniere_saine = numero, saine
        self.liens = (self.liens[1], ligne["empreinte"])

    def _suite(self, ligne: Ligne, saine: bool) -> Iterator[Rupture]:
        """Yield what is wrong between this entry and the one before."""
        attendu, numero = self.dernier + 1, ligne["numero"]
        if numero > attendu:
            fin = f" à {numero - 1}" if numero - 1 > attendu else ""
            yield Rupture(attendu, "retiree", f"Entrées n° {attendu}{fin} : elles manquent au journal.")
        elif self._suit_une_insertion(ligne):
            yield Rupture(self.dernier, "inseree", f"L'entrée n° {self.dernier} a été insérée après coup.")
        elif saine and self.derniere_saine and ligne["precedente"] != self.liens[1]:
            fautive = max(self.dernier, 1)
            yield Rupture(
                fautive, "remplacee", f"L'entrée n° {fautive} a été remplacée : la suivante ne la connaît pas."
            )

    def _suit_une_insertion(self, ligne: Ligne) -> bool:
        """Tell whether this entry followed the last but one, and was whole with a number smaller by one."""
        if ligne["precedente"] != self.liens[0]:
            return False
        return empreinte_entree({**ligne, "numero": ligne["numero"] - 1}) == ligne["empreinte"]


def defaut_de_charge(ligne: Ligne) -> str | None:
    """Say what is wrong with the payload of an entry, or None."""
    if ligne["charge__entree"] is None:
        return "son détail (avant, après) a été retiré."
    avant, apres, sel = ligne["charge__avant"], ligne["charge__apres"], ligne["charge__sel"]
    if ligne["charge__effacee_le"] is None:
        juste = empreinte_charge(sel, avant, apres) == ligne["charge_empreinte"]
        return None if juste else "son détail (avant, après) a été modifié."
    vide = avant is None and apres is None and sel == ""
    return None if vide else "son détail, effacé, a été rempli de nouveau."


def effacements_non_dits(effacees: Iterable[tuple[int, datetime]], dits: set[tuple[int, datetime]]) -> list[Rupture]:
    """Return the erasures met on the way that no act of the journal tells."""
    message = "son détail est marqué effacé, mais aucun acte d'effacement ne le dit."
    return [Rupture(n, "charge", f"Entrée n° {n} : {message}") for n, instant in effacees if (n, instant) not in dits]
