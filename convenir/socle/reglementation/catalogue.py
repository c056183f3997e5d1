"""The law as read from the files: loaded once, checked as a whole, kept in memory. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from convenir.socle.reglementation import schemas
from convenir.socle.reglementation.chargeur import ErreurYaml, charger_yaml_strict, fichiers_yaml, refuser_doublons
from convenir.socle.reglementation.definitions import (
    Element,
    Famille,
    Parametre,
    Referentiel,
    TexteReglementaire,
    ValeurDeclaree,
)
from convenir.socle.reglementation.scalaires import TYPES_A_CHOIX, lire_scalaire

DOSSIER = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Catalogue:
    """Everything the files declare, by code, in the order of the files."""

    parametres: dict[str, Parametre]
    familles: dict[str, Famille]
    textes: dict[str, TexteReglementaire]
    referentiels: dict[str, Referentiel]

    def de_la_famille(self, famille: str) -> list[Parametre]:
        """Return the parameters of a family."""
        return [p for p in self.parametres.values() if p.famille == famille]

    def variante(self, code: str, territoire: str) -> Parametre | None:
        """Return the parameter that stands for another one on a territory (Mayotte), if there is one."""
        return next((p for p in self.parametres.values() if p.general == code and p.territoire == territoire), None)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the law of the installation.

    Raises:
        ErreurYaml: a file is wrong; the application must not run with half of the law.
    """
    return charger_catalogue(DOSSIER)


def charger_catalogue(dossier: Path) -> Catalogue:
    """Read and cross-check the folders `parametres`, `textes`, `referentiels` and `familles.yaml`.

    Raises:
        ErreurYaml: naming the file, the key and the line.
    """
    textes = _lire(dossier / "textes", schemas.TEXTES, "textes", "texte", _texte)
    familles = _familles(dossier / "familles.yaml")
    parametres = _lire(dossier / "parametres", schemas.PARAMETRES, "parametres", "paramètre", _parametre)
    lus = Catalogue(parametres, familles, textes, _referentiels(dossier / "referentiels"))
    _verifier_renvois(lus, dossier)
    return lus


def _lire(
    dossier: Path, schema: schemas.Objet, cle: str, quoi: str, construire: Callable[[dict[str, Any], Lieu], Any]
) -> dict[str, Any]:
    bruts = list(_elements(dossier, schema, cle))
    refuser_doublons(((lu["code"], lieu.fichier, lu["_ligne"]) for lu, lieu in bruts), quoi)
    return {lu["code"]: construire(lu, lieu) for lu, lieu in bruts}


@dataclass(frozen=True)
class Lieu:
    """Where an element is written, and what its file says for all of them."""

    fichier: Path
    cle: str
    commun: dict[str, Any]

    def erreur(self, suffixe: str, message: str, ligne: int) -> ErreurYaml:
        """Return an error at a key inside the element."""
        return ErreurYaml(self.fichier, f"{self.cle}{suffixe}", message, ligne)


def _elements(dossier: Path, schema: schemas.Objet, cle: str) -> Iterator[tuple[dict[str, Any], Lieu]]:
    for fichier in fichiers_yaml(dossier):
        lu = charger_yaml_strict(fichier, schema)
        commun = {nom: valeur for nom, valeur in lu.items() if nom != cle}
        for rang, element in enumerate(lu[cle]):
            yield element, Lieu(fichier, f"{cle}[{rang}]", commun)


def _familles(fichier: Path) -> dict[str, Famille]:
    lues = charger_yaml_strict(fichier, schemas.FAMILLES)["familles"]
    refuser_doublons(((lu["code"], fichier, lu["_ligne"]) for lu in lues), "famille")
    return {lu["code"]: Famille(**_sans_ligne(lu)) for lu in lues}


def _sans_ligne(lu: dict[str, Any]) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in lu.items() if nom != "_ligne"}


def _texte(lu: dict[str, Any], lieu: Lieu) -> TexteReglementaire:
    champs = {"verifie_le": lieu.commun["verifie_le"], **_sans_ligne(lu)}
    champs["dernier_jour"] = champs.pop("fin", None)
    champs["date_du_texte"] = champs.pop("date", None)
    champs["remplace"] = tuple(champs.get("remplace", ()))
    return TexteReglementaire(**champs)


def _parametre(lu: dict[str, Any], lieu: Lieu) -> Parametre:
    if (lu["type"] in TYPES_A_CHOIX) != ("choix" in lu):
        raise lieu.erreur(".choix", "« choix » va avec les types choix et liste, et eux seuls", lu["_ligne"])
    choix = lu.get("choix", {})
    champs = {nom: v for nom, v in _sans_ligne(lu).items() if nom not in {"valeurs", "choix"}}
    champs = {"court": lu["libelle"], "unite": "", "famille": lieu.commun["famille"], **champs, "choix": choix}
    valeurs = tuple(_valeur(brute, rang, lu, lieu, choix) for rang, brute in enumerate(lu["valeurs"]))
    _verifier_suite(lu["valeurs"], lieu)
    return Parametre(**champs, valeurs=valeurs)


