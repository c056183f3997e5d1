"""Counting many bits at once: three counters of 21 bits in every 64-bit sum. Pure.

A person is an integer of bits (a month, a modality). Counting who has each bit takes one sum per bit; spreading three
bits over one word makes it one sum for three. A counter holds 2 097 151 persons, and persons are summed by lots of
2**20 at most: no counter ever runs over into the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

LARGEUR, PAR_MOT, LOT = 21, 3, 20
PLEIN = (1 << LARGEUR) - 1


@dataclass
class Compteurs:
    """Words to sum, each by its SQL, and where each counter asked for is found.

    Attributes:
        mots: SQL of every word, in the order of their names `w0`, `w1`…
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
        for debut in range(0, nombre, PAR_MOT):
            combien = min(PAR_MOT, nombre - debut)
            lus += range(len(self.mots) * PAR_MOT, len(self.mots) * PAR_MOT + combien)
            self.mots.append(etaler(expression, premier + debut * pas, combien, pas))
        return tuple(lus)


def etaler(expression: str, premier: int, nombre: int, pas: int = 1) -> str:
    """SQL of a word that has each of some bits (three at most, `pas` apart) in the counter of its rank."""
    bits = sum(1 << (rang * pas) for rang in range(nombre))
    lus = f"(({expression} >> {premier}) & {bits})" if premier else f"({expression} & {bits})"
    if nombre == 1:
        return lus
    # Multiplying copies the bits; each copy has one bit in its place, and no two copies touch the same place.
    copies = sum(1 << (rang * (LARGEUR - pas)) for rang in range(nombre))
    places = sum(1 << (rang * LARGEUR) for rang in range(nombre))
    return f"(({lus} * {copies}) & {places})"


def extraire(mot: str, rang: int) -> str:
    """SQL of the counter of a rank in a summed word."""
    return f"(({mot} >> {rang * LARGEUR}) & {PLEIN})"


def extraire_tous(mots: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the counters of summed words, three columns for each."""
    rangs = np.arange(PAR_MOT, dtype=np.int64) * LARGEUR
    return ((mots[:, :, None] >> rangs) & PLEIN).reshape(len(mots), mots.shape[1] * PAR_MOT)
