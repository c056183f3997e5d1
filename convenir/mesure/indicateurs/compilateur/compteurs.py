"""Counting many bits at once, in two steps: six small counters in every 64-bit sum, then three large ones. Pure.

A person is an integer of bits (a month, a modality). Counting who has each bit takes one sum per bit; spreading six
bits over one word makes it one sum for six. A small counter holds 1 023 persons: persons are first summed by lots of
2**10 numbers, of which half at most are given. These sums, few, are then added up with three counters of 20 bits in a
word, by lots of 2**20 numbers: no counter ever runs over into the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

# Small counters: what persons are summed with. Large ones: what these sums are summed with.
PETIT, PETITS_PAR_MOT, PETIT_LOT = 10, 6, 10
LARGEUR, PAR_MOT, LOT = 20, 3, 20
PLEIN = (1 << LARGEUR) - 1
_PETITS_PLEINS = sum(((1 << PETIT) - 1) << (rang * LARGEUR) for rang in range(PAR_MOT))


@dataclass
class Compteurs:
    """Words to sum, each by its SQL, and where each counter asked for is found.

    Attributes:
        mots: SQL of every word of small counters, in order.
    """

    mots: list[str] = field(default_factory=list)

    def demander(self, expression: str, premier: int, nombre: int, pas: int = 1) -> tuple[int, ...]:
        """Ask for counters of bits and return their numbers, as `extraire_tous` orders them.

        Args:
            expression: SQL of the integer.
            premier: rank of the first bit.
            nombre: how many bits.
            pas: how far apart they are.
        """
        lus: list[int] = []
        for debut in range(0, nombre, PETITS_PAR_MOT):
            combien = min(PETITS_PAR_MOT, nombre - debut)
            premier_grand = 2 * len(self.mots)
            lus += [(premier_grand + rang % 2) * PAR_MOT + rang // 2 for rang in range(combien)]
            self.mots.append(etaler(expression, premier + debut * pas, combien, pas))
        return tuple(lus)


def etaler(expression: str, premier: int, nombre: int, pas: int = 1) -> str:
    """SQL of a word that has each of some bits (six at most, `pas` apart) in the small counter of its rank."""
    bits = sum(1 << (rang * pas) for rang in range(nombre))
    lus = f"(({expression} >> {premier}) & {bits})" if premier else f"({expression} & {bits})"
    if nombre == 1:
        return lus
    # Multiplying copies the bits; each copy has one bit in its place, and no two copies touch the same place.
    copies = sum(1 << (rang * (PETIT - pas)) for rang in range(nombre))
    places = sum(1 << (rang * PETIT) for rang in range(nombre))
    return f"(({lus} * {copies}) & {places})"


def separer(mot: str) -> tuple[str, str]:
    """SQL of the two words of large counters that hold the small ones of a summed word: even ranks, then odd."""
    return f"({mot} & {_PETITS_PLEINS})", f"(({mot} >> {PETIT}) & {_PETITS_PLEINS})"


def extraire(mot: str, rang: int) -> str:
    """SQL of the large counter of a rank in a summed word."""
    return f"(({mot} >> {rang * LARGEUR}) & {PLEIN})"


def extraire_tous(mots: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the large counters of summed words, three columns for each."""
    rangs = np.arange(PAR_MOT, dtype=np.int64) * LARGEUR
    return ((mots[:, :, None] >> rangs) & PLEIN).reshape(len(mots), mots.shape[1] * PAR_MOT)
