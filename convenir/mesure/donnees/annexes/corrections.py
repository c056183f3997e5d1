"""Fields that may be corrected by hand, and how a correction replaces what the files say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.commun.identifiants import siret_valide

# Field of AnnexeLue -> (column of the ASP, SQL type, words).
CHAMPS_ANNEXE: dict[str, tuple[str, str, str]] = {
    "etp": ("af_etp_postes_insertion", "DECIMAL(18,4)", "ETP conventionnés"),
    "heures_etp": ("af_duree_heure_annuel_etp_valeur", "DECIMAL(18,4)", "heures d'un ETP"),
    "montant_unitaire": ("af_montant_unitaire_annuel_valeur", "DECIMAL(18,2)", "montant d'un ETP"),
    "montant_total": ("af_montant_total_annuel", "DECIMAL(18,2)", "montant total"),
    "cofinance": ("af_mt_cofinance", "DECIMAL(18,2)", "montant cofinancé"),
    "debut": ("af_date_debut_effet", "DATE", "début d'effet"),
    "fin_incluse": ("af_date_fin_effet", "DATE", "fin d'effet"),
    "nb_prev_sorties": ("af_nb_prev_sorties", "BIGINT", "sorties prévues"),
    "taux_dynamique": ("af_taux_prev_sorties_dynamiques", "DECIMAL(18,2)", "objectif dynamique"),
    "taux_durable": ("af_taux_prev_sorties_durable", "DECIMAL(18,2)", "objectif durable"),
    "taux_transition": ("af_taux_prev_sorties_trans", "DECIMAL(18,2)", "objectif transition"),
    "taux_positives": ("af_taux_prev_sorties_positives", "DECIMAL(18,2)", "objectif positives"),
}
CHAMPS_STRUCTURE: dict[str, str] = {
    "denomination": "dénomination",
    "siret_actualise": "SIRET actuel",
    "commune": "commune (code Insee)",
}
Valeur = Decimal | date | int | str
_EXEMPLES = {"DATE": "2026-12-31", "BIGINT": "12"}


@dataclass(frozen=True)
class CorrectionAnnexe:
    """A correction in force: the version of the annexe, the field of `AnnexeLue`, the value."""

    id_annexe: int
    id_avenant: int
    champ: str
    valeur: Valeur


def lire_valeur_annexe(champ: str, texte: str) -> Valeur:
    """Read the value typed for a field of an annexe; a decimal comma is accepted.

    Raises:
        EntreeInvalide: unknown field, or a value that cannot be read or is negative.
    """
    if champ not in CHAMPS_ANNEXE:
        choix = ", ".join(CHAMPS_ANNEXE)
        raise EntreeInvalide(f"Le champ « {champ} » d'une annexe ne se corrige pas. Champs possibles : {choix}.")
    _, type_, libelle = CHAMPS_ANNEXE[champ]
    try:
        valeur = _lire(type_, texte.strip())
    except (ValueError, InvalidOperation):
        exemple = _EXEMPLES.get(type_, "12,50")
        raise EntreeInvalide(f"« {texte} » ne convient pas pour : {libelle}. Écrivez par exemple {exemple}.") from None
    if not isinstance(valeur, date) and Decimal(valeur) < 0:
        raise EntreeInvalide(f"« {texte} » ne convient pas pour : {libelle}. La valeur ne peut pas être négative.")
    return valeur


def _lire(type_: str, texte: str) -> Decimal | date | int:
    if type_ == "DATE":
        return date.fromisoformat(texte)
    if type_ == "BIGINT":
        return int(texte)
    decimales = int(type_.rstrip(")").split(",")[1])
    lu = Decimal(texte.replace(",", "."))
    if not lu.is_finite():
        raise ValueError(texte)
    return lu.quantize(Decimal(1).scaleb(-decimales))


def lire_valeur_structure(champ: str, texte: str) -> str:
    """Read the value typed for a field of a structure.

    Raises:
        EntreeInvalide: unknown field, empty value, wrong SIRET.
    """
    if champ not in CHAMPS_STRUCTURE:
        choix = ", ".join(CHAMPS_STRUCTURE)
        raise EntreeInvalide(f"Le champ « {champ} » d'une structure ne se corrige pas. Champs possibles : {choix}.")
    valeur = " ".join(texte.split())
    if champ == "siret_actualise":
        valeur = valeur.replace(" ", "")
    if not valeur or len(valeur) > 200:
        raise EntreeInvalide("Donnez la valeur corrigée, en 200 caractères au plus.")
    if champ == "siret_actualise" and not (valeur.isdecimal() and siret_valide(valeur)):
        raise EntreeInvalide(
            f"« {texte} » n'est pas un SIRET : quatorze chiffres dont le dernier contrôle les autres."
        )
    return valeur


def colonnes_corrigees(source: str, corrections: Iterable[CorrectionAnnexe]) -> str:
    """Return the relation of the annexes with the corrected values in place of the file's."""
    par_colonne: dict[str, list[str]] = {}
    for c in sorted(corrections, key=lambda c: (c.champ, c.id_annexe, c.id_avenant)):
        colonne, type_, _ = CHAMPS_ANNEXE[c.champ]
        par_colonne.setdefault(colonne, []).append(
            f"WHEN af_id_annexe_financiere = {c.id_annexe} AND af_id_avenant_modification = {c.id_avenant} "
            f"THEN CAST('{c.valeur}' AS {type_})"
        )
    if not par_colonne:
        return source
    remplacements = ", ".join(f"CASE {' '.join(cas)} ELSE {col} END AS {col}" for col, cas in par_colonne.items())
    return f"(SELECT * REPLACE ({remplacements}) FROM {source})"
