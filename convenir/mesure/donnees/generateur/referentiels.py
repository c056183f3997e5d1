"""Reference tables joined to a delivery: reasons, categories, measures, levels, amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from convenir.mesure.donnees.generateur.baremes import Bareme, baremes
from convenir.socle.commun.lecture_yaml import lire_yaml_sur

Ligne = dict[str, object]

_CONTENU: dict[str, Any] = lire_yaml_sur((Path(__file__).parent / "referentiels.yaml").read_text(encoding="utf-8"))
MESURES: dict[str, int] = {m["dispositif"]: m["id"] for m in _CONTENU["mesures"]}
ETATS_ANNEXE: dict[str, int] = _CONTENU["etats_annexe"]
CATEGORIE_DU_MOTIF: dict[int, int] = {m["code"]: m["categorie"] for m in _CONTENU["motifs_sortie"]}
NIVEAUX: tuple[str, ...] = tuple(_CONTENU["niveaux"])
DUREES: tuple[str, ...] = tuple(_CONTENU["durees"])
ORIENTEURS: tuple[str, ...] = tuple(_CONTENU["orienteurs"])
TYPES_EMPLOYEUR: tuple[str, ...] = tuple(_CONTENU["types_employeur"])
FORMES_CONTRAT: dict[str, int] = {f["code"]: f["id"] for f in _CONTENU["formes_contrat"]}
_RANG_SANS_MESURE = 0
_DEBUT_DES_REFERENTIELS = "01/01/2017"


def id_du_motif(code: int | str) -> int:
    """Technical id (rms_id) of an exit reason."""
    return 100 + int(code)


def id_par_mesure(codes: tuple[str, ...], code: str, mesure: int) -> int:
    """Technical id of a code in a table the ASP repeats for each measure, as levels or referrers."""
    return len(codes) * mesure + codes.index(code) + 1


def lignes_des_referentiels(extraction: date) -> dict[str, list[Mapping[str, object]]]:
    """Return the rows of every reference table whose columns are known.

    Args:
        extraction: amounts that start after this day are left out.
    """
    return {
        "RefCategorieSort": [
            {"rcs_id": c["id"], "rcs_code": c["code"], "rcs_libelle": c["libelle"]}
            for c in _CONTENU["categories_sortie"]
        ],
        "RefMotifSort": list(_motifs()),
        "RefMesure": list(_mesures()),
        "RefMontantIae": [_montant(b) for b in baremes() if b.debut <= extraction],
        "RefNiveauFormation": list(
            _par_mesure("niveaux", "rnf_id", "rnf_code_niveau_form_empl", "rnf_libelle_niveau_form_empl")
        ),
        "RefDureeAllocationEmploi": [
            _date_debut("rda", ligne)
            for ligne in _par_mesure("durees", "rda_id", "rda_code_duree_alloc", "rda_lib_duree_alloc")
        ],
        "RefDureePoleEmploi": [
            {"rdp_id": int(code), "rdp_lib_duree_pe": libelle} for code, libelle in _CONTENU["durees"].items()
        ],
        "RefOrienteur": [
            _date_debut("ror", ligne)
            for ligne in _par_mesure("orienteurs", "ror_id", "ror_code", "ror_libelle_orienteur")
        ],
        "RefTypeEmployeur": [
            _date_debut("rte", ligne)
            for ligne in _par_mesure("types_employeur", "rte_id", "rte_code_type_employeur", "rte_lib_type_employeur")
        ],
        "RefFormeContrat": [
            {"rfc_id": f["id"], "rfc_code_forme_contrat": f["code"], "rfc_lib_forme_contrat": f["libelle"]}
            for f in _CONTENU["formes_contrat"]
        ],
        "RefObjectifFormation": list(_formations("objectifs_formation", "rof_code_formation", "rof_libelle")),
        "RefTypeFormation": list(_formations("types_formation", "rtf_code_formation", "rtf_libelle")),
    }


def _motifs() -> Iterator[Ligne]:
    identifiants = {c["code"]: c["id"] for c in _CONTENU["categories_sortie"]}
    for motif in _CONTENU["motifs_sortie"]:
        yield {
            "rms_id": id_du_motif(motif["code"]),
            "rms_code": motif["code"],
            "rms_libelle": motif["libelle"],
            "rcs_id": identifiants[motif["categorie"]],
        }


def _mesures() -> Iterator[Ligne]:
    for mesure in _CONTENU["mesures"]:
        yield {
            "rme_id": mesure["id"],
            "rme_code_mesure": mesure["code"],
            "rme_code_mesure_disp": mesure["dispositif"],
            "rme_libelle_mesure": mesure["libelle"],
            "rdi_id": 2 if mesure["dispositif"].endswith("_MP") else 1,
            "rme_date_debut_effet": "01/01/2016",
            "rme_date_fin_effet": "",
            "rme_code_aide": mesure["code"],
        }


def _montant(bareme: Bareme) -> Ligne:
    return {
        "rmi_id": bareme.id,
        "rmi_code": bareme.code,
        "rmi_libelle": bareme.libelle,
        "rmi_valeur": f"{bareme.valeur:.2f}",
        "rmi_date_debut_effet": f"{bareme.debut:%d/%m/%Y}",
        "rmi_date_fin_effet": "" if bareme.fin is None else f"{bareme.fin:%d/%m/%Y}",
        "rme_id": MESURES[bareme.mesure],
        "code_dpt": bareme.departement,
    }


def _par_mesure(table: str, cle: str, code: str, libelle: str) -> Iterator[Ligne]:
    codes = tuple(_CONTENU[table])
    for mesure in (_RANG_SANS_MESURE, *sorted(MESURES.values())):
        for valeur, texte in _CONTENU[table].items():
            identifiant = id_par_mesure(codes, valeur, mesure)
            yield {cle: identifiant, code: valeur, libelle: texte, "rme_id": mesure or ""}


def _date_debut(prefixe: str, ligne: Ligne) -> Ligne:
    return ligne | {f"{prefixe}_date_debut_effet": _DEBUT_DES_REFERENTIELS, f"{prefixe}_date_fin_effet": ""}


def _formations(table: str, code: str, libelle: str) -> Iterator[Ligne]:
    for mesure in sorted(MESURES.values()):
        for valeur, texte in _CONTENU[table].items():
            yield {code: valeur, libelle: texte, "rme_id": mesure}
