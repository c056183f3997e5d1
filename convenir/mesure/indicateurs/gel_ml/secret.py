"""What those outside the parties will not read, chosen once at the freeze: all that is published is seen together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import duckdb

from convenir.mesure.indicateurs.connexion import table
from convenir.mesure.indicateurs.gel_ml.lecture import Lues, nombre
from convenir.mesure.indicateurs.gel_ml.sources import EntreesMl
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl
from convenir.mesure.indicateurs.secret import masquer
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE, Statut, Valeur, Valeurs
from convenir.socle.reglementation.queries import Reglementation, a_jour

# Published beyond the parties: the figure of the year, or the last stock known; no site, no breakdown, no month.
PUBLIEES = """niveau <> 'site' AND ventilation = '' AND (length(periode) = 4 OR length(periode) = 10)
    QUALIFY row_number() OVER (PARTITION BY niveau, code, indicateur, annee ORDER BY periode DESC) = 1"""


def choisir_les_caches(base: duckdb.DuckDBPyConnection, entrees: EntreesMl, lues: Lues, annees: list[int]) -> None:
    """Make `caches`: the published values that a reader outside must not see."""
    droit = a_jour()
    caches: list[tuple[object, ...]] = []
    for annee in annees:
        caches += _caches(base, entrees, lues.catalogues[annee], annee, droit)
    colonnes = dict.fromkeys(("niveau", "code", "indicateur", "periode"), "VARCHAR")
    table(base, "caches", colonnes, caches)


def _caches(
    base: duckdb.DuckDBPyConnection, entrees: EntreesMl, cat: CatalogueMl, annee: int, droit: Reglementation
) -> Iterable[tuple[object, ...]]:
    jour = date(annee, 12, 31)
    publies = masquer(
        _publiees(base, annee), cat, _parents(base, entrees), int(droit.nombre("secret.seuil", jour)),
        int(droit.nombre("secret.largeur", jour)), restes=droit.valeur("secret.restes", jour).valeur == "oui",
    )  # fmt: skip
    return [(t.niveau, t.code, v.indicateur, v.periode) for t in publies for v in t if v.statut == Statut.SECRET]


def _publiees(base: duckdb.DuckDBPyConnection, annee: int) -> list[Valeurs]:
    lues: dict[tuple[str, str], list[Valeur]] = {}
    requete = f"""SELECT niveau, code, indicateur, periode, numerateur, denominateur, valeur, statut FROM valeurs
        WHERE annee = {annee} AND {PUBLIEES} ORDER BY ALL"""
    for niveau, code, indicateur, periode, n, d, v, statut in base.execute(requete).fetchall():
        valeur = Valeur(indicateur, "", "", periode, nombre(n), nombre(d), nombre(v), Statut(statut))
        lues.setdefault((niveau, code), []).append(valeur)
    return [Valeurs.de(niveau, code, valeurs) for (niveau, code), valeurs in lues.items()]


def _parents(base: duckdb.DuckDBPyConnection, entrees: EntreesMl) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the territory above each: mission locale, département, région, France."""
    parents: dict[tuple[str, str], tuple[str, str]] = {}
    for departement, ml in base.execute("SELECT code, ml FROM membres WHERE niveau = 'departement'").fetchall():
        parents["ml", ml] = ("departement", departement)
        if region := entrees.geographie.regions.get(departement):
            parents["departement", departement] = ("region", region)
            parents["region", region] = ("france", CODE_FRANCE)
    return parents
