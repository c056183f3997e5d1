"""Compact JSON form of the values of a territory, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache, partial
from typing import Any

from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grilles
from convenir.mesure.indicateurs.valeurs import Statut, Unite, Valeur, Valeurs

# One letter per status keeps the rows short: a national year has more than a million values.
LETTRES = {
    Statut.DISPONIBLE: "d",
    Statut.NON_CALCULABLE: "c",
    Statut.MANQUANT: "m",
    Statut.NON_EXPLOITABLE: "e",
    Statut.SECRET: "s",
}
STATUTS = {lettre: statut for statut, lettre in LETTRES.items()}
Ligne = tuple[str, str, str, str, str | None, str | None, str | None, str, int | None, str]


def emballer(lignes: Iterable[Ligne]) -> dict[str, Any]:
    """Return the JSON of rows (indicateur, ventilation, modalite, periode, n, d, v, statut, exclus, source)."""
    valeurs: dict[str, list[list[Any]]] = {}
    sources: dict[str, str] = {}
    for indicateur, ventilation, modalite, periode, n, d, v, statut, exclus, source in lignes:
        courte: list[Any] = [ventilation, modalite, periode, n, d, None if v == n else v, LETTRES[Statut(statut)]]
        if v == n and v is not None:
            courte[5] = "="
        if exclus is not None:
            courte.append(exclus)
        valeurs.setdefault(indicateur, []).append(courte)
        if source:
            sources.setdefault(indicateur, source)
    return {"valeurs": valeurs, "sources": sources}


@cache
def unites_de(dispositif: str) -> dict[str, str]:
    """Return the unit of every indicator of a scheme; every frame of the missions locales has the same."""
    if dispositif == "ml":
        return {code: i.unite for cadre in grilles() for code, i in catalogue_ml(cadre).indicateurs.items()}
    return {code: i.unite for code, i in catalogue(dispositif).indicateurs.items()}


def deballer(contenu: dict[str, Any], valeurs: Valeurs, dispositif: str = "iae") -> None:
    """Give the values of a JSON content to a set of values, which reads each indicator when it is asked for."""
    unites = unites_de(dispositif)
    sources = contenu.get("sources", {})
    if "secrets" in contenu:
        choisies = {(indicateur, periode) for indicateur, periode in contenu["secrets"]}
        valeurs.secrets = choisies | (valeurs.secrets or set())
    for indicateur, lignes in contenu.get("valeurs", {}).items():
        unite = unites.get(indicateur, Unite.NOMBRE.value)
        valeurs.reserver(indicateur, partial(_lire, indicateur, lignes, unite, sources.get(indicateur, "")))


def _lire(indicateur: str, lignes: list[list[Any]], unite: str, source: str) -> Iterator[Valeur]:
    for ventilation, modalite, periode, n, d, v, lettre, *exclus in lignes:
        yield Valeur(
            indicateur,
            ventilation,
            modalite,
            periode,
            _nombre(n),
            _nombre(d),
            _nombre(n if v == "=" else v),
            STATUTS[lettre],
            unite,
            exclus[0] if exclus else None,
            source,
        )


def _nombre(texte: str | None) -> Decimal | None:
    return None if texte is None else Decimal(texte)
