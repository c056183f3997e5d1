"""Give the frozen values of the missions locales to the pages."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from convenir.mesure.indicateurs.contenu import unites_de
from convenir.mesure.indicateurs.gel_ml.lecture import nombre
from convenir.mesure.indicateurs.materialisation import en_lots, par_territoire, retirer_valeurs
from convenir.mesure.indicateurs.models import ChiffreMissionLocale, Instantane, ValeursTerritoire
from convenir.socle.organisations.models import MissionLocale


def materialiser(base: duckdb.DuckDBPyConnection, instantane: Instantane) -> None:
    """Replace what pages read of the missions locales; call it inside a transaction."""
    retirer_valeurs(instantane)
    ChiffreMissionLocale.objects.all().delete()
    en_lots(ValeursTerritoire, _valeurs(base, instantane))
    en_lots(ChiffreMissionLocale, _chiffres(base, instantane))


def _valeurs(base: duckdb.DuckDBPyConnection, instantane: Instantane) -> Iterator[ValeursTerritoire]:
    caches: dict[tuple[str, str, str], list[list[str]]] = {}
    for niveau, code, indicateur, periode in base.execute("SELECT * FROM caches ORDER BY ALL").fetchall():
        caches.setdefault((niveau, code, periode[:4]), []).append([indicateur, periode])
    for (niveau, code), par_annee in par_territoire(base):
        for annee, contenu in par_annee.items():
            contenu["secrets"] = caches.get((niveau, code, str(annee)), [])
            yield ValeursTerritoire(instantane=instantane, niveau=niveau, code=code, annee=annee, contenu=contenu)


def _chiffres(base: duckdb.DuckDBPyConnection, instantane: Instantane) -> Iterator[ChiffreMissionLocale]:
    """Yield the figure of the year of each indicator, or the last stock known, of the missions locales known."""
    connues = dict(MissionLocale.objects.values_list("code", "pk"))
    unites = unites_de("ml")
    lignes = base.execute("""
        SELECT code, annee, indicateur, periode, numerateur, denominateur, valeur, statut, source,
            (code, indicateur, periode) IN (SELECT code, indicateur, periode FROM caches WHERE niveau = 'ml')
        FROM valeurs WHERE niveau = 'ml' AND ventilation = '' AND (length(periode) = 4 OR length(periode) = 10)
        QUALIFY row_number() OVER (PARTITION BY code, annee, indicateur ORDER BY periode DESC) = 1
        ORDER BY code, annee, indicateur""").fetchall()
    for code, annee, indicateur, periode, n, d, v, statut, source, secret in lignes:
        if code in connues:
            yield ChiffreMissionLocale(
                mission_locale_id=connues[code], instantane=instantane, annee=annee, indicateur=indicateur,
                periode=periode, numerateur=nombre(n), denominateur=nombre(d), valeur=nombre(v), statut=statut,
                unite=unites.get(indicateur, "nombre"), source=source,
                secret=secret,
            )  # fmt: skip
