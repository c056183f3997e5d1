"""What the deliveries have and lack, and where: one may hold somewhere without a column that others have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from convenir.mesure.indicateurs.chargement import catalogue, colonnes_de
from convenir.mesure.indicateurs.compilateur.cellules import Presence
from convenir.mesure.indicateurs.definitions import Catalogue, Indicateur
from convenir.mesure.indicateurs.releves.lectures import Vues
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE

NOMINATIVES = ("EtatMensuelIndiv", "ContratMission", "Salarie", "Formations")
PAR_DEPARTEMENT = "absences_par_departement"
# Columns of the records that are read in a column of the file with another name.
LIVREES_SOUS = {"Salarie.sexe": "Salarie.salarie_rci_libelle"}
# Level and code; the SIAE of a département go with it.
Endroits = list[tuple[str, str]]


@dataclass(frozen=True)
class Presentes:
    """Views and columns there are, as the definitions name them.

    Attributes:
        par_departement: in each département of the files.
        quelque_part: in one of them at least.
    """

    par_departement: Mapping[str, frozenset[str]]
    quelque_part: frozenset[str]

    @classmethod
    def lire(cls, cat: Catalogue, vues: Vues, departements: Collection[str]) -> Presentes:
        """Look at the deliveries that hold; without a département, what each of them has."""
        exigences = _exigences(cat)
        lues: dict[tuple[object, ...], frozenset[str]] = {}
        par_departement = {}
        for departement in sorted(departements):
            # Most départements are held by the same deliveries: they are looked at once.
            tenants = tuple(vue.dans(departement) for _, vue in sorted(vues.lues.items()))
            if tenants not in lues:
                lues[tenants] = frozenset(filter(presence(cat, vues, departement), exigences))
            par_departement[departement] = lues[tenants]
        partout = frozenset(filter(presence(cat, vues), exigences))
        return cls(par_departement, partout.union(*par_departement.values()))

    def endroits(self, regions: Mapping[str, str]) -> dict[frozenset[str], Endroits]:
        """Return the territories that lack something others have, by what they have.

        A région, or France, has what each of its départements has: a sum that leaves some out is no sum.
        """
        lieux: dict[tuple[str, str], list[str]] = {}
        for departement in self.par_departement:
            chaine = [("departement", departement), ("france", CODE_FRANCE)]
            chaine += [("region", regions[departement])] if departement in regions else []
            for lieu in chaine:
                lieux.setdefault(lieu, []).append(departement)
        trouves: dict[frozenset[str], Endroits] = {}
        for lieu, departements in sorted(lieux.items()):
            communes = frozenset.intersection(*(self.par_departement[d] for d in departements))
            if communes != self.quelque_part:
                trouves.setdefault(communes, []).append(lieu)
        return trouves


def presence(cat: Catalogue, vues: Vues, departement: str = "") -> Presence:
    """Return the test of what was delivered, equivalent views included; in a département if one is given."""
    return lambda exigence: any(vues.a(v, departement) for v in _equivalentes(cat, exigence))


def _exigences(cat: Catalogue) -> set[str]:
    """Every view or column that a definition may ask for, and the views that stand for them."""
    vues = {v for s in cat.sources.values() for c in s.colonnes.values() for v in c.vues}
    vues |= {v.partition(".")[0] for v in vues}
    return vues | {v for equivalentes in cat.equivalences.values() for v in equivalentes}


def _equivalentes(cat: Catalogue, exigence: str) -> tuple[str, ...]:
    """Return what stands for a view or a column: itself, those declared alike, or its column in views alike."""
    if exigence in cat.equivalences:
        return cat.equivalences[exigence]
    vue, _, colonne = exigence.partition(".")
    return tuple(f"{v}.{colonne}" for v in cat.equivalences.get(vue, ())) or (exigence,)


def absences(cat: Catalogue, vues: Vues, departements: Collection[str] = ()) -> dict[str, Any]:
    """Name what the deliveries lack: nominative views, and columns that a definition reads in a view that is there.

    When some lack what others have, the same is given for each département.
    """
    ensemble: dict[str, Any] = _absentes(cat, vues, "")
    lieux = {d: _absentes(cat, vues, d) for d in sorted(departements)}
    if any(lieu != ensemble for lieu in lieux.values()):
        ensemble[PAR_DEPARTEMENT] = lieux
    return ensemble


def _absentes(cat: Catalogue, vues: Vues, departement: str) -> dict[str, list[str]]:
    presente = presence(cat, vues, departement)
    colonnes: set[str] = set()
    for exigence in {v for s in cat.sources.values() for c in s.colonnes.values() for v in c.vues}:
        if not presente(exigence):
            lues = [e for e in _equivalentes(cat, exigence) if vues.a(e.partition(".")[0], departement)]
            colonnes |= {" ou ".join(lues)} if lues else set()
    absentes = [v for v in NOMINATIVES if not vues.a(v, departement)]
    return {"vues_absentes": absentes, "colonnes_absentes": sorted(colonnes)}


@dataclass(frozen=True)
class Absences:
    """Views, and columns as `Vue.colonne`, that the delivery of a place does not have."""

    vues: tuple[str, ...] = ()
    colonnes: tuple[str, ...] = ()

    @property
    def noms(self) -> tuple[str, ...]:
        """The views, then the columns each in its view, in words; a column read in another is named as delivered."""
        colonnes = (" ou ".join(map(_nom, c.split(" ou "))) for c in self.colonnes)
        return (*(f"vue {v}" for v in self.vues), *(f"colonne {c}" for c in colonnes))

    @classmethod
    def de(cls, perimetre: Mapping[str, Any], departement: str = "") -> Absences:
        """Read what a snapshot lacks in a département; anywhere, when it does not say or none is given."""
        lues = perimetre.get(PAR_DEPARTEMENT, {}).get(departement, perimetre)
        return cls(tuple(lues.get("vues_absentes", ())), tuple(lues.get("colonnes_absentes", ())))

    def dont_depend(self, dispositif: str, indicateur: Indicateur, ventilation: str, modalite: str) -> Absences:
        """Keep what a figure depends on: its terms, its exclusions, its modality."""
        cat = catalogue(dispositif)
        if indicateur.source not in cat.sources:
            return self
        alternatives = [set(_equivalentes(cat, vue)) for vue in _lues_par(cat, indicateur, ventilation, modalite)]
        vues = {a.partition(".")[0] for alternative in alternatives for a in alternative}
        return Absences(
            tuple(v for v in self.vues if v in vues),
            tuple(c for c in self.colonnes if any(set(c.split(" ou ")) <= a for a in alternatives)),
        )


def _nom(colonne: str) -> str:
    return LIVREES_SOUS.get(colonne, colonne)


def _lues_par(cat: Catalogue, indicateur: Indicateur, ventilation: str, modalite: str) -> Iterable[str]:
    textes = [indicateur.numerateur.expression, indicateur.par_mois, *(e.expression for e in indicateur.exclusions)]
    textes += [indicateur.denominateur.expression] if indicateur.denominateur else []
    if ventilation in cat.ventilations:
        textes += [m.expression for m in cat.ventilations[ventilation].modalites if m.code == modalite]
    colonnes = {c for texte in textes if texte for c in colonnes_de(texte)}
    return sorted({v for c in colonnes for v in cat.sources[indicateur.source].colonnes[c].vues})
