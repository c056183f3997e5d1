"""Entries of the dictionary, drawn from the catalogue and from the law of the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.definitions import Indicateur, Version
from convenir.mesure.indicateurs.queries import LIBELLES_FAMILLES, IndicateurInconnu
from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml, grilles
from convenir.mesure.indicateurs.releves_ml.definitions import IndicateurMl
from convenir.restitution.dictionnaire.exemples import exemples
from convenir.restitution.dictionnaire.modele import Entree, ParametreCite, VersionCitee
from convenir.socle.commun import francais
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.reglementation.droit import Reglementation

DISPOSITIFS = {"iae": "Insertion par l’activité économique", "ml": "Missions locales"}
SENS = {"hausse": "à la hausse", "baisse": "à la baisse", "neutre": "ni hausse ni baisse"}
NIVEAUX = {
    "site": "site", "ml": "mission locale", "annexe": "annexe financière", "siae": "structure",
    "departement": "département", "region": "région", "france": "France",
}  # fmt: skip
PERIODES = {
    "annee": "année",
    "trimestre": "trimestre",
    "mois": "mois",
    "cumul": "cumul depuis janvier",
    "stock": "dernier jour du mois",
}
FAMILLES_ML = {
    "couverture": "Taux de couverture", "1-2": "Axes 1 et 2, activité", "3": "Axe 3, entreprises",
    "4-5": "Axes 4 et 5, expertise et ingénierie", "resultats": "Résultats", "ressources": "Ressources",
}  # fmt: skip
# Étapes du dialogue : libellés proposés, le schéma d'origine n'étant pas lisible (à confirmer).
ETAPES = {
    1: "Partager le diagnostic du territoire", 2: "Situer le public et la couverture", 3: "Lire l’activité par axe",
    4: "Lire les résultats", 5: "Rapprocher des moyens", 6: "Lecture croisée, objectifs et plan d’action",
}  # fmt: skip
MODULE = {
    "oui": "nécessaire : sans lui, « n. e. »", "si_vide": "sans lui, aucun événement n’est pas zéro : « n. e. »",
    "non": "inutile",
}  # fmt: skip
QUI = {
    "iae": (
        "Les services de l’État et la structure, tous ses comptes ; les financeurs, France Travail et les "
        "membres du CDIAE, hors marques sensibles de trop peu de personnes ; une structure concurrente, des groupes "
        "seulement."
    ),
    "ml": (
        "Les services de l’État et la mission locale, tous ses comptes ; l’animation régionale et les autres "
        "financeurs, hors petits comptes et ce qui les rendrait (« s. s. »)."
    ),
}


def dictionnaire(dispositif: str, droit: Reglementation, jour: date) -> list[Entree]:
    """Return every published entry of a scheme, in the order of the codes.

    Args:
        dispositif: `iae` or `ml`.
        droit: the law, for the parameters cited.
        jour: day on which parameters and definitions are read.

    Raises:
        EntreeInvalide: unknown scheme.
    """
    if dispositif == "iae":
        return [_entree_iae(i, droit, jour) for _, i in sorted(catalogue("iae").indicateurs.items())]
    if dispositif == "ml":
        return [_entree_ml(code, droit, jour) for code in _codes_ml()]
    raise EntreeInvalide(f"Le dispositif « {dispositif} » n'existe pas. Connus : {', '.join(DISPOSITIFS)}.")


def entree(dispositif: str, code: str, droit: Reglementation, jour: date) -> Entree:
    """Return one entry.

    Raises:
        IndicateurInconnu: no published indicator has this code.
        EntreeInvalide: unknown scheme.
    """
    if dispositif == "ml" and code in _codes_ml():
        return _entree_ml(code, droit, jour)
    if dispositif == "iae" and code in catalogue("iae").indicateurs:
        return _entree_iae(catalogue("iae").indicateurs[code], droit, jour)
    if dispositif not in DISPOSITIFS:
        raise EntreeInvalide(f"Le dispositif « {dispositif} » n'existe pas. Connus : {', '.join(DISPOSITIFS)}.")
    raise IndicateurInconnu(f"L'indicateur « {code} » n'existe pas dans le dictionnaire.")


def par_famille(entrees: Iterable[Entree]) -> dict[str, list[Entree]]:
    """Group entries by family, in the order of the catalogue."""
    groupes: dict[str, list[Entree]] = {f: [] for f in FAMILLES_ML.values()}
    for e in entrees:
        groupes.setdefault(e.famille, []).append(e)
    return {famille: lus for famille, lus in groupes.items() if lus}


def _codes_ml() -> list[str]:
    return sorted({i.code for g in grilles() for i in catalogue_ml(g).indicateurs.values() if i.montre})


BORNES = "Le chiffre porte sa complétude et ses deux lectures : sans les inconnus, et avec tous."


def _entree_ml(code: str, droit: Reglementation, jour: date) -> Entree:
    lus = {g: catalogue_ml(g).indicateurs.get(code) for g in grilles()}
    par_grille = {g: i for g, i in lus.items() if i is not None and i.montre}
    i = list(par_grille.values())[-1]
    cat = catalogue_ml(list(par_grille)[-1])
    denominateur = i.denominateur.mots if i.denominateur else ""
    return Entree(
        "ml", code, i.libelle, i.definition, formule(i, denominateur), i.numerateur.mots, denominateur, i.unite,
        SENS[i.sens], FAMILLES_ML[i.axe], f"{i.etape}. {ETAPES[i.etape]}", i.systeme, MODULE[i.module],
        f"{i.parent}, {cat.indicateurs[i.parent].libelle}" if i.parent else "", _mots(i.niveaux, NIVEAUX),
        _mots(i.periodes, PERIODES), tuple(cat.ventilations[v].libelle for v in i.ventilations), (),
        tuple(f"{g} : {x.libelle}" for g, x in par_grille.items()), i.texte, _validite(i.debut, i.fin),
        i.a_confirmer, QUI["ml"], _parametres(i.parametres, droit, jour),
        _versions(i.versions), exemples(code),
        i.sans_bornes or BORNES,
    )  # fmt: skip


def formule(i: IndicateurMl, denominateur: str) -> str:
    """Write how a figure is obtained."""
    if i.genre == "rapport":
        fois = f" × {i.facteur}" if i.facteur != 1 else ""
        assert i.denominateur is not None
        return f"{i.numerateur.mots} ÷ {denominateur}{fois} ({i.numerateur.indicateur} ÷ {i.denominateur.indicateur})"
    if i.genre == "moyenne":
        return f"moyenne des mois clos de {i.numerateur.indicateur}"
    debut = {
        "personnes": "nombre de jeunes distincts", "stock": "nombre de jeunes distincts, un jour donné",
        "evenements": "somme", "declare": "somme déclarée",
    }[i.genre]  # fmt: skip
    return f"{debut} : {i.numerateur.mots}"


def _entree_iae(i: Indicateur, droit: Reglementation, jour: date) -> Entree:
    cat = catalogue("iae")
    source = cat.sources.get(i.source)
    denominateur = i.denominateur.mots if i.denominateur else ""
    fois = f" × {i.facteur}" if i.facteur != 1 else ""
    famille = i.code.split(".")[1]
    return Entree(
        "iae", i.code, i.libelle, i.definition,
        f"{i.numerateur.mots} ÷ {denominateur}{fois}" if denominateur else i.numerateur.mots, i.numerateur.mots,
        denominateur, i.unite, SENS[i.sens], LIBELLES_FAMILLES.get(famille, famille), "",
        source.libelle if source else "Calcul de Convenir à partir des ETP mensuels", "", "",
        _mots(i.niveaux, NIVEAUX), _mots(i.periodes, PERIODES),
        tuple(cat.ventilations[v].libelle for v in i.ventilations if v in cat.ventilations),
        tuple(x.mots for x in i.exclusions), (), i.texte, _validite(i.debut, i.fin), i.a_confirmer, QUI["iae"],
        _parametres(i.parametres, droit, jour),
        _versions(i.versions),
    )  # fmt: skip


def _versions(versions: Sequence[Version]) -> tuple[VersionCitee, ...]:
    """Cite each version: what it changed, whether figures compare across it, what it said when it no longer holds."""
    return tuple(VersionCitee(v.version, v.depuis, _dit(v)) for v in versions)


def _dit(v: Version) -> str:
    rupture = " Rupture de série : avant et après ne se comparent pas." if v.rupture else ""
    ancienne = f" La définition était : {v.definition}" if v.definition else ""
    return f"{v.changement}{rupture}{ancienne}"


def _mots(codes: Sequence[str], libelles: dict[str, str]) -> tuple[str, ...]:
    return tuple(libelles.get(c, c) for c in codes)


def _validite(debut: date, fin: date | None) -> str:
    depuis = f"depuis le {francais.jour(debut)}"
    return f"du {francais.jour(debut)} au {francais.jour(fin)}" if fin else depuis


def _parametres(codes: Iterable[str], droit: Reglementation, jour: date) -> tuple[ParametreCite, ...]:
    return tuple(_parametre(code, droit, jour) for code in codes)


def _parametre(code: str, droit: Reglementation, jour: date) -> ParametreCite:
    lue = droit.valeur_ou_rien(code, jour)
    libelle = droit.catalogue.parametres[code].libelle
    if lue is None:
        return ParametreCite(code, libelle, f"n.{francais.FINE}d. à cette date", False)
    valeur = (
        francais.nombre(lue.nombre, 0 if lue.nombre == lue.nombre.to_integral_value() else 2)
        if not isinstance(lue.valeur, str)
        else lue.valeur
    )
    return ParametreCite(code, libelle, f"{valeur} {lue.unite}".strip(), lue.a_confirmer)
