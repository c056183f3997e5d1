"""What is checked of each line, from the description of its columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from convenir.mesure.donnees.controle.connexion import nom
from convenir.mesure.donnees.controle.expressions import lecture, siret_faux
from convenir.mesure.donnees.formats import Colonne, Disposition, TypeColonne, Vue
from convenir.mesure.donnees.reception.anomalies import MASQUE

T = TypeColonne


class Gravite(StrEnum):
    """Outcome of a fault (décisions, § 3)."""

    QUARANTAINE = "quarantaine"
    DOUBLON = "doublon"
    AVERTISSEMENT = "avertissement"


@dataclass(frozen=True)
class Verification:
    """A fault looked for in every line: where, under which SQL condition, in which words, with which outcome."""

    colonne: str
    condition: str
    message: str
    gravite: Gravite = Gravite.QUARANTAINE
    valeur: str = "''"


ILLISIBLES = {
    T.ENTIER: "Ce n'est pas un nombre entier.",
    T.DECIMAL: "Ce n'est pas un nombre (le point sépare les décimales).",
    T.DATE: "Cette date n'existe pas au calendrier, ou n'est pas écrite JJ/MM/AAAA ni AAAA-MM-JJ.",
    T.HORODATAGE: (
        "Cette date n'existe pas au calendrier, ou n'est pas écrite JJ/MM/AAAA HH:MM:SS ni AAAA-MM-JJTHH:MM:SS."
    ),
    T.BOOLEEN: "La valeur n'est ni « true » ni « false » ; elle est laissée vide.",
}


def verifications(vue: Vue, presentes: set[str]) -> Iterator[Verification]:
    """Yield the checks of the columns that are in the file."""
    for colonne in vue.conservees:
        if colonne.nom_conserve in presentes:
            yield from _colonne(colonne)


def _colonne(colonne: Colonne) -> Iterator[Verification]:
    brut, valeur = nom(colonne.nom_conserve), valeur_montree(colonne)
    if colonne.obligatoire:
        absente = f"COALESCE({brut}, '') = ''"
        yield Verification(
            colonne.nom, absente, "La valeur est absente ; elle est nécessaire pour rattacher la ligne."
        )
    if colonne.disposition is Disposition.MOIS:
        # La réception masque une date impossible ; elle n'a gardé que le mois des autres.
        yield Verification(colonne.nom, f"{brut} = '{MASQUE}'", ILLISIBLES[T.DATE], valeur=valeur)
        return
    if colonne.nom_conserve != colonne.nom:
        return
    yield from _code(colonne, brut)
    if message := ILLISIBLES.get(colonne.type):
        gravite = Gravite.AVERTISSEMENT if colonne.type is T.BOOLEEN else Gravite.QUARANTAINE
        illisible = f"{brut} <> '' AND ({lecture(colonne)}) IS NULL"
        yield Verification(colonne.nom, illisible, message, gravite, valeur)
    if colonne.type is T.ENTIER and colonne.obligatoire and colonne.minimum is None:
        negatif = f"({lecture(colonne)}) < 0"
        yield Verification(colonne.nom, negatif, "Un identifiant n'est jamais négatif.", valeur=valeur)
    if colonne.minimum is not None:
        message = (
            "La valeur est négative." if colonne.minimum == 0 else f"La valeur est inférieure à {colonne.minimum}."
        )
        yield Verification(colonne.nom, f"({lecture(colonne)}) < {colonne.minimum}", message, valeur=valeur)
    if colonne.maximum is not None:
        condition = f"({lecture(colonne)}) > {colonne.maximum}"
        yield Verification(colonne.nom, condition, f"La valeur dépasse {colonne.maximum}.", valeur=valeur)
    if colonne.controle == "siret":
        faux = f"{brut} <> '' AND ({siret_faux(brut)})"
        yield Verification(
            colonne.nom, faux, "Ce n'est pas un SIRET : quatorze chiffres dont le dernier contrôle les autres.",
            valeur=valeur,
        )  # fmt: skip


CODE_INCONNU = "Ce code n'est pas dans la liste du format ({})."
FORME = "La valeur n'a pas la forme attendue."


def _code(colonne: Colonne, brut: str) -> Iterator[Verification]:
    """Yield the check of a closed list, or of a form: a row cannot do without a mandatory code."""
    if not (colonne.valeurs or (colonne.motif and colonne.titre)):
        return
    message = CODE_INCONNU.format(", ".join(colonne.valeurs)) if colonne.valeurs else FORME
    gravite = Gravite.QUARANTAINE if colonne.obligatoire else Gravite.AVERTISSEMENT
    suite = "" if colonne.obligatoire else " Elle est laissée vide."
    inconnu = f"{brut} <> '' AND ({lecture(colonne)}) IS NULL"
    yield Verification(colonne.nom, inconnu, message + suite, gravite, brut)


def valeur_montree(colonne: Colonne) -> str:
    """Return the expression of the rejected value as it may be shown: an identity is masked."""
    return f"'{MASQUE}'" if colonne.personnelle else nom(colonne.nom_conserve)
