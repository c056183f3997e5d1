"""Unpack the sums of the hand-written SQL into counts by level, period and modality."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.rivaux.ml_sql import (
    ANNEE,
    ANNUELS,
    DE_DISPOSITIF,
    DISPOSITIFS,
    MODALITES,
    PERSONNES,
    SOMMES,
    STOCKS,
    champs,
)
from bench.rivaux.ml_sql_suite import EVENEMENTS

PERIODES = (
    *(f"{ANNEE}-{m:02d}" for m in range(1, 13)), *(f"{ANNEE}-T{t}" for t in range(1, 5)),
    *(f"{ANNEE}-{m:02d}-cumul" for m in range(1, 13)),
)  # fmt: skip
_MOIS = [np.datetime64(f"{ANNEE}-{m:02d}") for m in range(1, 13)]
FINS = [str((mois + 1).astype("datetime64[D]") - 1) for mois in _MOIS]
Territoire = tuple[str, str]
# Relation, indicator, counters of each territory.
Compte = tuple[str, str, dict[Territoire, np.ndarray]]


def deplier(lire: Callable[[str], list]) -> list[Compte]:
    """Return the counters of every indicator and territory, as arrays; `lire` runs a query and returns its rows."""
    structures = {
        ml: (("departement", d), ("region", r), ("france", "FR"))
        for ml, d, r in lire("SELECT ml_id, dept_code, region_code FROM structure")
    }
    comptes: list[Compte] = []
    for relation, indicateurs in PERSONNES.items():
        comptes += _personnes(relation, indicateurs, lire(f"SELECT * FROM w_{relation}"), structures)
    for relation, indicateurs in EVENEMENTS.items():
        lignes = lire(f"SELECT ml_id, NULL, mois, bits, {_noms('s', len(indicateurs))} FROM e_{relation}")
        comptes += _evenements(relation, list(indicateurs), lignes, structures)
    lus = lire(f"SELECT ml_id, site_id, bits, {_noms('m', 12)} FROM e_entretiens")
    lignes = [(ml, site, m, None, n) for ml, site, bits, *mois in lus if bits is None for m, n in enumerate(mois)]
    lignes += [(ml, None, None, bits, sum(mois)) for ml, _, bits, *mois in lus if bits is not None]
    return comptes + _evenements("entretiens", ["ACT06"], lignes, structures)


def _noms(lettre: str, nombre: int) -> str:
    return ", ".join(f"{lettre}{n}" for n in range(nombre))


def lire_comptes(comptes: list[Compte]) -> dict:
    """Return every count by its key: what is compared, outside the timing."""
    lus: dict = {}
    for relation, code, par_territoire in comptes:
        for t, n in par_territoire.items():
            if (relation in EVENEMENTS and code in EVENEMENTS[relation]) or code == "ACT06":
                _dire_evenements(lus, t, code, relation, n)
            elif t[0] != "site" or code not in ANNUELS:
                _dire_personnes(lus, t, code, relation, n)
    return lus


def _personnes(relation: str, indicateurs: dict, lignes: list, structures: dict) -> list[Compte]:
    mots = np.array([ligne[3:] for ligne in lignes], dtype=np.int64)
    tous = ((mots[:, :, None] >> np.array([0, 21, 42])) & 2097151).reshape(len(mots), -1)
    seuls: dict[Territoire, np.ndarray] = {}
    sommes: dict[Territoire, np.ndarray] = {}
    for (niveau, code, partage), compte in zip((ligne[:3] for ligne in lignes), tous, strict=True):
        hauts = structures[code] if niveau == "ml" else ()
        for t in ((niveau, code), *(() if partage else hauts)):
            seuls[t] = seuls.get(t, 0) + compte
        for t in ((niveau, code), *hauts):
            sommes[t] = sommes.get(t, 0) + compte
    comptes, place = [], 0
    for code in indicateurs:
        largeur = sum(3 * -(-nombre // 3) for _, nombre in champs(code, relation))
        lus = sommes if code in SOMMES else seuls
        comptes.append((relation, code, {t: n[place : place + largeur] for t, n in lus.items()}))
        place += largeur
    return comptes


def _dire_personnes(lus: dict, t: Territoire, code: str, relation: str, n: np.ndarray) -> None:
    par_champ, place = {}, 0
    for nom, nombre in champs(code, relation):
        par_champ[nom] = n[place : place + nombre].tolist()
        place += 3 * -(-nombre // 3)
    decoupes = par_champ.get("modalites", ())
    if code in STOCKS:
        _poser(lus, t, code, relation, dict(zip(FINS, par_champ["mois"], strict=True)), decoupes, FINS[-1])
        return
    cumuls = np.cumsum(par_champ["premiers"]).tolist()
    periodes = {str(ANNEE): cumuls[-1]}
    if "mois" in par_champ:
        periodes |= dict(zip(PERIODES, [*par_champ["mois"], *par_champ["trimestres"], *cumuls], strict=True))
    _poser(lus, t, code, relation, periodes, decoupes, str(ANNEE))


def _poser(lus: dict, t: Territoire, code: str, relation: str, periodes: dict, decoupes, quand: str) -> None:
    for periode, valeur in periodes.items():
        lus[*t, code, "", "", periode] = int(valeur)
    modalites = [(v, m) for v, m, _ in MODALITES]
    if relation in DE_DISPOSITIF:
        # Only the named programmes are printed where only they count.
        modalites += [("dispositif", d) for d in (DISPOSITIFS[:3] if code.startswith("ACT04") else DISPOSITIFS)]
    for (v, m), valeur in zip(modalites, decoupes if t[0] != "site" else (), strict=False):
        lus[*t, code, v, m, quand] = int(valeur)


def _evenements(relation: str, codes: list[str], lignes: list, structures: dict) -> list[Compte]:
    """Add up events: rows are (mission locale, site, month, bits, numbers), one of month and bits being empty."""
    largeur = 12 + len(MODALITES) + len(DISPOSITIFS)
    rangs: dict[Territoire, int] = {}
    ou = [rangs.setdefault(("ml", ml) if ml is not None else ("site", site), len(rangs)) for ml, site, *_ in lignes]
    nombres = np.array([ligne[4:] for ligne in lignes], dtype=np.int64)
    mois = np.array([-1 if ligne[2] is None else ligne[2] for ligne in lignes])
    bits = np.array([ligne[3] or 0 for ligne in lignes], dtype=np.int64)
    places = np.zeros((len(lignes), largeur), dtype=np.int64)
    places[np.flatnonzero(mois >= 0), mois[mois >= 0]] = 1
    places[:, 12:] = (bits[:, None] >> np.arange(largeur - 12)) & 1
    comptes = []
    for n, code in enumerate(codes):
        bas = np.zeros((len(rangs), largeur), dtype=np.int64)
        np.add.at(bas, ou, places * nombres[:, n : n + 1])
        par_territoire: dict[Territoire, np.ndarray] = {}
        for t, rang in rangs.items():
            for cible in (t, *(structures[t[1]] if t[0] == "ml" else ())):
                par_territoire[cible] = par_territoire.get(cible, 0) + bas[rang]
        comptes.append((relation, code, par_territoire))
    return comptes


def _dire_evenements(lus: dict, t: Territoire, code: str, relation: str, n: np.ndarray) -> None:
    cumuls = np.cumsum(n[:12])
    valeurs = [*n[:12], *n[:12].reshape(4, 3).sum(axis=1), *cumuls]
    periodes = dict(zip(PERIODES, valeurs, strict=True)) | {str(ANNEE): cumuls[-1]}
    _poser(lus, t, code, relation, periodes, () if relation == "contacts" else n[12:], str(ANNEE))
