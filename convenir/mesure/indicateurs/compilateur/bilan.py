"""The same indicators from figures already summed by annexe, for those the nominative views cannot feed."""

from __future__ import annotations

from collections.abc import Iterable

from convenir.mesure.indicateurs.chargement import colonnes_de
from convenir.mesure.indicateurs.compilateur.cellules import Annee, Cellule
from convenir.mesure.indicateurs.compilateur.enumerations import constante
from convenir.mesure.indicateurs.compilateur.nombres import DECIMALES, rapport
from convenir.mesure.indicateurs.compilateur.sommes import Sommes
from convenir.mesure.indicateurs.definitions import Catalogue, Indicateur, Source, ValeurAgregee
from convenir.mesure.indicateurs.valeurs import Statut, Unite

SOURCE = Source("bilan", "Bilans des annexes", "quantites", "siae", (), (), (), {})
ECHELLE_ETP = 4


def cellules_du_bilan(
    catalogue: Catalogue, sommes: Sommes, indisponibles: Iterable[Indicateur], annee: Annee, presentes: frozenset[str]
) -> list[Cellule]:
    """Return the cells that the view of aggregates can feed.

    Args:
        catalogue: the definitions.
        sommes: sums asked for.
        indisponibles: indicators that no nominative view feeds.
        annee: the year.
        presentes: columns really delivered.
    """
    voulus = {i.code: i for i in indisponibles}
    return [
        _cellule(voulus[valeur.indicateur], valeur, sommes, annee)
        for valeur in catalogue.agregees
        if valeur.indicateur in voulus and colonnes_de(valeur.numerateur) <= presentes
    ]


def _cellule(indicateur: Indicateur, valeur: ValeurAgregee, sommes: Sommes, annee: Annee) -> Cellule:
    decimales = DECIMALES[Unite(indicateur.unite)]
    haut = sommes.demander(valeur.numerateur, [])
    manquant, disponible = (constante("statut", s) for s in (Statut.MANQUANT, Statut.DISPONIBLE))
    connu = f"CASE WHEN {haut} IS NULL THEN {manquant} ELSE {disponible} END"
    cle = (str(annee.annee), valeur.ventilation, f"'{valeur.modalite}'")
    if valeur.denominateur:
        bas = sommes.demander(valeur.denominateur, [])
        statut = f"CASE WHEN COALESCE({bas}, 0) = 0 THEN {constante('statut', indicateur.vide)} ELSE {connu} END"
        taux = rapport(haut, bas, indicateur.facteur, (0, 0))
        return _faire(indicateur, cle, (haut, bas, taux), (0, 0, 6), statut)
    if indicateur.unite == Unite.ETP:
        haut = f"{haut} * {10 ** (decimales - ECHELLE_ETP)}"
    return _faire(indicateur, cle, (haut, "NULL", haut), (decimales, 0, decimales), connu)


def _faire(
    indicateur: Indicateur,
    cle: tuple[str, str, str],
    valeurs: tuple[str, str, str],
    decimales: tuple[int, int, int],
    statut: str,
) -> Cellule:
    periode, ventilation, modalite = cle
    return Cellule(
        indicateur.code, indicateur.niveaux, "annee", f"'{periode}'", ventilation, modalite, *valeurs, decimales,
        statut,
        "NULL", "BilanAnnexe",
    )  # fmt: skip
