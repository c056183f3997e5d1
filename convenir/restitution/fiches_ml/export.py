"""The fiche as a workbook: indicators with the parameters they depend on, dictionary, parameters, snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from convenir.mesure.indicateurs import queries_ml as ml
from convenir.mesure.indicateurs.gel_ml.sources import VOIES
from convenir.mesure.indicateurs.models import Instantane
from convenir.mesure.indicateurs.qualite.bornes import bornes
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl, IndicateurMl
from convenir.mesure.indicateurs.valeurs import Valeur, Valeurs
from convenir.restitution.fiches_ml.assemblage import valeurs_annuelles
from convenir.restitution.fiches_ml.comparaison import ComparaisonMl
from convenir.restitution.fiches_ml.modele import HISTORIQUE, FicheMl
from convenir.socle.documents.tableurs import Cellule, Feuille

COLONNES = (
    "mission_locale", "nom", "indicateur", "libelle", "unite", "ventilation", "modalite", "periode", "numerateur",
    "denominateur", "valeur", "statut", "completude", "borne_basse", "borne_haute", "version", "rupture",
    "voie", "parametres", "a_confirmer",
)  # fmt: skip
COMPAREES = (
    "indicateur", "libelle", "unite", "periode", "numerateur", "denominateur", "valeur", "statut", "version",
    "rupture", "voie", "parametres", "a_confirmer",
)  # fmt: skip
DICTIONNAIRE = (
    "indicateur", "libelle", "definition", "numerateur", "denominateur", "unite", "sens", "axe", "etape", "systeme",
    "module_entreprise", "texte", "version", "depuis", "ruptures", "parametres", "a_confirmer",
)  # fmt: skip
PARAMETRES = ("parametre", "libelle", "valeur", "unite", "texte", "source", "verifie_le", "a_confirmer")


def classeur(fiche: FicheMl) -> list[Feuille]:
    """Return the sheets of a fiche: every value that its reader may see, breakdowns and months included."""
    return [
        Feuille("Indicateurs", _valeurs(fiche)),
        *annexes(fiche.catalogue, fiche.instantane, fiche.annee, fiche.voie),
    ]


def classeur_compare(comparee: ComparaisonMl, cat: CatalogueMl, instantane: Instantane) -> list[Feuille]:
    """Return the sheets of a comparison, in the order shown."""
    valeurs = Feuille("Comparaison", _compares(comparee, cat, instantane))
    return [valeurs, *annexes(cat, instantane, comparee.annee, "")]


def annexes(cat: CatalogueMl, instantane: Instantane, annee: int, voie: str) -> list[Feuille]:
    """Return the sheets that say what the figures mean and where they come from."""
    parametres = [p for _, p in sorted(instantane.parametres.get(str(annee), {}).items())]
    return [
        Feuille("Dictionnaire", _dictionnaire(cat, date(annee, 12, 31))),
        Feuille("Paramètres", _parametres(parametres)),
        Feuille("Instantané", _instantane(instantane, cat, voie)),
    ]


def _valeurs(fiche: FicheMl) -> Iterator[list[Cellule]]:
    yield list(COLONNES)
    ordre = {i.code: rang for rang, i in enumerate(ml.publies(fiche.catalogue))}
    annees = {str(a) for a in fiche.annees}
    lues = valeurs_annuelles(fiche) if fiche.masquee else [v for v in fiche.valeurs if v.periode[:4] in annees]
    connues = [v for v in lues if v.indicateur in ordre]
    for v in sorted(connues, key=lambda v: (ordre[v.indicateur], v.ventilation, v.modalite, v.periode)):
        i = fiche.catalogue.indicateurs[v.indicateur]
        yield [
            fiche.mission_locale.code, fiche.mission_locale.nom, v.indicateur, ml.libelle_entier(fiche.catalogue, i),
            i.unite, v.ventilation, v.modalite, v.periode, *_nombres(v), str(v.statut), *_bornes(fiche.valeurs, v),
            *_version(i, v, fiche.annees), v.source, *_parametres_de(i, fiche.instantane, fiche.annee),
        ]  # fmt: skip


def _compares(comparee: ComparaisonMl, cat: CatalogueMl, instantane: Instantane) -> Iterator[list[Cellule]]:
    appliques = _parametres_de(comparee.indicateur, instantane, comparee.annee)
    yield ["mission_locale", "nom", "departement", *COMPAREES]
    for ligne in comparee.lignes:
        v, m = ligne.valeur, ligne.mission_locale
        yield [
            m.code, m.nom, m.departement_id, v.indicateur, comparee.libelle, cat.indicateurs[v.indicateur].unite,
            v.periode, *_nombres(v), str(v.statut), *_version(comparee.indicateur, v, comparee.annees), v.source,
            *appliques,
        ]  # fmt: skip


def _bornes(valeurs: Valeurs, v: Valeur) -> list[Cellule]:
    lues = bornes(valeurs, v.indicateur, v.periode, v.ventilation, v.modalite)
    return [lues.completude, lues.bas, lues.haut] if lues else [None, None, None]


def _version(i: IndicateurMl, v: Valeur, annees: tuple[int, ...]) -> list[Cellule]:
    """Return the version under which a figure is defined, and the break in the years that it is read with."""
    return [ml.version_de(i, int(v.periode[:4])).version, ml.rupture(i, annees)]


def _nombres(v: Valeur) -> list[Cellule]:
    return [v.numerateur, v.denominateur, v.valeur if v.est_disponible else None]


def regles_de_plusieurs(instantane: Instantane, codes: Iterable[str], annee: int) -> list[Cellule]:
    """Return the breaks of some indicators, then the parameters they depend on as applied, those to confirm last."""
    catalogue = ml.catalogue_de(instantane, annee).indicateurs
    connus = [catalogue[c] for c in codes if c in catalogue]
    annees = tuple(annee - rang for rang in range(HISTORIQUE))
    dites = [f"{i.code} : {phrase}" for i in connus if (phrase := ml.rupture(i, annees))]
    lus = {p["code"]: p for i in connus for p in ml.parametres_de(instantane, i, annee)}
    return [" ; ".join(dites), *_dits(list(lus.values()))]


def _parametres_de(i: IndicateurMl, instantane: Instantane, annee: int) -> list[Cellule]:
    return _dits(ml.parametres_de(instantane, i, annee))


def _dits(lus: Sequence[Mapping[str, object]]) -> list[Cellule]:
    dits = " ; ".join(f"{p['code']} = {p['valeur']}" for p in lus)
    return [dits, " ; ".join(str(p["code"]) for p in lus if p["a_confirmer"])]


def _dictionnaire(cat: CatalogueMl, jour: date) -> Iterator[list[Cellule]]:
    yield list(DICTIONNAIRE)
    for i in ml.publies(cat):
        version = [v for v in i.versions if v.depuis <= jour][-1]
        yield [
            i.code, ml.libelle_entier(cat, i), i.definition, i.numerateur.mots,
            i.denominateur.mots if i.denominateur else "", i.unite, i.sens, ml.AXES[i.axe], i.etape, i.systeme,
            i.module, i.texte,
            version.version, version.depuis, ml.ruptures(i), " ; ".join(i.parametres), i.a_confirmer,
        ]  # fmt: skip


def _parametres(appliques: Iterable[Mapping[str, Any]]) -> Iterator[list[Cellule]]:
    yield list(PARAMETRES)
    for p in appliques:
        yield [
            p["code"], p["libelle"], str(p["valeur"]), p["unite"], p["texte"], p["source"], p["verifie_le"],
            "oui" if p["a_confirmer"] else "non",
        ]  # fmt: skip


def _instantane(instantane: Instantane, cat: CatalogueMl, voie: str) -> Iterator[list[Cellule]]:
    yield ["quoi", "valeur"]
    yield ["empreinte SHA-256", instantane.sha256]
    yield ["arrêté au", instantane.arrete_au]
    yield ["grille", cat.grille.libelle]
    if voie:
        yield ["voie", VOIES[voie]]
    for fichier in instantane.fichiers:
        yield [f"fichier {fichier['fichier']}", fichier["sha256"]]
    yield ["avertissement", "Données de gestion, non des statistiques officielles."]
