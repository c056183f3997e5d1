"""Invented aggregated files, in the shapes of the ASP and of the DGEFP."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from convenir.mesure.donnees.generateur.identite import siret_fictif
from convenir.mesure.donnees.sources.formats import vues_agregees

ENTETES_BILAN = [
    "Année", "Mesure", "Région", "Libellé Département", "0 - SIRET  ", "0 - Dénomination",
    "0 - Numéro de l'annexe / avenant",
    "0 - Salariés permanents en charge de l'encadrement technique des salariés en insertion - Nombre d'ETP réalisés "
    "au cours de la période conventionnée  ",
    "2 - Nombre total des salariés en insertion ayant travaillé dans la structure au cours de la période",
    "2 - Dont hommes ", "2 - Dont femmes ", "2 - Dont nombre de personnes reconnues RQTH :",
    "4 - Total des sorties examinées AI ETTI EITI", "5 - Total des sorties dans l'emploi durable",
]  # fmt: skip


def ligne_bilan(numero: str = "ACI044250001 A0M1", annee: int = 2025, **champs: Any) -> list[Any]:
    valeurs = {"mesure": "ACI", "salaries": 24, "hommes": 14, "femmes": 10, "rqth": 3, "sorties": 9, "durable": 2}
    valeurs |= champs
    return [
        annee, valeurs["mesure"], "PAYS DE LA LOIRE", "LOIRE ATLANTIQUE", siret_fictif(1), "EXEMPLE (FICTIF)", numero,
        1.25, valeurs["salaries"], valeurs["hommes"], valeurs["femmes"], valeurs["rqth"], valeurs["sorties"],
        valeurs["durable"],
    ]  # fmt: skip


def classeur(chemin: Path, lignes: Sequence[Sequence[Any]], titre: str = "Bilan des annexes") -> Path:
    with xlsxwriter.Workbook(chemin) as fichier:
        feuille = fichier.add_worksheet("Données")
        feuille.write(0, 0, titre)
        for rang, ligne in enumerate([ENTETES_BILAN, *lignes], start=2):
            feuille.write_row(rang, 0, ligne)
    return chemin


def suivi_dgefp(chemin: Path, lignes: Sequence[Sequence[str]], encodage: str = "latin-1") -> Path:
    entetes = [c.alias[0] for c in vues_agregees()["SuiviDgefp"].colonnes if c.alias]
    with chemin.open("w", encoding=encodage, newline="") as flux:
        csv.writer(flux, delimiter=";").writerows([entetes, *lignes])
    return chemin


def ligne_suivi(numero: str = "ACI044250001", etp: str = "12,50") -> list[str]:
    return ["2025", siret_fictif(1), numero, "Aide au poste", "État", etp, "299 012,50", "11,75", "11,75", "-0,75"]


ANNEXE = {
    "af_id_structure": "100001", "structure_denomination": "EXEMPLE (FICTIF)", "structure_siret_actualise":
    siret_fictif(1), "structure_adresse_admin_code_insee": "44109", "af_numero_convention": "044 010125 ACI 00001",
    "af_mesure_dispositif_code": "ACI_DC", "af_numero_annexe_financiere": "ACI044250001",
    "af_numero_avenant_renouvellement": "0", "af_numero_avenant_modification": "0", "af_id_annexe_financiere": "4001",
    "af_id_avenant_modification": "6001", "af_etat_annexe_financiere_code": "VALIDE",
    "af_date_debut_effet": "01/01/2025", "af_date_fin_effet": "31/12/2025", "af_etp_postes_insertion": "2.00",
    "af_montant_unitaire_annuel_valeur": "23921.00", "af_montant_total_annuel": "47842.00",
}  # fmt: skip


def export_annexes(chemin: Path, *lignes: dict[str, str]) -> Path:
    with chemin.open("w", encoding="utf-8", newline="") as flux:
        ecrivain = csv.DictWriter(flux, list(ANNEXE))
        ecrivain.writeheader()
        ecrivain.writerows({**ANNEXE, **ligne} for ligne in lignes)
    return chemin


def annexe_mois(chemin: Path, lignes: Sequence[Sequence[Any]]) -> Path:
    with chemin.open("w", encoding="utf-8", newline="") as flux:
        csv.writer(flux).writerows([["numero_annexe", "annee", "mois", "heures", "personnes"], *lignes])
    return chemin
