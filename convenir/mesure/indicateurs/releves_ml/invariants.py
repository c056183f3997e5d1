"""What must hold in every calculation; a figure that breaks it is refused, with the name of the indicator."""

from __future__ import annotations

import duckdb

from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.socle.commun.erreurs import ErreurMetier

COMPTES = ("personnes", "stock", "evenements", "declare")


class InvariantRompu(ErreurMetier):
    """A calculated figure contradicts another: nothing is written."""


def verifier(base: duckdb.DuckDBPyConnection, cat: CatalogueMl) -> None:
    """Check `calculees`.

    Raises:
        InvariantRompu: naming the indicator, the territory and the period of the first fault.
    """
    rangs = {code: rang for rang, code in enumerate(cat.indicateurs)}
    for i in cat.indicateurs.values():
        if i.parent and i.genre in COMPTES:
            _aucune(
                base, _compare(rangs[i.code], rangs[i.parent], ">"), i, f"dépasse {i.parent}, dont il est une part"
            )
        if i.partition:
            _partition(base, i, rangs)
        if i.borne:
            requete = f"SELECT t, periode, n, d FROM calculees WHERE i = {rangs[i.code]} AND (n > d OR n < 0)"
            _aucune(base, requete, i, "est une part qui sort de 0 à 100 %")
        if i.genre in ("personnes", "stock"):
            _hauts(base, i, rangs[i.code])


def _compare(un: int, autre: int, signe: str) -> str:
    return f"""
        SELECT a.t, a.periode, a.n, b.n FROM calculees AS a JOIN calculees AS b
            ON a.t = b.t AND a.ventilation = b.ventilation AND a.modalite = b.modalite AND a.periode = b.periode
        WHERE a.i = {un} AND b.i = {autre} AND a.n {signe} b.n"""


def _partition(base: duckdb.DuckDBPyConnection, i: IndicateurMl, rangs: dict[str, int]) -> None:
    parts = ", ".join(str(rangs[p]) for p in i.partition)
    requete = f"""
        SELECT a.t, a.periode, any_value(a.n), sum(b.n) FROM calculees AS a JOIN calculees AS b
            ON a.t = b.t AND a.ventilation = b.ventilation AND a.modalite = b.modalite AND a.periode = b.periode
        WHERE a.i = {rangs[i.code]} AND b.i IN ({parts})
        GROUP BY a.t, a.ventilation, a.modalite, a.periode HAVING any_value(a.n) <> sum(b.n)"""
    _aucune(base, requete, i, f"n'est pas la somme de {' et '.join(i.partition)}")


def _hauts(base: duckdb.DuckDBPyConnection, i: IndicateurMl, rang: int) -> None:
    """A count of distinct persons in a territory is at most the sum of its missions locales."""
    requete = f"""
        SELECT h.t, h.periode, h.n, sum(b.n) FROM calculees AS h
        JOIN (SELECT t_departement AS t, t_ml FROM niveaux_ml UNION ALL SELECT t_region, t_ml FROM niveaux_ml
            UNION ALL SELECT t_france, t_ml FROM niveaux_ml) AS l ON l.t = h.t
        JOIN calculees AS b ON b.t = l.t_ml AND b.i = h.i AND b.ventilation = h.ventilation AND b.modalite = h.modalite
            AND b.periode = h.periode
        WHERE h.i = {rang} AND h.ventilation = '' GROUP BY h.t, h.periode, h.n HAVING h.n > sum(b.n)"""
    _aucune(base, requete, i, "dépasse la somme des missions locales du territoire")


def _aucune(base: duckdb.DuckDBPyConnection, requete: str, i: IndicateurMl, faute: str) -> None:
    ligne = base.execute(
        f"SELECT z.niveau, z.code, x.* FROM ({requete}) AS x JOIN territoires AS z USING (t) ORDER BY ALL LIMIT 1"
    ).fetchone()
    if ligne:
        niveau, code, _, periode, un, autre = ligne
        raise InvariantRompu(
            f"{i.code} ({i.libelle}), {niveau} {code}, {periode} : {un} contre {autre} ; il {faute}. "
            "Rien n'est écrit : signalez ce cas avec les fichiers."
        )
