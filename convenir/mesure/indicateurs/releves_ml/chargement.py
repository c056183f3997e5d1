"""Strict loading of the catalogue of the missions locales, in one frame."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from convenir.mesure.indicateurs.chargement import DOSSIER, colonnes_de
from convenir.mesure.indicateurs.definitions import Version
from convenir.mesure.indicateurs.releves_ml.definitions import (
    AUTRE,
    NIVEAUX,
    CatalogueMl,
    Grille,
    IndicateurMl,
    ModaliteMl,
    Releve,
    TermeMl,
    VentilationMl,
)
from convenir.mesure.indicateurs.valeurs import Unite
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.reglementation.chargeur import ErreurYaml, charger_yaml_strict, fichiers_yaml, refuser_doublons
from convenir.socle.reglementation.schema import Booleen, Choix, Dictionnaire, Entier, Jour, Liste, Objet, Texte

COMMUNS = {"releves.yaml", "ventilations.yaml", "grilles.yaml"}
GENRES = ("personnes", "stock", "evenements", "declare", "rapport", "moyenne")
AXES = ("couverture", "1-2", "3", "4-5", "resultats", "ressources")
PERIODES = ("annee", "trimestre", "mois", "cumul", "stock")
CODE = Texte(r"[A-Z]+[0-9]+[a-zA-Z0-9_]*", "comme ACT02a")
# Columns of the state of a youth on which a modality may be written.
COLONNES_DETAT = {"sexe", "age", "niveau", "diplome_obtenu", "zone", "zrr"}

_TERME = Objet({"mots": Texte()}, {"indicateur": CODE}, construire=lambda lu: TermeMl(**lu))
_VERSION = Objet(
    {"version": Entier(), "depuis": Jour(), "changement": Texte()},
    {"rupture": Booleen(), "definition": Texte(), "filtre": Texte(), "numerateur": Texte()},
    construire=lambda lu: Version(**lu),
)
_RELEVE = Objet(
    {"libelle": Texte(), "tables": Liste(Texte(), 1), "mesures": Dictionnaire(Texte())},
    {"drapeaux": Dictionnaire(Texte()), "par_site": Booleen()},
)
_MODALITE = Objet({"libelle": Texte(), "expression": Texte()}, {"grilles": Liste(Texte(), 1)})
_VENTILATION = Objet({"libelle": Texte()}, {"modalites": Dictionnaire(_MODALITE)})
_GRILLE = Objet(
    {
        "libelle": Texte(),
        "debut": Entier(),
        "dispositifs": Dictionnaire(Liste(Texte(), 1)),
        "zone": Choix(("zus", "qpv")),
        "immersions_courtes": Liste(Texte(), 1),
        "contractuels": Liste(Texte(), 1),
        "mots": Dictionnaire(Texte()),
    },
    {"fin": Entier(), "catalogue": Texte(r"[a-z]+")},
)


def _indicateur(lu: dict[str, Any]) -> tuple[int, IndicateurMl]:
    ligne, validite = lu.pop("ligne"), lu.pop("validite")
    listes = ("niveaux", "periodes", "versions", "partition", "ventilations", "parametres")
    lu |= {nom: tuple(lu[nom]) for nom in listes if nom in lu}
    indicateur = IndicateurMl(**lu, debut=validite["debut"], fin=validite.get("fin"))
    if indicateur.genre == "rapport":
        bas = indicateur.denominateur
        if not (bas and bas.indicateur and indicateur.numerateur.indicateur):
            raise ValueError("un rapport nomme l'indicateur de son numérateur et celui de son dénominateur")
    elif indicateur.genre == "moyenne":
        if not indicateur.numerateur.indicateur:
            raise ValueError("une moyenne nomme l'indicateur dont elle prend les mois")
    elif not (indicateur.releve and indicateur.mesure):
        raise ValueError("« releve » et « mesure » sont obligatoires")
    return ligne, indicateur


_INDICATEUR = Objet(
    {
        "code": CODE, "libelle": Texte(), "definition": Texte(), "unite": Choix(tuple(u.value for u in Unite)),
        "sens": Choix(("hausse", "baisse", "neutre")), "axe": Choix(AXES), "etape": Entier(), "genre": Choix(GENRES),
        "numerateur": _TERME, "systeme": Texte(), "niveaux": Liste(Choix(NIVEAUX), 1),
        "periodes": Liste(Choix(PERIODES), 1), "texte": Texte(), "validite": Objet({"debut": Jour()}, {"fin": Jour()}),
        "versions": Liste(_VERSION, 1),
    },
    {
        "denominateur": _TERME, "releve": Texte(), "mesure": Texte(), "filtre": Texte(),
        "module": Choix(("oui", "non", "si_vide")), "parent": CODE, "partition": Liste(CODE, 2), "somme": Booleen(),
        "borne": Booleen(), "facteur": Entier(), "publie": Booleen(), "ventilations": Liste(Texte()),
        "parametres": Liste(Texte(r"ml\.[a-z0-9_.]+", "code de paramètre")), "a_confirmer": Texte(),
        "sans_bornes": Texte(), "inconnus": Booleen(),
    },
    construire=_indicateur,
    ligne="ligne",
)  # fmt: skip


@cache
def grilles() -> dict[str, Grille]:
    """Return the frames, by code."""
    lues = charger_yaml_strict(DOSSIER / "ml" / "grilles.yaml", Objet({"grilles": Dictionnaire(_GRILLE)}))["grilles"]
    return {code: _grille(code, lue) for code, lue in lues.items()}


def _grille(code: str, lue: dict[str, Any]) -> Grille:
    return Grille(
        code, lue["libelle"], lue["debut"], lue.get("fin"),
        {nom: tuple(codes) for nom, codes in lue["dispositifs"].items()}, lue["zone"],
        tuple(lue["immersions_courtes"]), tuple(lue["contractuels"]), lue["mots"], lue.get("catalogue", ""),
    )  # fmt: skip


def grille_de(annee: int) -> str:
    """Return the code of the frame in force in a year.

    Raises:
        EntreeInvalide: no frame covers the year.
    """
    for code, grille in grilles().items():
        if grille.debut <= annee <= (grille.fin or annee):
            return code
    raise EntreeInvalide(f"Aucune grille d'indicateurs ne couvre {annee}. Choisissez-en une avec --grille.")


@cache
def catalogue_ml(grille: str) -> CatalogueMl:
    """Return the catalogue that comes with Convenir in one frame, checked once per process.

    Raises:
        EntreeInvalide: unknown frame.
    """
    if grille not in grilles():
        raise EntreeInvalide(f"La grille « {grille} » n'existe pas. Grilles connues : {', '.join(grilles())}.")
    return charger(DOSSIER / "ml", grilles()[grille])


def charger(dossier: Path, grille: Grille) -> CatalogueMl:
    """Read and check a folder of definitions.

    Raises:
        ErreurYaml: naming the file, the line and the key of the first fault.
    """
    releves = _releves(dossier / "releves.yaml")
    ventilations = _ventilations(dossier / "ventilations.yaml", grille)
    lus: list[tuple[Path, int, IndicateurMl]] = []
    forme = Objet({"indicateurs": Liste(_INDICATEUR, 1)})
    propres = fichiers_yaml(dossier.parent / grille.catalogue) if grille.catalogue else []
    for chemin in (*fichiers_yaml(dossier), *propres):
        if chemin.name not in COMMUNS:
            lus += [(chemin, *lu) for lu in charger_yaml_strict(chemin, forme)["indicateurs"]]
    refuser_doublons(((i.code, chemin, ligne) for chemin, ligne, i in lus), "indicateur")
    codes = {i.code for _, _, i in lus}
    for chemin, ligne, indicateur in lus:
        _verifier(chemin, ligne, indicateur, releves, ventilations, codes)
    indicateurs = {
        i.code: replace(_dans_la_grille(i, grille), publie=i.publie and (not grille.catalogue or chemin in propres))
        for chemin, _, i in sorted(lus, key=lambda lu: lu[2].code)
    }
    entiers = {code: _avec_ceux_des_termes(i, indicateurs) for code, i in indicateurs.items()}
    return CatalogueMl(grille, releves, ventilations, entiers)


def _avec_ceux_des_termes(i: IndicateurMl, indicateurs: dict[str, IndicateurMl]) -> IndicateurMl:
    """A ratio depends on every parameter of its terms."""
    termes = [t.indicateur for t in (i.numerateur, i.denominateur) if t and t.indicateur]
    herites = (p for terme in termes for p in indicateurs[terme].parametres)
    return replace(i, parametres=tuple(dict.fromkeys((*i.parametres, *herites))))


def _dans_la_grille(i: IndicateurMl, grille: Grille) -> IndicateurMl:
    """Put the words of the frame in the label and the definition."""
    versions = tuple(replace(v, definition=v.definition.format(**grille.mots)) for v in i.versions)
    return replace(
        i, libelle=i.libelle.format(**grille.mots), definition=i.definition.format(**grille.mots), versions=versions
    )


def _releves(chemin: Path) -> dict[str, Releve]:
    lus = charger_yaml_strict(chemin, Objet({"releves": Dictionnaire(_RELEVE)}))["releves"]
    return {
        nom: Releve(
            nom, lu["libelle"], tuple(lu["tables"]), lu["mesures"], lu.get("drapeaux", {}), lu.get("par_site", False)
        )
        for nom, lu in lus.items()
    }


def _ventilations(chemin: Path, grille: Grille) -> dict[str, VentilationMl]:
    lues = charger_yaml_strict(chemin, Objet({"ventilations": Dictionnaire(_VENTILATION)}))["ventilations"]
    resultat, rang = {}, 0
    for code, lue in lues.items():
        modalites = []
        declarees = lue.get("modalites", {})
        if code == "dispositif":
            declarees = {nom: {"libelle": nom, "expression": ""} for nom in (*grille.dispositifs, AUTRE)}
        for nom, m in declarees.items():
            if m["expression"] and not colonnes_de(m["expression"]) <= COLONNES_DETAT:
                raise ErreurYaml(chemin, f"ventilations.{code}.{nom}", f"« {m['expression']} » lit une autre colonne")
            if grille.code in m.get("grilles", (grille.code,)):
                modalites.append(ModaliteMl(nom, m["libelle"], m["expression"], rang))
                rang += 1
        resultat[code] = VentilationMl(code, lue["libelle"], tuple(modalites))
    return resultat


def _verifier(
    chemin: Path, ligne: int, i: IndicateurMl, releves: dict[str, Releve], ventilations: dict[str, VentilationMl],
    codes: set[str],
) -> None:  # fmt: skip
    def refuser(cle: str, message: str) -> None:
        raise ErreurYaml(chemin, f"{i.code}.{cle}", message, ligne)

    cites = [i.parent, *i.partition, i.numerateur.indicateur, i.denominateur.indicateur if i.denominateur else ""]
    for cite in filter(None, cites):
        if cite not in codes:
            refuser("indicateur", f"« {cite} » n'est pas au catalogue")
    for nom in i.ventilations:
        if nom not in ventilations:
            refuser("ventilations", f"découpage « {nom} » inconnu ; connus : {', '.join(ventilations)}")
    dates = [v.depuis for v in i.versions]
    if dates != sorted(set(dates)) or [v.version for v in i.versions] != list(range(1, len(dates) + 1)):
        refuser("versions", "les versions se suivent, numérotées à partir de 1, chacune à sa date")
    if not i.releve:
        return
    if i.releve not in releves:
        refuser("releve", f"relevé « {i.releve} » inconnu ; connus : {', '.join(releves)}")
    releve = releves[i.releve]
    if i.mesure not in releve.mesures:
        refuser("mesure", f"« {i.mesure} » n'est pas une mesure du relevé « {i.releve} »")
    for filtre in filter(None, (i.filtre, *(v.filtre for v in i.versions))):
        try:
            inconnus = colonnes_de(filtre) - set(releve.drapeaux)
        except ValueError as erreur:
            refuser("filtre", str(erreur))
        if inconnus:
            refuser("filtre", f"« {min(inconnus)} » n'est pas un drapeau du relevé « {i.releve} »")