def _valeur(brute: dict[str, Any], rang: int, lu: dict[str, Any], lieu: Lieu, choix: dict[str, str]) -> ValeurDeclaree:
    champs = {"verifie_le": lieu.commun["verifie_le"], "valeur": None, **_sans_ligne(brute)}
    champs["dernier_jour"] = champs.pop("fin", None)
    if brute.get("valeur") is not None:
        try:
            champs["valeur"] = lire_scalaire(lu["type"], brute["valeur"], choix)
        except ValueError as erreur:
            raise lieu.erreur(f".valeurs[{rang}].valeur", str(erreur), brute["_ligne"]) from erreur
    return avec_reconduction(ValeurDeclaree(**champs), revision_annuelle=lu.get("revision_annuelle", False))


def avec_reconduction(valeur: ValeurDeclaree, *, revision_annuelle: bool) -> ValeurDeclaree:
    """Mark the day from which a value is only carried forward.

    An amount that the texts revise every year (R. 5132-8) is known for its year alone: from the next 1 January on, it
    is the last known value, to be confirmed, until a newer one is found. A value taken from another parameter follows
    that one.
    """
    if not revision_annuelle or valeur.reconduit_depuis or valeur.renvoi:
        return valeur
    suivante = date(valeur.debut.year + 1, 1, 1)
    if valeur.dernier_jour and valeur.dernier_jour < suivante:
        return valeur
    return replace(valeur, reconduit_depuis=suivante)


def _verifier_suite(bruts: list[dict[str, Any]], lieu: Lieu) -> None:
    for rang, (avant, apres) in enumerate(pairwise(bruts), start=1):
        fin = avant.get("fin")
        if apres["debut"] <= avant["debut"] or (fin is not None and fin >= apres["debut"]):
            message = (
                f"la période commencée le {apres['debut']} recouvre ou précède celle du {avant['debut']} : "
                "une seule valeur par jour, dans l'ordre des dates"
            )
            raise lieu.erreur(f".valeurs[{rang}].debut", message, apres["_ligne"])


def _referentiels(dossier: Path) -> dict[str, Referentiel]:
    lus = [(charger_yaml_strict(fichier, schemas.REFERENTIEL), fichier) for fichier in fichiers_yaml(dossier)]
    refuser_doublons(((lu["code"], fichier, lu["_ligne"]) for lu, fichier in lus), "référentiel")
    return {lu["code"]: _referentiel(lu, fichier) for lu, fichier in lus}


def _referentiel(lu: dict[str, Any], fichier: Path) -> Referentiel:
    refuser_doublons(((e["code"], fichier, e["_ligne"]) for e in lu["elements"]), "élément")
    colonnes = lu.get("colonnes", {})
    for rang, element in enumerate(lu["elements"]):
        for nom in element.get("attributs", {}):
            if nom not in colonnes:
                message = f"attribut inconnu ; colonnes déclarées : {', '.join(colonnes) or 'aucune'}"
                raise ErreurYaml(fichier, f"elements[{rang}].attributs.{nom}", message, element["_ligne"])
    elements = tuple(Element(**{"attributs": {}, **_sans_ligne(e)}) for e in lu["elements"])
    return Referentiel(**{**_sans_ligne(lu), "colonnes": colonnes, "elements": elements})


def _verifier_renvois(lus: Catalogue, dossier: Path) -> None:
    """Refuse a code that names nothing: family, text, parameter, and a chain of parameters that comes back."""
    for parametre in lus.parametres.values():
        if parametre.famille not in lus.familles:
            raise ErreurYaml(
                dossier / "parametres", parametre.code, f"la famille « {parametre.famille} » n'existe pas"
            )
        if parametre.general and parametre.general not in lus.parametres:
            raise ErreurYaml(dossier / "parametres", parametre.code, f"« {parametre.general} » n'existe pas")
        for valeur in parametre.valeurs:
            _verifier_valeur(lus, parametre, valeur, dossier)
    for texte in lus.textes.values():
        for remplace in texte.remplace:
            if remplace not in lus.textes:
                raise ErreurYaml(dossier / "textes", texte.code, f"le texte remplacé « {remplace} » n'existe pas")


def _verifier_valeur(lus: Catalogue, parametre: Parametre, valeur: ValeurDeclaree, dossier: Path) -> None:
    if valeur.texte not in lus.textes:
        raise ErreurYaml(dossier / "parametres", parametre.code, f"le texte « {valeur.texte} » n'existe pas")
    if not valeur.renvoi:
        return
    cible = lus.parametres.get(valeur.renvoi)
    if cible is None or any(v.renvoi for v in cible.valeurs):
        message = f"le renvoi vers « {valeur.renvoi} » ne mène pas à un paramètre qui porte lui-même ses valeurs"
        raise ErreurYaml(dossier / "parametres", parametre.code, message)
