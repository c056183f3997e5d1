"""Which counts to mask: the small ones, then those whose publication would give a masked one back. Pure.

The method is that of the trade for linked tables of any shape (Kelly, Golden and Assad 1992; CONFID of Statistics
Canada): for each masked count in turn, a linear programme looks for the cheapest deviation of the whole table that
moves it far enough while every published relation still holds; what the deviation moves is masked.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping
from math import log1p

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from convenir.mesure.indicateurs.secret.relations import C, Relation, Reseau, compiler

# Cells let free in a programme, tried in turn: the neighbours first, all of them last.
VOISINAGES = (60, 250, 1_000, 4_000)
# A mask costs the count it hides, plus a share for the line that it spoils. Printing a zero says nothing of anyone: it
# is masked only when nothing else can be.
COUT_DUNE_LIGNE = 20
COUT_DUN_ZERO = 100_000
# Above this number of masks, looking for needless ones would cost more than it would print.
A_ALLEGER = 400
# A count moves by at most so many times the width to protect.
PORTEE = 5
NUL = 1e-6


def supprimer(
    comptes: Mapping[C, int], relations: Iterable[Relation[C]], seuil: int, largeur: int | None = None,
    *, restes: bool = True,
) -> set[C]:  # fmt: skip
    """Return the counts to mask.

    Every masked count, and every small remainder of a « dont », is left able to take values over an interval at least
    `largeur` wide, given all that stays printed and every relation. The same cells come out at every run.

    Args:
        comptes: persons or events counted, by cell.
        relations: what a reader knows of how the cells hang together.
        seuil: parameter `secret.seuil`: counts from 1 to `seuil` − 1 are masked.
        largeur: parameter `secret.largeur`; `seuil` − 1 if None: a small count may then be anything from 0 to that.
        restes: parameter `secret.restes`: protect what is left of a total once its « dont » is taken away.
    """
    largeur = seuil - 1 if largeur is None else largeur
    reseau = compiler(comptes, relations, PORTEE * largeur)
    if not restes:
        reseau.restes.clear()
    masque = _Masque(reseau, seuil, largeur)
    masque.etendre()
    if len(masque.caches) <= A_ALLEGER:
        masque.alleger()
    return {reseau.cles[i] for i in masque.caches}


class _Masque:
    """The masked cells of a network, grown until each is protected."""

    def __init__(self, reseau: Reseau[C], seuil: int, largeur: int) -> None:
        self.reseau, self.largeur = reseau, largeur
        petites = {i for i, n in enumerate(reseau.valeurs) if 0 < n < seuil}
        publiees = range(reseau.publiees())
        self.primaires = {i for i in petites if i in publiees}
        self.caches = set(self.primaires)
        self.restes = petites & reseau.restes
        self.prouvees: set[tuple[int, int]] = set()

    def etendre(self) -> None:
        """Mask what must be so that every masked cell can move."""
        valeurs = self.reseau.valeurs
        a_faire = deque(sorted(self.primaires | self.restes, key=lambda i: (valeurs[i], i)))
        while a_faire:
            cellule = a_faire.popleft()
            for choix in self._ecarts(cellule):
                essais = (self._deplacees(cellule, ecart) for ecart in choix)
                nouvelles = sorted(self._la_moins_chere(essais))
                self.caches.update(nouvelles)
                a_faire.extend(nouvelles)

    def _la_moins_chere(self, essais: Iterable[set[int]]) -> set[int]:
        """Return the first deviation that masks nothing more, else the one that costs least."""
        lus = []
        for essai in essais:
            if not essai:
                return essai
            lus.append(essai)
        return min(lus, key=lambda e: sum(map(self._cout, e)))

    def alleger(self) -> None:
        """Print again what later masks have made needless to mask."""
        secondaires = self.caches - self.primaires
        for cellule in sorted(secondaires, key=lambda i: (-self.reseau.valeurs[i], i)):
            self.caches.discard(cellule)
            self.prouvees.clear()
            if not all(self._protegee(v) for v in self._liees(cellule)):
                self.caches.add(cellule)

    def _ecarts(self, cellule: int) -> list[tuple[int, ...]]:
        """Return the deviations a cell must allow: one of each list.

        A small count may be anything from 0 to the width; another masked one only needs to be uncertain, either way.
        """
        n = self.reseau.valeurs[cellule]
        if cellule in self.primaires or cellule in self.restes:
            bas = min(n, self.largeur)
            return [(e,) for e in (-bas, self.largeur - bas) if e]
        return [(-self.largeur, self.largeur) if n >= self.largeur else (self.largeur,)]

    def _protegee(self, cellule: int) -> bool:
        autour = self._parcourir([cellule])
        return all(any(self._possible(cellule, ecart, autour) for ecart in choix) for choix in self._ecarts(cellule))

    def _possible(self, cellule: int, ecart: int, libres: list[int]) -> bool:
        return (cellule, ecart) in self.prouvees or self._programme(cellule, ecart, libres) is not None

    def _cachee(self, cellule: int) -> bool:
        return cellule >= self.reseau.publiees() or cellule in self.caches

    def _cout(self, cellule: int) -> int:
        if self._cachee(cellule):
            return 0
        return COUT_DUNE_LIGNE + (self.reseau.valeurs[cellule] or COUT_DUN_ZERO)

    def _deplacees(self, cellule: int, ecart: int) -> set[int]:
        """Return the published cells that the cheapest deviation moves."""
        if (cellule, ecart) in self.prouvees:
            return set()
        for taille in (*VOISINAGES, len(self.reseau.valeurs)):
            libres = self._voisinage(cellule, taille)
            trouve = self._programme(cellule, ecart, libres)
            complet = len(libres) < taille or taille >= VOISINAGES[1]
            if trouve is not None and (complet or not trouve):
                return trouve
        raise AssertionError("Une déviation existe toujours : celle de tous les totaux.")

    def _voisinage(self, cellule: int, taille: int) -> list[int]:
        """Return the cells nearest to one, the cheapest paths first."""
        vues, file = {cellule}, [(0.0, cellule)]
        libres: list[int] = []
        while file and len(libres) < taille:
            distance, courante = heapq.heappop(file)
            libres.append(courante)
            for ligne in self.reseau.de[courante]:
                for voisine, _ in self.reseau.lignes[ligne]:
                    if voisine not in vues:
                        vues.add(voisine)
                        heapq.heappush(file, (distance + 1 + log1p(self._cout(voisine)) / 4, voisine))
        return libres

    def _liees(self, cellule: int) -> list[int]:
        """Return the cells to protect that a cell, now printed, helped to move; itself is no longer one of them."""
        voisines = {v for ligne in self.reseau.de[cellule] for v, _ in self.reseau.lignes[ligne]} - {cellule}
        a_proteger = self.caches | self.restes
        return [v for v in self._parcourir(sorted(v for v in voisines if self._cachee(v))) if v in a_proteger]

    def _parcourir(self, depart: list[int]) -> list[int]:
        """Return the masked cells reached from some, row by row."""
        vues, file = set(depart), deque(depart)
        while file:
            for ligne in self.reseau.de[file.popleft()]:
                for voisine, _ in self.reseau.lignes[ligne]:
                    if voisine not in vues and self._cachee(voisine):
                        vues.add(voisine)
                        file.append(voisine)
        return sorted(vues)

    def _programme(self, cellule: int, ecart: int, libres: list[int]) -> set[int] | None:
        """Solve the programme over some cells; return the published cells moved, None when there is no solution."""
        deviations = self._resoudre(cellule, ecart, libres)
        if deviations is None:
            return None
        # What moves all the way along with this cell is protected too.
        loin = {c: d for c, d in deviations.items() if abs(d) > self.largeur - NUL}
        self.prouvees |= {(c, self.largeur if d > 0 else -self.largeur) for c, d in loin.items()}
        return {c for c in deviations if not self._cachee(c)}

    def _resoudre(self, cellule: int, ecart: int, libres: list[int]) -> dict[int, float] | None:
        """Minimise what is masked; each cell has two variables, its rise and its fall."""
        n, i = len(libres), libres.index(cellule)
        portee = self.reseau.portee
        bornes = [(0, portee)] * n + [(0, min(portee, self.reseau.valeurs[c])) for c in libres]
        bornes[i], bornes[n + i] = (max(ecart, 0),) * 2, (max(-ecart, 0),) * 2
        egales = self._egalites(libres)
        resultat = linprog(
            2 * [self._cout(c) for c in libres], A_eq=egales, b_eq=np.zeros(egales.shape[0]), bounds=bornes,
            method="highs",
        )  # fmt: skip
        if not resultat.success:
            return None
        ecarts = resultat.x[:n] - resultat.x[n:]
        return {c: d for c, d in zip(libres, ecarts, strict=True) if abs(d) > NUL}

    def _egalites(self, libres: list[int]) -> csr_array:
        """Write every row that a free cell is in, the other cells staying where they are."""
        n, rang = len(libres), {c: i for i, c in enumerate(libres)}
        lignes = sorted({ligne for c in libres for ligne in self.reseau.de[c]})
        termes = [
            (numero, rang[c] + cote, coefficient * signe)
            for numero, ligne in enumerate(lignes)
            for c, coefficient in self.reseau.lignes[ligne]
            if c in rang
            for cote, signe in ((0, 1), (n, -1))
        ]
        ou, qui, combien = zip(*termes, strict=True) if termes else ((), (), ())
        return csr_array((combien, (ou, qui)), shape=(len(lignes), 2 * n))
