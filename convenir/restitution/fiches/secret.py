"""Who may read the small counts of sensitive marks, and what the others read instead (décisions, § 1)."""

from __future__ import annotations

from collections.abc import Mapping

from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.definitions import Ventilation
from convenir.mesure.indicateurs.rules import appliquer_secret
from convenir.mesure.indicateurs.valeurs import Cle, Statut, Valeurs

Autour = Mapping[str, tuple[str, Valeurs]]
# Assez de structures pour qu'une part n'y rende le compte d'aucune.
NIVEAU_OUVERT = "france"
# L'AAH est un critère de niveau 1, la RQTH un critère de niveau 2 : moins les autres critères montrés, ils la rendent.
DEDUCTIBLES = frozenset({"iae.eligibilite.critere_niveau_1", "iae.eligibilite.criteres_niveau_2"})


def est_sensible(ventilation: str) -> bool:
    """Tell whether a breakdown is a sensitive mark, as the catalogue declares it."""
    return ventilation in {v.code for v in _sensibles()}


def _sensibles() -> list[Ventilation]:
    return [v for v in catalogue("iae").ventilations.values() if v.sensible]


def est_ouverte(valeurs: Valeurs, cle: Cle, seuil: int) -> bool:
    """Tell whether a person outside the State and the structure may open a figure of a structure onto its source.

    Args:
        valeurs: values of the structure.
        cle: indicator, breakdown, modality, period.
        seuil: parameter `secret.seuil`.
    """
    vues, _ = masquer(valeurs, {}, seuil)
    indicateur, ventilation, modalite, periode = cle
    return (
        not est_sensible(ventilation) and vues.get(indicateur, periode, ventilation, modalite).statut != Statut.SECRET
    )


def masquer(siae: Valeurs, autour: Autour, seuil: int) -> tuple[Valeurs, dict[str, tuple[str, Valeurs]]]:
    """Return the values of a structure and around it as a person outside the State and the structure reads them.

    The small counts of the structure are hidden with every rate that would give them back. Around it, sensitive marks
    are hidden whatever their count: the share of a département, less the fiches of its other structures, would give
    back the count hidden here.

    Args:
        siae: values of the structure.
        autour: level → name and values of the territory.
        seuil: parameter `secret.seuil`: counts from 1 to `seuil` − 1 are hidden.
    """
    return _sans_deduction(appliquer_secret(siae, _sensibles(), seuil)), {
        niveau: (nom, lues if niveau == NIVEAU_OUVERT else _sans_marque(lues))
        for niveau, (nom, lues) in autour.items()
    }


def _sans_marque(valeurs: Valeurs) -> Valeurs:
    return valeurs.remplacer(
        v.cachee() for v in valeurs if est_sensible(v.ventilation) and v.statut != Statut.MANQUANT
    )


def _sans_deduction(valeurs: Valeurs) -> Valeurs:
    """Hide, in the periods where a mark is hidden, what adds that mark to others that are shown."""
    caches = {v.periode for v in valeurs if v.statut == Statut.SECRET}
    return valeurs.remplacer(v.cachee() for v in valeurs if v.indicateur in DEDUCTIBLES and v.periode in caches)
