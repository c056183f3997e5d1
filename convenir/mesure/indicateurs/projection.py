"""Projection of the ETP of a year to 31 December, with the interval that the method's past errors justify. Pure.

Months entered, plus the seasonal profile that the category had the year before. The interval comes from what the same
method, on the same months, would have said of last year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

Mensualites = Sequence[Decimal | None]
Profil = Sequence[Decimal]
EFFECTIF_MINIMUM = 10
ZERO, CENT = Decimal(0), Decimal(100)


@dataclass(frozen=True)
class Projection:
    """Annual ETP expected, and the bounds of its interval."""

    valeur: Decimal
    basse: Decimal
    haute: Decimal


@dataclass(frozen=True)
class Reglage:
    """Parameters of the method.

    Attributes:
        niveau: share of the intervals that should hold the result, in percent.
        mois_minimum: months of history under which nothing is said.
    """

    niveau: Decimal
    mois_minimum: int


def profil(annees: Iterable[Mensualites]) -> Profil | None:
    """Return the share of each month in the year, over the SIAE with twelve months entered; None if there is none."""
    completes = [a for a in annees if all(m is not None for m in a)]
    totaux = [sum((a[m] or ZERO for a in completes), ZERO) for m in range(12)]
    total = sum(totaux, ZERO)
    return [t / total for t in totaux] if total > 0 else None


def prolonger(annee: Mensualites, mois: int, saison: Profil) -> Decimal | None:
    """Return the year expected from the entries of its first `mois` months; None when nothing is entered.

    A month without entry is left out of both sides: it is unknown, not null.
    """
    saisis = [(valeur, saison[rang]) for rang, valeur in enumerate(annee[:mois]) if valeur is not None]
    poids = sum((p for _, p in saisis), ZERO)
    return sum((v for v, _ in saisis), ZERO) / poids if poids > 0 else None


def erreurs(passees: Iterable[Mensualites], mois: int, saison: Profil) -> list[Decimal]:
    """Return result over projection of complete past years, sorted."""
    trouvees = []
    for annee in passees:
        if all(m is not None for m in annee):
            attendu = prolonger(annee, mois, saison)
            if attendu:
                trouvees.append(sum((m or ZERO for m in annee), ZERO) / attendu)
    return sorted(trouvees)


def bornes(rapports: Sequence[Decimal], niveau: Decimal) -> tuple[Decimal, Decimal]:
    """Return the ratios that leave out half of the rest on each side, by nearest rank corrected for the sample size.

    Args:
        rapports: past ratios, sorted, at least one.
        niveau: in percent.
    """
    n = len(rapports)
    queue = (CENT - niveau) / 200
    bas = int((n + 1) * queue)
    haut = -int(-((n + 1) * (1 - queue)) // 1)
    return rapports[max(bas, 1) - 1], rapports[min(haut, n) - 1]


def dernier_mois_saisi(annee: Mensualites) -> int:
    """Return the rank of the last month entered, 0 when there is none."""
    return max((rang for rang, m in enumerate(annee, start=1) if m is not None), default=0)


@dataclass(frozen=True)
class Historique:
    """Monthly ETP of one SIAE: the year to project and the two before (empty when unknown)."""

    categorie: str
    annee: Mensualites
    precedente: Mensualites
    avant: Mensualites


def projeter(siae: Mapping[str, Historique], reglage: Reglage) -> dict[str, Projection | None]:
    """Project every SIAE; None says « données insuffisantes ».

    Args:
        siae: history by SIAE code; monthly values are shares of an annual ETP (hours over hours of one ETP).
        reglage: parameters of the method.
    """
    categories = {h.categorie for h in siae.values()}
    references = {c: _reference([h for h in siae.values() if h.categorie == c]) for c in categories}
    memoire: dict[tuple[str, int], list[Decimal]] = {}
    resultat: dict[str, Projection | None] = {}
    for code, histoire in siae.items():
        reference = references[histoire.categorie]
        mois = dernier_mois_saisi(histoire.annee)
        cle = (histoire.categorie, mois)
        if reference and cle not in memoire:
            memoire[cle] = erreurs(reference.passees, mois, reference.saison_passee)
        assez = _mois_connus(histoire) >= reglage.mois_minimum and len(memoire.get(cle, ())) >= EFFECTIF_MINIMUM
        resultat[code] = (
            _projection(histoire, mois, reference.saison, memoire[cle], reglage) if reference and assez else None
        )
    return resultat


@dataclass(frozen=True)
class _Reference:
    saison: Profil
    saison_passee: Profil
    passees: list[Mensualites]


def _reference(histoires: Sequence[Historique]) -> _Reference | None:
    """Seasonal profile of last year, and the one that would have been used last year (last year's own, at worst)."""
    saison = profil(h.precedente for h in histoires if h.precedente)
    if saison is None:
        return None
    passee = profil(h.avant for h in histoires if h.avant) or saison
    return _Reference(saison, passee, [h.precedente for h in histoires if h.precedente])


def _mois_connus(histoire: Historique) -> int:
    return sum(m is not None for serie in (histoire.annee, histoire.precedente) for m in serie)


def _projection(
    histoire: Historique, mois: int, saison: Profil, rapports: Sequence[Decimal], reglage: Reglage
) -> Projection | None:
    attendu = prolonger(histoire.annee, mois, saison)
    if attendu is None:
        return None
    faits = sum((m or ZERO for m in histoire.annee[:mois]), ZERO)
    bas, haut = bornes(rapports, reglage.niveau)
    return Projection(max(attendu, faits), max(attendu * bas, faits), max(attendu * haut, faits))
