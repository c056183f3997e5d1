"""What may be read beyond the parties: relations drawn from the catalogue of the missions locales, masks. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.secret.relations import Genre, Relation
from convenir.mesure.indicateurs.secret.suppression import supprimer
from convenir.mesure.indicateurs.valeurs import Cle, Statut, Valeur, Valeurs

Territoire = tuple[str, str]
Cellule = tuple[Territoire, Cle]
COMPTES = ("personnes", "stock", "evenements")
MOIS = re.compile(r"\d{4}-\d{2}")


def masquer(
    territoires: Sequence[Valeurs], cat: CatalogueMl, parents: Mapping[Territoire, Territoire], seuil: int,
    largeur: int | None = None, *, restes: bool = True,
) -> list[Valeurs]:  # fmt: skip
    """Return the values of a publication with the status `secret` where a count, or a rate, must not be read.

    Everything published together is given at once: a mask is only worth what is printed beside it.

    Args:
        territoires: values of each site, mission locale, département, région and of France, in one frame.
        cat: catalogue of that frame.
        parents: level and code of the territory above each.
        seuil: parameter `secret.seuil`: counts from 1 to `seuil` − 1 are masked.
        largeur: parameter `secret.largeur`: least width of what may be deduced of a masked count; `seuil` − 1 if None.
        restes: parameter `secret.restes`: protect what is left of a total once its « dont » is taken away.
    """
    comptes = comptes_de(territoires, cat)
    caches = supprimer(comptes, relations(comptes, cat, parents), seuil, largeur, restes=restes)
    return [
        t.remplacer([v.cachee() for v in t if any(c in caches for c in _lus((t.niveau, t.code), v, cat, comptes))])
        for t in territoires
    ]


def comptes_de(territoires: Iterable[Valeurs], cat: CatalogueMl) -> dict[Cellule, int]:
    """Return the counts of youths, or of what happened to them, that values print, alone or under a rate."""
    comptes: dict[Cellule, int] = {}
    for t in territoires:
        for v in t:
            i = cat.indicateurs.get(v.indicateur)
            if i is None or v.numerateur is None or v.statut not in (Statut.DISPONIBLE, Statut.NON_CALCULABLE):
                continue
            porteur = cat.indicateurs[i.numerateur.indicateur] if i.genre == "rapport" else i
            if i.genre == "moyenne" or est_un_compte(porteur, cat):
                comptes[(t.niveau, t.code), (porteur.code, v.ventilation, v.modalite, v.periode)] = int(v.numerateur)
    return comptes


def est_un_compte(i: IndicateurMl, cat: CatalogueMl) -> bool:
    """Tell whether an indicator counts youths or what happened to them (not companies, sponsors, days or euros)."""
    return i.genre in COMPTES and i.mesure != "jours" and "jeune" in cat.releves[i.releve].tables


def relations(
    comptes: Mapping[Cellule, int], cat: CatalogueMl, parents: Mapping[Territoire, Territoire]
) -> list[Relation[Cellule]]:
    """Return all that a reader of the catalogue knows of how the counts hang together."""
    groupes: dict[tuple[Cellule, Genre], set[Cellule]] = defaultdict(set)
    for cellule in comptes:
        for total, genre in _au_dessus(cellule, cat, parents):
            groupes[total, genre].add(cellule)
    return [
        *(Relation(total, tuple(sorted(parts)), genre) for ((total, _), genre), parts in _regroupees(groupes, cat)),
        *_dans_le_temps(comptes, cat),
    ]


def _regroupees(
    groupes: Mapping[tuple[Cellule, Genre], set[Cellule]], cat: CatalogueMl
) -> Iterator[tuple[tuple[tuple[Cellule, str], Genre], set[Cellule]]]:
    """Split the parts of a total by what makes them one table: the level below, a breakdown, the « dont »."""
    for (total, genre), parts in groupes.items():
        tables: dict[str, set[Cellule]] = defaultdict(set)
        for part in parts:
            tables[_table(total, part, cat)].add(part)
        for nom, lues in tables.items():
            yield ((total, nom), genre), lues


def _table(total: Cellule, part: Cellule, cat: CatalogueMl) -> str:
    (territoire, cle), (autre, sienne) = total, part
    if territoire != autre:
        return f"niveau:{autre[0]}"
    if cle[1] != sienne[1]:
        return f"decoupage:{sienne[1]}"
    return "partition" if sienne[0] in cat.indicateurs[cle[0]].partition else "dont"


def _au_dessus(
    cellule: Cellule, cat: CatalogueMl, parents: Mapping[Territoire, Territoire]
) -> Iterator[tuple[Cellule, Genre]]:
    territoire, (code, ventilation, modalite, periode) = cellule
    i = cat.indicateurs[code]
    if territoire in parents:
        yield (parents[territoire], cellule[1]), Genre.SOMME
    if territoire[0] == "site" and not ventilation and territoire in parents:
        # The same count, printed as a breakdown of the mission locale.
        yield (parents[territoire], (code, "site", territoire[1], periode)), Genre.SOMME
    if ventilation:
        seule = ventilation in cat.ventilations and len(cat.ventilations[ventilation].modalites) == 1
        yield (territoire, (code, "", "", periode)), Genre.PART if seule else Genre.SOMME
    if i.parent:
        parent = cat.indicateurs[i.parent]
        porteur = parent.numerateur.indicateur if parent.genre == "rapport" else parent.code
        genre = Genre.SOMME if code in parent.partition else Genre.PART
        yield (territoire, (porteur, ventilation, modalite, periode)), genre


def _dans_le_temps(comptes: Mapping[Cellule, int], cat: CatalogueMl) -> Iterator[Relation[Cellule]]:
    """Tie the months of a year to the quarters, to the year, to what is cumulated, to the mean of the months."""
    mensuelles: dict[tuple[Territoire, str, str], list[str]] = defaultdict(list)
    for territoire, (code, ventilation, _, periode) in comptes:
        if MOIS.fullmatch(periode) and not ventilation:
            mensuelles[territoire, code, periode[:4]].append(periode)
    for (territoire, code, annee), lues in mensuelles.items():
        i, mois = cat.indicateurs[code], sorted(lues)
        genre = Genre.SOMME if i.genre == "evenements" or i.somme else Genre.BORNE

        def cellule(periode: str, t: Territoire = territoire, c: str = code) -> Cellule:
            return t, (c, "", "", periode)

        for periode, ceux in _periodes(annee, mois):
            identique = len(ceux) == 1
            yield Relation(cellule(periode), tuple(map(cellule, ceux)), Genre.SOMME if identique else genre)
        for moyenne in (m.code for m in cat.indicateurs.values() if m.genre == "moyenne"):
            if cat.indicateurs[moyenne].numerateur.indicateur == code:
                yield Relation((territoire, (moyenne, "", "", annee)), tuple(map(cellule, mois)))


def _periodes(annee: str, mois: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each period and those that make it up; a single one is the same figure printed twice."""
    yield annee, mois
    yield annee, [f"{mois[-1]}-cumul"]
    yield f"{mois[0]}-cumul", [mois[0]]
    for avant, apres in pairwise(mois):
        yield f"{apres}-cumul", [f"{avant}-cumul", apres]
    for trimestre in range(len(mois) // 3):
        yield f"{annee}-T{trimestre + 1}", mois[3 * trimestre : 3 * trimestre + 3]
    yield f"{annee}-T1", [f"{annee}-03-cumul"]


def _lus(territoire: Territoire, v: Valeur, cat: CatalogueMl, comptes: Mapping[Cellule, int]) -> Iterator[Cellule]:
    """Yield the counts that a value prints or would give back."""
    i = cat.indicateurs.get(v.indicateur)
    if i is None:
        return
    yield territoire, v.cle
    for terme in (i.numerateur, i.denominateur):
        if i.genre == "rapport" and terme:
            lue = (territoire, (terme.indicateur, *v.cle[1:]))
            yield lue
            if lue not in comptes:
                yield from _au_dernier_jour(territoire, terme.indicateur, v, comptes)


def _au_dernier_jour(
    territoire: Territoire, code: str, v: Valeur, comptes: Mapping[Cellule, int]
) -> Iterator[Cellule]:
    """A yearly sum over a stock is read on the last day of the closed months."""
    fins = [f"{v.periode}-{fin}" for fin in _FINS] if len(v.periode) == 4 else []
    lues = [(territoire, (code, v.ventilation, v.modalite, fin)) for fin in fins]
    yield from [lue for lue in lues if lue in comptes][-1:]


_FINS = (
    "01-31",
    "02-28",
    "02-29",
    "03-31",
    "04-30",
    "05-31",
    "06-30",
    "07-31",
    "08-31",
    "09-30",
    "10-31",
    "11-30",
    "12-31",
)
