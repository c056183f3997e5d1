"""Reads of the missions locales: frame and definitions of a snapshot, values, figures compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import QuerySet

from convenir.mesure.indicateurs.gel_ml.sources import SOMME, VOIES
from convenir.mesure.indicateurs.models import ChiffreMissionLocale, Instantane
from convenir.mesure.indicateurs.queries import annees_calculees, instantane_courant
from convenir.mesure.indicateurs.releves_ml.calcul import selon
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grille_de
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.releves_ml.regles import Regles
from convenir.mesure.indicateurs.releves_ml.versions import a_la_date, rupture, ruptures, version_de
from convenir.socle.commun.francais import courber

DISPOSITIF = "ml"
AXES = {
    "couverture": "Couverture du public",
    "1-2": "Activité auprès des jeunes (axes 1 et 2)",
    "3": "Activité en direction des entreprises (axe 3)",
    "4-5": "Expertise du territoire et ingénierie de projet (axes 4 et 5)",
    "resultats": "Résultats",
    "ressources": "Ressources",
}
__all__ = [
    "AXES", "SOMME", "VOIES", "annees", "catalogue_de", "chiffres", "instantane", "libelle_entier",
    "libelle_modalite", "parametres_de", "publies", "retrait", "rupture", "ruptures", "version_de",
]  # fmt: skip


def instantane(annee: int | None = None) -> Instantane | None:
    """Return the snapshot of the missions locales in force, for a year if one is given; None when there is none."""
    return instantane_courant(annee, DISPOSITIF)


def annees() -> list[int]:
    """Return the years computed, latest first."""
    return annees_calculees(DISPOSITIF)


def catalogue_de(fige: Instantane, annee: int) -> CatalogueMl:
    """Return the definitions under which the values of a year were frozen: its frame, its choices."""
    grille = fige.perimetre.get("grilles", {}).get(str(annee)) or grille_de(annee)
    traces = fige.parametres.get(str(annee), {})
    regles = Regles({code: str(p["valeur"]) for code, p in traces.items()}, traces)
    cat = a_la_date(catalogue_ml(grille), annee)
    cat = selon(cat, regles) if regles.valeurs else cat
    # A « dont » that is no part in the sense of sums (ACT02a: first at that mission locale) follows its whole too.
    lus = {
        code: replace(i, parent=_tout(cat, i)) if i.libelle.startswith("dont") and not i.parent else i
        for code, i in cat.indicateurs.items()
    }
    return replace(cat, indicateurs={code: _imprimable(i) for code, i in lus.items()})


def _imprimable(i: IndicateurMl) -> IndicateurMl:
    """Return an indicator whose words carry the printed apostrophe."""
    denominateur = replace(i.denominateur, mots=courber(i.denominateur.mots)) if i.denominateur else None
    return replace(
        i, libelle=courber(i.libelle), definition=courber(i.definition), denominateur=denominateur,
        numerateur=replace(i.numerateur, mots=courber(i.numerateur.mots)), a_confirmer=courber(i.a_confirmer),
    )  # fmt: skip


def publies(cat: CatalogueMl) -> list[IndicateurMl]:
    """Return the indicators that are printed, by axis then in the order of annexe 2."""
    rangs = {axe: rang for rang, axe in enumerate(AXES)}
    tous = [i for i in cat.indicateurs.values() if i.montre]
    return sorted(tous, key=lambda i: rangs[i.axe])


def retrait(cat: CatalogueMl, i: IndicateurMl) -> int:
    """Return how far a « dont » is set back under the whole it is a part of."""
    parent = cat.indicateurs.get(i.parent)
    if parent is None or not i.libelle.startswith("dont"):
        return 0
    return 1 + (retrait(cat, parent) if parent.libelle.startswith("dont") else 0)


def libelle_entier(cat: CatalogueMl, i: IndicateurMl) -> str:
    """Return a label that stands alone: a « dont » after its whole."""
    parent = cat.indicateurs.get(i.parent)
    if not i.libelle.startswith("dont"):
        return i.libelle
    tout = libelle_entier(cat, parent) if parent else ""
    return f"{tout}, {i.libelle}" if tout else i.libelle.removeprefix("dont ").capitalize()


def parametres_de(fige: Instantane, i: IndicateurMl, annee: int) -> list[dict[str, object]]:
    """Return the parameters that a definition depends on, as they were applied."""
    traces = fige.parametres.get(str(annee), {})
    return [traces[code] for code in i.parametres if code in traces]


def libelle_modalite(cat: CatalogueMl, ventilation: str, modalite: str) -> str:
    """Return the words of a modality; a site is named by its code."""
    connue = cat.ventilations.get(ventilation)
    trouvee = next((m.libelle for m in connue.modalites if m.code == modalite), "") if connue else ""
    if ventilation == "dispositif" and modalite == "AUTRE":
        return "Autres dispositifs"
    return trouvee or modalite


def chiffres(annee: int, indicateurs: Iterable[str]) -> QuerySet[ChiffreMissionLocale]:
    """Return the figures of a year; filter by `mission_locale__in=MissionLocale.objects.visibles_par(…)`."""
    return ChiffreMissionLocale.objects.filter(annee=annee, indicateur__in=list(indicateurs))


def _tout(cat: CatalogueMl, i: IndicateurMl) -> str:
    court = i.code.rstrip("abcdefghijklmnopqrstuvwxyz")
    return court if court in cat.indicateurs and court != i.code else ""
