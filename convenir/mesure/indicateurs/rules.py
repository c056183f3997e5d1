"""Reading aids computed the same way everywhere: interval of a rate, bounds, nearest rank, secrecy. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import TypeVar

from convenir.mesure.indicateurs.definitions import Ventilation
from convenir.mesure.indicateurs.valeurs import Valeurs
from convenir.socle.commun.montants import arrondir

Z_95 = Decimal("1.959963984540054")
CENT = Decimal(100)
C = TypeVar("C")


def intervalle_wilson(succes: int, effectif: int, z: Decimal = Z_95) -> tuple[Decimal, Decimal] | None:
    """Return the Wilson interval of a rate, in percent with six decimals; None when there is nobody.

    Raises:
        ValueError: if `succes` is negative or over `effectif`.
    """
    if not 0 <= succes <= effectif:
        raise ValueError("Le nombre de succès est compris entre 0 et l'effectif.")
    if effectif == 0:
        return None
    n, p = Decimal(effectif), Decimal(succes) / Decimal(effectif)
    z2 = z * z
    centre = p + z2 / (2 * n)
    ecart = z * ((p * (1 - p) + z2 / (4 * n)) / n).sqrt()
    bas, haut = ((centre - ecart) / (1 + z2 / n), (centre + ecart) / (1 + z2 / n))
    return arrondir(max(bas, Decimal(0)) * CENT, 6), arrondir(min(haut, Decimal(1)) * CENT, 6)


def effectif_vise(objectif: Decimal, effectif: int) -> int:
    """Return how many of `effectif` reach a rate of `objectif` percent: the next whole person."""
    return int((objectif * effectif / CENT).to_integral_value(rounding=ROUND_CEILING))


def bornes_du_taux(numerateur: int, inconnus: int, denominateur: int) -> tuple[Decimal, Decimal] | None:
    """Return the rate if no unknown reason were dynamic, and if all were, in percent; None when there is nobody."""
    if denominateur == 0:
        return None
    bas, haut = (CENT * n / denominateur for n in (numerateur, numerateur + inconnus))
    return arrondir(bas, 6), arrondir(haut, 6)


def rang_proche(valeurs: Sequence[Decimal], centieme: int) -> Decimal | None:
    """Return a percentile by nearest rank; None when there is no value.

    Args:
        valeurs: in any order.
        centieme: 1 to 100 (25, 50, 75 for the quartiles).
    """
    if not valeurs:
        return None
    return sorted(valeurs)[-(-len(valeurs) * centieme // 100) - 1]


def masquer_serie(comptes: Mapping[C, int], seuil: int) -> set[C]:
    """Choose what to mask in counts whose total is published: the small ones, and one more if a single one is masked.

    Args:
        comptes: count by modality or territory.
        seuil: counts from 1 to `seuil` − 1 are masked.
    """
    caches = {cle for cle, compte in comptes.items() if 0 < compte < seuil}
    if len(caches) == 1:
        restants = [(compte, str(cle), cle) for cle, compte in comptes.items() if cle not in caches and compte > 0]
        if restants:
            caches.add(min(restants)[2])
    return caches


def appliquer_secret(valeurs: Valeurs, ventilations: Iterable[Ventilation], seuil: int) -> Valeurs:
    """Mask the small counts of sensitive breakdowns, the rates that would give them back, one count more if needed.

    The total of a breakdown being published, two counts at least are hidden or none: a single one would be found by
    difference.

    Args:
        valeurs: values of one territory.
        ventilations: breakdowns of the catalogue; those marked `sensible` are masked.
        seuil: parameter `secret.seuil`.
    """
    sensibles = {v.code for v in ventilations if v.sensible}
    petites: set[tuple[str, str, str]] = set()
    groupes: dict[tuple[str, str, str], dict[str, int]] = {}
    for v in valeurs:
        if v.ventilation in sensibles and v.numerateur is not None:
            groupes.setdefault((v.indicateur, v.ventilation, v.periode), {})[v.modalite] = int(v.numerateur)
    for (_, ventilation, periode), comptes in groupes.items():
        petites |= {(ventilation, m, periode) for m in masquer_serie(comptes, seuil)}
    return valeurs.remplacer([v.cachee() for v in valeurs if (v.ventilation, v.modalite, v.periode) in petites])
