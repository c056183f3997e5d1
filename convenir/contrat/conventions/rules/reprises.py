"""Read the table of the conventions born elsewhere: one by line, every fault named by line and column. Pure."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from convenir.contrat.conventions.rules.termes import Termes
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.francais import lire_nombre

OBLIGATOIRES = ("identifiant", "debut", "dernier_jour", "signee_le", "fichier")
FACULTATIVES = (
    "categorie", "numero_asp", "fin_des_clauses", "postes", "montant_unitaire", "heures_etp", "sorties_prevues",
    "taux_durable", "taux_transition", "taux_positives", "dotation",
)  # fmt: skip
COLONNES = (
    "identifiant",
    "categorie",
    "numero_asp",
    "debut",
    "dernier_jour",
    "signee_le",
    *FACULTATIVES[2:],
    "fichier",
)
NOMBRES = ("postes", "montant_unitaire", "heures_etp", "taux_durable", "taux_transition", "taux_positives", "dotation")
EXEMPLE = (
    "900002", "ACI", "044230013", "01/01/2024", "31/12/2026", "12/01/2024", "31/12/2024", "12,00", "23921,00", "1820",
    "32", "23", "17", "22", "", "convention-900002.pdf",
)  # fmt: skip
LONGUEUR_NUMERO = 30


@dataclass(frozen=True)
class Fiche:
    """The minimum known of a convention born elsewhere.

    Attributes:
        dernier_jour: last day, in; `clauses_jusquau` the last day of the financial clauses, in.
        fichier: name of the PDF of the signed act.
    """

    identifiant: str
    debut: date
    dernier_jour: date
    signee_le: date
    fichier: str
    categorie: str = ""
    numero_asp: str = ""
    clauses_jusquau: date | None = None
    termes: Termes = field(default_factory=Termes)


@dataclass(frozen=True)
class LigneLue:
    """A line of the table: its number in the file, what it says or why it cannot be read."""

    numero: int
    fiche: Fiche | None
    erreurs: tuple[str, ...] = ()


def lire_table(octets: bytes, nom: str) -> list[LigneLue]:
    """Read the table; a faulty line does not stop the others.

    Raises:
        EntreeInvalide: not a text in UTF-8, no line, or a missing column.
    """
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        raise EntreeInvalide(f"« {nom} » n'est pas un texte UTF-8 : enregistrez-le en « CSV UTF-8 ».") from erreur
    premiere = texte.partition("\n")[0]
    lecteur: csv.DictReader[str] = csv.DictReader(StringIO(texte), delimiter=";" if ";" in premiere else ",")
    entetes = [(e or "").strip().lower() for e in lecteur.fieldnames or []]
    manquent = [c for c in OBLIGATOIRES if c not in entetes]
    if manquent:
        raise EntreeInvalide(f"« {nom} » : colonnes manquantes : {', '.join(manquent)}. Partez du modèle.")
    lecteur.fieldnames = entetes
    try:
        lues = [_ligne(lecteur.line_num, rang) for rang in lecteur if any((v or "").strip() for v in _textes(rang))]
    except csv.Error as erreur:
        raise EntreeInvalide(f"« {nom} », ligne {lecteur.line_num} : ce n'est pas un tableau CSV.") from erreur
    if not lues:
        raise EntreeInvalide(f"« {nom} » ne contient aucune convention.")
    return lues


def _textes(rang: Mapping[str | None, Any]) -> list[str]:
    return [v for v in rang.values() if isinstance(v, str)]


def _ligne(numero: int, rang: Mapping[str | None, Any]) -> LigneLue:
    lu = {c: str(rang.get(c) or "").strip() for c in COLONNES}
    erreurs: list[str] = [f"colonne « {c} » : à remplir." for c in OBLIGATOIRES if not lu[c]]
    if len(lu["numero_asp"]) > LONGUEUR_NUMERO:
        erreurs.append(f"colonne « numero_asp » : {LONGUEUR_NUMERO} signes au plus.")

    def essayer(colonne: str, lire: Callable[[str], Any]) -> Any:
        if not lu[colonne]:
            return None
        try:
            return lire(lu[colonne])
        except ValueError as erreur:
            erreurs.append(f"colonne « {colonne} » : {erreur}")
            return None

    dates = {c: essayer(c, lire_date) for c in ("debut", "dernier_jour", "signee_le", "fin_des_clauses")}
    nombres: dict[str, Any] = {c: essayer(c, lire_positif) for c in NOMBRES}
    nombres["sorties_prevues"] = essayer("sorties_prevues", lire_entier)
    if erreurs:
        return LigneLue(numero, None, tuple(erreurs))
    try:
        fiche = Fiche(
            lu["identifiant"], dates["debut"], dates["dernier_jour"], dates["signee_le"], lu["fichier"],
            lu["categorie"].upper(), lu["numero_asp"], dates["fin_des_clauses"], Termes(**nombres),
        )  # fmt: skip
    except ValueError as erreur:
        return LigneLue(numero, None, (str(erreur),))
    return LigneLue(numero, fiche)


def lire_date(texte: str) -> date:
    """Read jj/mm/aaaa or AAAA-MM-JJ.

    Raises:
        ValueError: in French.
    """
    morceaux = texte.split("/")
    try:
        return date.fromisoformat("-".join(reversed(morceaux)) if len(morceaux) == 3 else texte)
    except ValueError:
        raise ValueError(f"« {texte} » n'est pas une date. Écrivez jj/mm/aaaa.") from None


def lire_positif(texte: str) -> Decimal:
    """Read a number that is not negative.

    Raises:
        ValueError: in French.
    """
    valeur = lire_nombre(texte)
    if valeur < 0:
        raise ValueError(f"« {texte} » : donnez un nombre positif.")
    return valeur


def lire_entier(texte: str) -> int:
    """Read a whole number.

    Raises:
        ValueError: in French.
    """
    valeur = lire_positif(texte)
    if valeur != int(valeur):
        raise ValueError(f"« {texte} » n'est pas un nombre entier.")
    return int(valeur)


def modele() -> str:
    """Return the table to fill, with one invented line."""
    tampon = StringIO()
    ecrivain = csv.writer(tampon, delimiter=";", lineterminator="\n")
    ecrivain.writerows([COLONNES, EXEMPLE])
    return "\ufeff" + tampon.getvalue()
