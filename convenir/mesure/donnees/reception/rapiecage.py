"""Mending of lines cut by a stray line break, without ever guessing where a value belongs.

A record has a known number of separators. A line with fewer is joined with the next ones until the number is right;
a line without any separator continues the last field of the record before it; a record whose number cannot be right
is set aside. What is decided does not depend on where the blocks are cut: the last record of a block, which the next
line may still continue, is held back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

SUITE_MAX = 1000
_BON, _RECOLLE, _ECARTE, _COUPE, _VIDE = "bon", "recolle", "ecarte", "coupe", "vide"


@dataclass(frozen=True)
class Ecart:
    """A record that could not be read: its first line, and its number of fields."""

    ligne: int
    champs: int


@dataclass
class Rapiecage:
    """Mended lines of a block, the line of the file where each record begins, and what is held for the next block."""

    octets: bytes
    lignes: npt.NDArray[np.int64]
    reste: bytes = b""
    ligne_du_reste: int = 0
    recollees: list[int] = field(default_factory=list)
    ecartees: list[Ecart] = field(default_factory=list)
    coupee: Ecart | None = None


@dataclass
class _Unite:
    """Consecutive lines with one fate: `bon` holds one record per line, the others one record in all."""

    genre: str
    debut: int
    fin: int


def rapiecer(octets: bytes, separateurs: int, premiere: int, *, dernier: bool, fin_annoncee: bool) -> Rapiecage:
    """Mend a block of whole lines.

    Args:
        octets: whole lines, the first of which begins a record.
        separateurs: number of separators of a record.
        premiere: line number, in the file, of the first line.
        dernier: nothing follows.
        fin_annoncee: a FIN line was found, hence the file is not cut.
    """
    if b"\r" in octets:
        octets = octets.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    return _Atelier(octets, separateurs, premiere).travailler(dernier=dernier, fin_annoncee=fin_annoncee)


class _Atelier:
    def __init__(self, octets: bytes, separateurs: int, premiere: int) -> None:
        self._octets, self._attendus, self._premiere = octets, separateurs, premiere
        tableau = np.frombuffer(octets, dtype=np.uint8)
        self._fins = np.flatnonzero(tableau == ord("\n"))
        self._debuts = np.concatenate(([0], self._fins[:-1] + 1))
        barres = np.searchsorted(np.flatnonzero(tableau == ord("|")), self._fins)
        self._comptes = np.diff(barres, prepend=0)
        self._unites: list[_Unite] = []

    def travailler(self, *, dernier: bool, fin_annoncee: bool) -> Rapiecage:
        total = len(self._fins)
        rang = 0
        for mauvais in np.flatnonzero(self._comptes != self._attendus):
            if mauvais < rang:
                continue
            if mauvais > rang:
                self._unites.append(_Unite(_BON, rang, int(mauvais)))
            rang = self._traiter(int(mauvais), total)
        if rang < total:
            self._unites.append(_Unite(_BON, rang, total))
        coupee = self._coupee(fin_annoncee=fin_annoncee) if dernier else None
        reste = total if dernier else self._retenir()
        return self._assembler(reste, coupee)

    def _traiter(self, rang: int, total: int) -> int:
        """Settle the bad line `rang`; return the next line to look at."""
        compte = int(self._comptes[rang])
        if compte > self._attendus:
            self._unites.append(_Unite(_ECARTE, rang, rang + 1))
            return rang + 1
        if compte == 0:
            self._continuer(rang)
            return rang + 1
        return self._recoller(rang, total)

    def _continuer(self, rang: int) -> None:
        """A line without separator continues the record before it."""
        vide = not self._ligne(rang).strip()
        avant = self._unites[-1] if self._unites else None
        if avant is None or avant.genre == _VIDE or (avant.fin - avant.debut > SUITE_MAX and avant.genre != _BON):
            self._unites.append(_Unite(_VIDE if vide else _ECARTE, rang, rang + 1))
        elif avant.genre == _BON:
            avant.fin -= 1
            if avant.fin == avant.debut:
                self._unites.pop()
            self._unites.append(_Unite(_RECOLLE, rang - 1, rang + 1))
        else:
            avant.fin = rang + 1

    def _recoller(self, rang: int, total: int) -> int:
        somme, suivant = int(self._comptes[rang]), rang + 1
        while (
            somme < self._attendus
            and suivant < total
            and suivant - rang < SUITE_MAX
            and somme + self._comptes[suivant] <= self._attendus
        ):
            somme += int(self._comptes[suivant])
            suivant += 1
        a_suivre = suivant == total and suivant - rang < SUITE_MAX
        genre = _RECOLLE if somme == self._attendus else _COUPE if a_suivre else _ECARTE
        self._unites.append(_Unite(genre, rang, suivant))
        return suivant

    def _retenir(self) -> int:
        """Take back the last record, that the next block may continue; return its first line."""
        unite = self._unites[-1]
        if unite.genre == _BON:
            unite.fin -= 1
            return unite.fin
        self._unites.pop()
        return unite.debut

    def _coupee(self, *, fin_annoncee: bool) -> Ecart | None:
        """Tell whether the last line has fewer fields than the others: the file was cut."""
        unite = next((u for u in reversed(self._unites) if u.genre != _VIDE), None)
        if unite is None or unite.genre == _BON:
            return None
        if unite.genre == _COUPE:
            return self._ecart(unite)
        derniere = unite.fin - 1
        if not fin_annoncee and not self._comptes[derniere] and self._ligne(derniere).strip():
            return Ecart(self._premiere + derniere, 1)
        return None

    def _ecart(self, unite: _Unite) -> Ecart:
        return Ecart(self._premiere + unite.debut, int(self._comptes[unite.debut : unite.fin].sum()) + 1)

    def _assembler(self, reste: int, coupee: Ecart | None) -> Rapiecage:
        morceaux: list[bytes] = []
        rangs: list[npt.NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
        fait = Rapiecage(b"", rangs[0], coupee=coupee)
        for unite in self._unites:
            if unite.genre == _BON and unite.debut < unite.fin:
                morceaux.append(self._octets[self._debuts[unite.debut] : self._fins[unite.fin - 1] + 1])
                rangs.append(np.arange(unite.debut, unite.fin, dtype=np.int64))
            elif unite.genre == _RECOLLE:
                pleines = [x for x in map(self._ligne, range(unite.debut, unite.fin)) if x.strip()]
                morceaux.append(b" ".join(pleines) + b"\n")
                rangs.append(np.array([unite.debut], dtype=np.int64))
                fait.recollees += [self._premiere + unite.debut] if len(pleines) > 1 else []
            elif unite.genre in (_ECARTE, _COUPE):
                fait.ecartees.append(self._ecart(unite))
        fait.octets = b"".join(morceaux)
        fait.lignes = np.concatenate(rangs) + self._premiere
        if reste < len(self._fins):
            fait.reste, fait.ligne_du_reste = self._octets[self._debuts[reste] :], self._premiere + reste
        return fait

    def _ligne(self, rang: int) -> bytes:
        return self._octets[self._debuts[rang] : self._fins[rang]]
