"""What a reader outside the State and the mission locale may see of it: figures of the year, no small count, no figure
that would give one back, no breakdown, no month (décisions, § 1 and § 4.4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.valeurs import Statut, Valeur, Valeurs

COMPTES = ("personnes", "stock", "evenements")
LISIBLES = (Statut.DISPONIBLE, Statut.NON_CALCULABLE)


def est_annuelle(valeur: Valeur) -> bool:
    """Tell whether a value is that of a year, or a stock on its last day."""
    return not valeur.ventilation and (len(valeur.periode) == 4 or valeur.periode[4:] == "-12-31")


def masquer(valeurs: Valeurs, cat: CatalogueMl, seuil: int) -> Valeurs:
    """Return the values of a mission locale as someone outside may read them.

    Args:
        valeurs: those of one mission locale.
        cat: definitions of the year.
        seuil: parameter `secret.seuil`: counts from 1 to `seuil` − 1 are hidden.
    """
    annuelles = [v for v in valeurs if not v.ventilation and len(v.periode) in (4, 10)]
    par_annee: dict[str, dict[str, Valeur]] = {}
    for v in annuelles:
        connue = par_annee.setdefault(v.periode[:4], {}).get(v.indicateur)
        if connue is None or v.periode > connue.periode:
            par_annee[v.periode[:4]][v.indicateur] = v
    vues = [
        secrete(v) if code in caches else v
        for lues in par_annee.values()
        for caches in [codes_caches(lues, cat, seuil)]
        for code, v in lues.items()
    ]
    return Valeurs.de(valeurs.niveau, valeurs.code, vues)


def codes_caches(lues: Mapping[str, Valeur], cat: CatalogueMl, seuil: int) -> frozenset[str]:
    """Return the indicators hidden among those of one mission locale and year."""
    comptes = {c: int(v.valeur) for c, v in lues.items() if _est_un_compte(c, cat) and v.valeur is not None}
    caches = {c for c, n in comptes.items() if 0 < n < seuil}
    while True:
        suite = caches | _complements(comptes, caches, cat, seuil) | _parts_seules(comptes, caches, cat)
        if suite == caches:
            break
        caches = suite
    return frozenset(caches | {c for c, v in lues.items() if _rend_un_compte(v, cat, caches, seuil)})


def _est_un_compte(code: str, cat: CatalogueMl) -> bool:
    i = cat.indicateurs.get(code)
    return i is not None and i.genre in COMPTES


def _complements(comptes: Mapping[str, int], caches: set[str], cat: CatalogueMl, seuil: int) -> set[str]:
    """A « dont » that leaves a small rest in its whole would print that rest."""
    return {
        c
        for c, n in comptes.items()
        if (parent := cat.indicateurs[c].parent) in comptes
        and parent not in caches
        and 0 < comptes[parent] - n < seuil
    }


def _parts_seules(comptes: Mapping[str, int], caches: set[str], cat: CatalogueMl) -> set[str]:
    """In an exclusive split whose total is shown, one part hidden alone would be found by difference."""
    suite = set()
    for c in comptes:
        parts = [p for p in cat.indicateurs[c].partition if p in comptes]
        cachees = [p for p in parts if p in caches]
        if c not in caches and len(cachees) == 1 and len(parts) > 1:
            suite.add(min((p for p in parts if p not in caches), key=lambda p: (comptes[p], p)))
    return suite


def _rend_un_compte(v: Valeur, cat: CatalogueMl, caches: set[str], seuil: int) -> bool:
    """Tell whether a rate stands on a hidden count, or prints a small one."""
    i = cat.indicateurs.get(v.indicateur)
    if i is None or i.genre not in ("rapport", "moyenne") or v.statut not in LISIBLES:
        return False
    termes = [t.indicateur for t in (i.numerateur, i.denominateur) if t]
    if caches & set(termes):
        return True
    return any(_petit(n, t, cat, seuil) for n, t in zip((v.numerateur, v.denominateur), termes, strict=False)) or (
        i.borne and _reste_petit(v, seuil)
    )


def _petit(nombre: Decimal | None, code: str, cat: CatalogueMl, seuil: int) -> bool:
    i: IndicateurMl | None = cat.indicateurs.get(code)
    return nombre is not None and i is not None and i.genre in COMPTES and 0 < nombre < seuil


def _reste_petit(v: Valeur, seuil: int) -> bool:
    return v.numerateur is not None and v.denominateur is not None and 0 < v.denominateur - v.numerateur < seuil


def secrete(valeur: Valeur) -> Valeur:
    """Return the value hidden."""
    return replace(valeur, numerateur=None, denominateur=None, valeur=None, exclus=None, statut=Statut.SECRET)
