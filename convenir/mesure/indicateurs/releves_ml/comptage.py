# ruff: noqa: E501 - a SQL clause stays on its line
"""One tree per relation: flags per person at the finest level, then sums; no `COUNT(DISTINCT)`.

A person's year is one integer per indicator: twelve bits for the months, then one bit per modality. Persons are told
apart once per relation (`GROUP BY` on the file; above the mission locale, only those known in several are grouped
again), and all their bits are added up in one aggregation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from convenir.mesure.indicateurs.compilateur.compteurs import LOT, PETIT_LOT, Compteurs, separer
from convenir.mesure.indicateurs.moteurs import Requete
from convenir.mesure.indicateurs.releves_ml.definitions import (
    AUTRE,
    CatalogueMl,
    IndicateurMl,
    ModaliteMl,
    Releve,
)

DECALAGE = 12
TOUS = (1 << DECALAGE) - 1
# First month of each quarter.
TRIMESTRES = 0o1111
DISTINCTS = ("personnes", "stock")
# Relations whose rows carry a mask of months; the others are dated events.
DE_MASQUES = {"activite", "propositions", "demande", "attente", "presence", "parrainages", "parrains"}
# Who is counted once above the mission locale: a youth by the table of shared files, a company by its own number, a
# sponsor nowhere else.
SEUL = {"contacts": "0", "parrains": "1"}


@dataclass(frozen=True)
class Lecture:
    """Where the counts of one indicator are: numbers of counters, none for a sum of events.

    Attributes:
        mois: of each month.
        trimestres: of each quarter.
        premiers: whose first month is each month; their running total is the count since January.
        modalites: by rank of the modality.
    """

    i: int
    indicateur: IndicateurMl
    modalites: dict[int, int]
    mois: tuple[int, ...] = ()
    trimestres: tuple[int, ...] = ()
    premiers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Comptage:
    """A compiled relation: its tree, the words of its result, and where the counts are in it."""

    requete: Requete
    lectures: tuple[Lecture, ...]
    mots: int = 0


def modalites_de(cat: CatalogueMl, i: IndicateurMl, ventilation: str) -> list[ModaliteMl]:
    """Return the modalities printed for an indicator: not the other programmes where only the named ones count."""
    lues = cat.ventilations[ventilation].modalites
    nommes = "principal" in i.filtre
    return [m for m in lues if not (nommes and ventilation == "dispositif" and m.code == AUTRE)]


def rangs_de(cat: CatalogueMl, i: IndicateurMl) -> list[int]:
    """Return the ranks of the modalities printed for an indicator."""
    return sorted(m.rang for v in i.ventilations for m in modalites_de(cat, i, v))


def compter_personnes(
    cat: CatalogueMl, releve: Releve, relation: str, rangs: Mapping[str, int], dernier: int
) -> Comptage | None:
    """Compile the indicators that count distinct persons of a relation.

    Args:
        cat: the catalogue.
        releve: the relation, as declared.
        relation: SELECT of its rows.
        rangs: number of each indicator.
        dernier: rank of the last closed month, that of a stock's modalities.
    """
    voulus = [(rangs[i.code], i) for i in cat.de(releve.nom, *DISTINCTS)]
    if not voulus:
        return None
    compteurs, lectures, derivees = Compteurs(), [], []
    for rang, i in voulus:
        cle = f"k{rang}"
        if i.genre == "personnes":
            derivees.append(f"(({cle} & {TOUS}) & -({cle} & {TOUS})) AS p{rang}")
            derivees.append(f"(({cle} | ({cle} >> 1) | ({cle} >> 2)) & {TRIMESTRES}) AS q{rang}")
        lectures.append(_demander(compteurs, cat, rang, i))
    requete = _masques(releve, relation, voulus, dernier) + _sommes(voulus, derivees, compteurs)
    return Comptage(Requete(requete), tuple(lectures), 2 * len(compteurs.mots))


def _demander(compteurs: Compteurs, cat: CatalogueMl, rang: int, i: IndicateurMl) -> Lecture:
    """Ask for the counters of an indicator: those that its periods and breakdowns print."""
    cle, genres = f"k{rang}", set(i.periodes)
    voulus = rangs_de(cat, i)
    modalites: dict[int, int] = {}
    if voulus:
        lus = compteurs.demander(cle, DECALAGE + voulus[0], voulus[-1] - voulus[0] + 1)
        modalites = {r: lu for r, lu in enumerate(lus, voulus[0]) if r in voulus}
    return Lecture(
        rang, i, modalites,
        compteurs.demander(cle, 0, DECALAGE) if genres & {"mois", "stock"} else (),
        compteurs.demander(f"q{rang}", 0, 4, 3) if "trimestre" in genres else (),
        compteurs.demander(f"p{rang}", 0, DECALAGE) if genres & {"annee", "cumul"} else (),
    )  # fmt: skip


def _cle(releve: Releve, i: IndicateurMl, dernier: int) -> str:
    """SQL of what a row brings to a person: its month bits, then the bits of its modalities."""
    if releve.nom in DE_MASQUES:
        mesure = f"CAST({i.mesure} AS BIGINT)"
        # The modalities of a stock are those of the last day.
        quand = f"{mesure} & {1 << dernier} <> 0" if i.genre == "stock" else f"{mesure} <> 0"
        plein = f"CASE WHEN {quand} THEN {mesure} | haut ELSE {mesure} END"
    else:
        plein = "plein"
    return f"CASE WHEN {i.filtre} THEN {plein} ELSE 0 END" if i.filtre else plein


def _masques(releve: Releve, relation: str, voulus: list[tuple[int, IndicateurMl]], dernier: int) -> str:
    """WITH of one integer per indicator and person, at the mission locale, its sites, and the levels above."""
    haut = f"(CAST(bits AS BIGINT) << {DECALAGE})"
    calculees = (
        f"{haut} AS haut"
        if releve.nom in DE_MASQUES
        else f"(CAST(1 AS BIGINT) << CAST(mois AS INTEGER)) | {haut} AS plein"
    )
    cles = ", ".join(f"bit_or({_cle(releve, i, dernier)}) AS k{rang}" for rang, i in voulus)
    memes = ", ".join(f"bit_or(k{rang}) AS k{rang}" for rang, _ in voulus)
    lignes = f"(SELECT *, {calculees} FROM ({relation}) AS r)"
    utile = _utiles(i for _, i in voulus)
    if releve.par_site:
        masques = (
            f"sites AS (SELECT ml, site, dossier, {cles} FROM {lignes} AS x {utile} GROUP BY ml, site, dossier), "
            f"masques AS (SELECT ml, dossier, {memes} FROM sites GROUP BY ml, dossier)"
        )
    else:
        masques = f"masques AS (SELECT ml, dossier, {cles} FROM {lignes} AS x {utile} GROUP BY ml, dossier)"
    return f"WITH {masques}, toutes AS ({' UNION ALL '.join(_niveaux(releve, voulus))}) "


def _utiles(indicateurs: Iterable[IndicateurMl]) -> str:
    """Leave out the rows that no indicator reads, when each reads only some."""
    filtres = [i.filtre for i in indicateurs]
    return f"WHERE {' OR '.join(f'({f})' for f in dict.fromkeys(filtres))}" if all(filtres) else ""


def _niveaux(releve: Releve, voulus: list[tuple[int, IndicateurMl]]) -> list[str]:
    """SELECTs of the persons to add up, by territory; `seul` = not counted again above."""
    cles = ", ".join(f"k{rang}" for rang, _ in voulus)
    seul = SEUL.get(releve.nom, "CASE WHEN dossier % 2 = 0 THEN 1 ELSE 0 END")
    niveaux = [f"SELECT ml AS t, {seul} AS seul, dossier >> {PETIT_LOT} AS lot, {cles} FROM masques"]
    if releve.par_site:
        niveaux.append(
            f"SELECT site AS t, 1 AS seul, dossier >> {PETIT_LOT} AS lot, {cles} FROM sites WHERE site IS NOT NULL"
        )
    if seul != "1":
        # A first interview is first at a mission locale: those of several are added.
        memes = ", ".join(f"{'0' if i.somme else f'bit_or(m.k{rang})'} AS k{rang}" for rang, i in voulus)
        personne, jointure = (
            ("p.personne", "JOIN partages AS p ON p.dossier = m.dossier")
            if releve.nom not in SEUL
            else ("m.dossier", "")
        )
        niveaux.append(
            f"SELECT h.t, 1 AS seul, {personne} >> {PETIT_LOT} AS lot, {memes} FROM masques AS m {jointure} "
            f"JOIN reseau_hauts AS h ON h.ml = m.ml GROUP BY h.t, {personne}"
        )
    return niveaux


def _sommes(voulus: list[tuple[int, IndicateurMl]], derivees: list[str], compteurs: Compteurs) -> str:
    cles = ", ".join(["t", "seul", "lot", *(f"k{rang}" for rang, _ in voulus), *derivees])
    petites = ", ".join(f"CAST(sum({mot}) AS BIGINT) AS m{n}" for n, mot in enumerate(compteurs.mots))
    grands = [mot for n in range(len(compteurs.mots)) for mot in separer(f"m{n}")]
    sommes = ", ".join(f"CAST(sum({mot}) AS BIGINT) AS w{n}" for n, mot in enumerate(grands))
    return (
        f"SELECT t, seul, {sommes} FROM ("
        f"SELECT t, seul, lot, {petites} FROM (SELECT {cles} FROM toutes) AS x GROUP BY t, seul, lot"
        f") AS y GROUP BY t, seul, lot >> {LOT - PETIT_LOT}"
    )


def compter_evenements(cat: CatalogueMl, releve: Releve, relation: str, rangs: Mapping[str, int]) -> Comptage | None:
    """Compile the indicators that add up events of a relation: by month, and by combination of modalities."""
    voulus = [(rangs[i.code], i) for i in cat.de(releve.nom, "evenements")]
    if not voulus:
        return None
    sommes = []
    for rang, i in voulus:
        n = i.mesure if i.mesure in {"nombre", "jours"} else "1"
        sommes.append(
            f"CAST(sum({f'CASE WHEN {i.filtre} THEN {n} ELSE 0 END' if i.filtre else n}) AS BIGINT) AS s{rang}"
        )
    cles = ["(ml, mois)", "(ml, bits)", *(["(site, mois)"] if releve.par_site else [])]
    t = "coalesce(ml, site)" if releve.par_site else "ml"
    requete = f"SELECT {t} AS t, mois, bits, {', '.join(sommes)} FROM ({relation}) AS r {_utiles(i for _, i in voulus)} GROUP BY GROUPING SETS ({', '.join(cles)})"
    return Comptage(
        Requete(requete), tuple(Lecture(rang, i, dict.fromkeys(rangs_de(cat, i), 0)) for rang, i in voulus)
    )
