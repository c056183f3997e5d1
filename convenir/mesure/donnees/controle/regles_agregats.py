"""Checks of the values of missions locales computed elsewhere, against the catalogue and against one another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from convenir.mesure.base_fermee import texte
from convenir.mesure.donnees.controle.connexion import nom
from convenir.mesure.donnees.controle.verifications import Gravite, Verification

Lire = Callable[[str], str]
# Rounding of the values: six decimals at most, more than what any printed figure keeps.
ECART = "0.000002"
PORTEES = "niveau IN ('site', 'ml')"


def regles_agregats(
    presentes: set[str], lu: Lire, listes: Mapping[str, Collection[str]]
) -> Iterator[Verification]:  # fmt: skip
    """Yield the checks.

    Args:
        listes: `indicateurs`, `parts` (shares of a whole), `comptes` (whole numbers), `missions_locales`, from the
            catalogue and from what is known; an empty list checks nothing.
    """
    yield from _codes(listes)
    yield from _valeurs(lu, listes)
    if {"ventilation", "modalite"} <= presentes:
        depareillee = "(COALESCE(ventilation, '') = '') <> (COALESCE(modalite, '') = '')"
        message = "La ventilation et la modalité vont ensemble : les deux, ou aucune."
        yield Verification("modalite", depareillee, message, valeur=nom("modalite"))
    message = "Ce niveau n'est pas repris : Convenir le recalcule depuis les missions locales."
    yield Verification("niveau", f"NOT {PORTEES}", message, Gravite.AVERTISSEMENT, "niveau")
    message = "Ce site ne dit pas sa mission locale : son identifiant doit commencer par le sien."
    yield Verification("code_territoire", "niveau = 'site' AND ml_id IS NULL", message, valeur=nom("code_territoire"))


def _codes(listes: Mapping[str, Collection[str]]) -> Iterator[Verification]:
    if listes.get("indicateurs"):
        inconnu = f"indicateur NOT IN ({_liste(listes['indicateurs'])})"
        message = "Cet indicateur n'est pas au catalogue des missions locales."
        yield Verification("indicateur", inconnu, message, valeur="indicateur")
    if "missions_locales" in listes:
        inconnue = f"{PORTEES} AND ml_id NOT IN ({_liste(listes['missions_locales'])})"
        message = "Cette mission locale n'est pas connue de Convenir. Demandez qu'elle y soit créée."
        yield Verification("code_territoire", inconnue, message, valeur="code_territoire")


def _valeurs(lu: Lire, listes: Mapping[str, Collection[str]]) -> Iterator[Verification]:
    valeur, haut, bas = lu("valeur"), lu("numerateur"), lu("denominateur")
    sans = f"statut = 'disponible' AND {valeur} IS NULL"
    yield Verification("valeur", sans, "Le statut est « disponible », mais la valeur est absente.")
    de_trop = f"statut <> 'disponible' AND {valeur} IS NOT NULL"
    message = "Une valeur est écrite alors que le statut dit qu'il n'y en a pas."
    yield Verification("valeur", de_trop, message, valeur="valeur")
    for colonne, lue in (("numerateur", haut), ("denominateur", bas)):
        yield Verification(colonne, f"{lue} < 0", "La valeur est négative.", valeur=nom(colonne))
    if listes.get("comptes"):
        compte = f"indicateur IN ({_liste(listes['comptes'])}) AND ({valeur} < 0 OR {valeur} <> trunc({valeur}))"
        yield Verification("valeur", compte, "Un effectif est un nombre entier, jamais négatif.", valeur="valeur")
    if listes.get("parts"):
        hors = f"indicateur IN ({_liste(listes['parts'])}) AND {valeur} NOT BETWEEN 0 AND 100"
        yield Verification("valeur", hors, "Une part d'un tout va de 0 à 100.", valeur="valeur")
        faux = (
            f"indicateur IN ({_liste(listes['parts'])}) AND statut = 'disponible' AND {bas} > 0 "
            f"AND abs({valeur} - 100 * CAST({haut} AS DOUBLE) / CAST({bas} AS DOUBLE)) > {ECART}"
        )
        message = "La valeur n'est pas celle que donnent le numérateur et le dénominateur."
        yield Verification("valeur", faux, message, valeur="valeur")


def _liste(codes: Collection[str]) -> str:
    return ", ".join(map(texte, sorted(codes))) or "''"
