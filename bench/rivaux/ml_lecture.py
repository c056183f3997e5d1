"""Unpack the sums of the hand-written SQL into counts by level, period and modality."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bench.rivaux.ml_sql import ANNEE, DISPOSITIFS, MODALITES, PERSONNES, largeur

PERIODES = (
    *(f"{ANNEE}-{m:02d}" for m in range(1, 13)), *(f"{ANNEE}-T{t}" for t in range(1, 5)),
    *(f"{ANNEE}-{m:02d}-cumul" for m in range(1, 13)),
)  # fmt: skip


def deplier(lire: Callable[[str], list]) -> dict:
    """Return every count; `lire` runs a query and returns its rows."""
    structures = {
        ml: (("departement", d), ("region", r), ("france", "FR"))
        for ml, d, r in lire("SELECT ml_id, dept_code, region_code FROM structure")
    }
    comptes: dict = {}
    for relation, indicateurs in PERSONNES.items():
        lignes = lire(f"SELECT * FROM w_{relation}")
        mots = np.array([ligne[3:] for ligne in lignes], dtype=np.int64)
        tous = ((mots[:, :, None] >> np.array([0, 21, 42])) & 2097151).reshape(len(mots), -1)
        par_territoire: dict[tuple[str, str], np.ndarray] = {}
        for (niveau, code, partage), compte in zip((ligne[:3] for ligne in lignes), tous, strict=True):
            vers = [(niveau, code)]
            if niveau == "ml":
                vers += structures[code] if not partage else []
            for t in vers:
                par_territoire[t] = par_territoire.get(t, 0) + compte
        if relation == "activite":
            _premiers_accueils(lignes, tous, structures, par_territoire)
        par_mot = 3 * (4 + 2 + 4 + -(-largeur(relation) // 3))
        for t, compte in par_territoire.items():
            for n, code in enumerate(indicateurs):
                _ranger(comptes, t, code, compte[n * par_mot : (n + 1) * par_mot], relation)
    return comptes


def _premiers_accueils(lignes, tous, structures, par_territoire) -> None:
    """Add those of youths known in several missions locales, which are summed above too."""
    par_mot = 3 * (4 + 2 + 4 + -(-largeur("activite") // 3))
    for (niveau, code, partage), compte in zip((ligne[:3] for ligne in lignes), tous, strict=True):
        if niveau == "ml" and partage:
            for t in structures[code]:
                par_territoire[t] = par_territoire.get(t, np.zeros_like(compte)).copy()
                par_territoire[t][2 * par_mot : 3 * par_mot] += compte[2 * par_mot : 3 * par_mot]


def _ranger(comptes: dict, t: tuple[str, str], code: str, n, relation: str) -> None:
    valeurs = [*n[:12], *n[12:16], *np.cumsum(n[18:30])]
    for periode, valeur in zip(PERIODES, valeurs, strict=True):
        comptes[*t, code, "", "", periode] = int(valeur)
    comptes[*t, code, "", "", str(ANNEE)] = int(valeurs[-1])
    modalites = [(v, m) for v, m, _ in MODALITES]
    if relation in ("entrees", "sorties"):
        # Only the named programmes are printed where only they count.
        modalites += [("dispositif", d) for d in DISPOSITIFS]
    for (v, m), valeur in zip(modalites, n[30:], strict=False):
        comptes[*t, code, v, m, str(ANNEE)] = int(valeur)
