"""Values received already aggregated, by category, indicator and year: read from a CSV, checked, never computed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from convenir.mesure.indicateurs.chargement import catalogue
from convenir.mesure.indicateurs.parametres import CATEGORIES
from convenir.mesure.indicateurs.valeurs import CODE_FRANCE
from convenir.socle.commun.erreurs import EntreeInvalide

OBLIGATOIRES = ("categorie", "indicateur", "annee", "valeur")
FACULTATIVES = ("numerateur", "denominateur", "niveau", "code")


@dataclass(frozen=True)
class AgregatLu:
    """One line; an empty category is the whole of the scheme."""

    categorie: str
    indicateur: str
    annee: int
    valeur: Decimal
    numerateur: Decimal | None = None
    denominateur: Decimal | None = None
    niveau: str = "france"
    code: str = CODE_FRANCE


def lire_agregats(chemin: Path, dispositif: str = "iae") -> list[AgregatLu]:
    """Read a CSV of aggregates: UTF-8, comma, header `categorie,indicateur,annee,numerateur,denominateur,valeur`.

    Raises:
        EntreeInvalide: naming the file, the line and the column of the first fault.
    """
    try:
        texte = chemin.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as erreur:
        raise EntreeInvalide(f"{chemin.name} ne se lit pas en UTF-8. Enregistrez-le en CSV UTF-8.") from erreur
    lignes = csv.DictReader(texte.splitlines())
    manquantes = set(OBLIGATOIRES) - set(lignes.fieldnames or ())
    inconnues = set(lignes.fieldnames or ()) - set(OBLIGATOIRES) - set(FACULTATIVES)
    if manquantes or inconnues:
        quoi = f"colonne « {min(manquantes)} » absente" if manquantes else f"colonne « {min(inconnues)} » inconnue"
        raise EntreeInvalide(f"{chemin.name}, ligne 1 : {quoi}. Attendu : {', '.join(OBLIGATOIRES + FACULTATIVES)}.")
    lus = list(_lire(chemin.name, lignes, set(catalogue(dispositif).indicateurs)))
    cles = [(a.niveau, a.code, a.categorie, a.indicateur, a.annee) for a in lus]
    if len(set(cles)) < len(cles):
        double = next(c for c in cles if cles.count(c) > 1)
        raise EntreeInvalide(f"{chemin.name} : {double[3]} {double[2]} {double[4]} est donné deux fois.")
    return lus


def _lire(nom: str, lignes: csv.DictReader[str], connus: set[str]) -> Iterator[AgregatLu]:
    for rang, ligne in enumerate(lignes, start=2):

        def refuser(colonne: str, attendu: str, rang: int = rang, ligne: dict[str, str] = ligne) -> EntreeInvalide:
            return EntreeInvalide(
                f"{nom}, ligne {rang}, colonne {colonne} : « {ligne.get(colonne)} ». Attendu : {attendu}."
            )

        def nombre(colonne: str, ligne: dict[str, str] = ligne) -> Decimal | None:
            texte = (ligne.get(colonne) or "").strip().replace(",", ".")
            try:
                return Decimal(texte) if texte else None
            except InvalidOperation:
                raise refuser(colonne, "un nombre") from None

        categorie, indicateur = (ligne.get("categorie") or "").strip(), (ligne.get("indicateur") or "").strip()
        if categorie and categorie not in CATEGORIES:
            raise refuser("categorie", f"vide, ou {', '.join(CATEGORIES)}")
        if indicateur not in connus:
            raise refuser("indicateur", "un code du catalogue, par exemple iae.sorties.taux_dynamique")
        if not (ligne.get("annee") or "").strip().isdecimal():
            raise refuser("annee", "une année, par exemple 2025")
        valeur = nombre("valeur")
        if valeur is None:
            raise refuser("valeur", "un nombre")
        niveau = (ligne.get("niveau") or "france").strip()
        if niveau not in {"france", "region", "departement"}:
            raise refuser("niveau", "france, region ou departement")
        code = (ligne.get("code") or "").strip() or CODE_FRANCE
        annee = int(ligne["annee"])
        yield AgregatLu(
            categorie, indicateur, annee, valeur, nombre("numerateur"), nombre("denominateur"), niveau, code
        )
