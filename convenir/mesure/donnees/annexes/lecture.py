"""Reading of the annexes and of the structures from the records of a delivery."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from convenir.mesure.donnees.annexes.rules import categorie_de, departement_de
from convenir.mesure.donnees.controle.connexion import parquet
from convenir.socle.organisations.rules import LONGUEURS, StructureLue

# A category needs at least one annexe that was, or is, in effect: a rejected request creates no SIAE.
ETATS_SANS_EFFET = frozenset({"BROUILLON", "SAISI", "REJETE", "ANNULE"})
# Field of AnnexeLue -> column of the ASP.
COLONNES = {
    "id_structure_asp": "af_id_structure",
    "id_annexe": "af_id_annexe_financiere",
    "id_avenant": "af_id_avenant_modification",
    "numero_convention": "af_numero_convention",
    "numero": "af_numero_annexe_financiere",
    "avenant": "af_numero_avenant_renouvellement",
    "modification": "af_numero_avenant_modification",
    "mesure": "af_mesure_dispositif_code",
    "etat": "af_etat_annexe_financiere_code",
    "debut": "af_date_debut_effet",
    "fin_incluse": "af_date_fin_effet",
    "etp": "af_etp_postes_insertion",
    "heures_etp": "af_duree_heure_annuel_etp_valeur",
    "montant_unitaire": "af_montant_unitaire_annuel_valeur",
    "montant_total": "af_montant_total_annuel",
    "cofinance": "af_mt_cofinance",
    "financeur": "af_id_financeur_code",
    "nb_prev_sorties": "af_nb_prev_sorties",
    "taux_dynamique": "af_taux_prev_sorties_dynamiques",
    "taux_durable": "af_taux_prev_sorties_durable",
    "taux_transition": "af_taux_prev_sorties_trans",
    "taux_positives": "af_taux_prev_sorties_positives",
    "suspendue": "af_indicateur_suspension",
}
_TEXTES = {"numero_convention": 60, "numero": 30, "mesure": 20, "etat": 20, "financeur": 120}


@dataclass
class AnnexeDuFichier:
    """One version of an annexe as its row says it, or as a correction changed it."""

    id_structure_asp: int
    id_annexe: int
    id_avenant: int
    numero_convention: str
    numero: str
    avenant: int
    modification: int
    mesure: str
    etat: str
    debut: date
    fin_incluse: date
    etp: Decimal | None
    heures_etp: Decimal | None
    montant_unitaire: Decimal | None
    montant_total: Decimal | None
    cofinance: Decimal | None
    financeur: str
    nb_prev_sorties: int | None
    taux_dynamique: Decimal | None
    taux_durable: Decimal | None
    taux_transition: Decimal | None
    taux_positives: Decimal | None
    suspendue: bool

    @property
    def cle(self) -> tuple[int, int]:
        """Key of the row: annexe and version."""
        return self.id_annexe, self.id_avenant

    @property
    def categorie(self) -> str | None:
        """Category of SIAE, None for FDI and unknown measures."""
        return categorie_de(self.mesure)

    @property
    def empreinte(self) -> str:
        """Digest of the values, to see whether a row changed since the last import."""
        valeurs = "\x1f".join(_ecrire(getattr(self, champ.name)) for champ in fields(self))
        return hashlib.md5(valeurs.encode(), usedforsecurity=False).hexdigest()


def _ecrire(valeur: Any) -> str:
    if isinstance(valeur, Decimal):
        return format(valeur.normalize(), "f")
    return "" if valeur is None else str(valeur)


def nettoyer_texte(valeur: object) -> str:
    """Return a text with one space between words and no NUL byte, which databases refuse; empty for None."""
    return " ".join(str("" if valeur is None else valeur).replace("\x00", "").split())


def lire_annexes(base: duckdb.DuckDBPyConnection, relation: str) -> list[AnnexeDuFichier]:
    """Return the annexes of a relation of records, by annexe then version."""
    colonnes = ", ".join(COLONNES.values())
    lignes = base.execute(
        f"SELECT {colonnes} FROM {relation} ORDER BY af_id_annexe_financiere, af_id_avenant_modification"
    ).fetchall()
    return [_annexe(dict(zip(COLONNES, ligne, strict=True))) for ligne in lignes]


def _annexe(valeurs: dict[str, Any]) -> AnnexeDuFichier:
    for champ, longueur in _TEXTES.items():
        valeurs[champ] = nettoyer_texte(valeurs[champ])[:longueur]
    valeurs["etat"] = valeurs["etat"].upper()
    valeurs["mesure"] = valeurs["mesure"].upper()
    valeurs["avenant"] = valeurs["avenant"] or 0
    valeurs["modification"] = valeurs["modification"] or 0
    valeurs["suspendue"] = bool(valeurs["suspendue"])
    return AnnexeDuFichier(**valeurs)


COLONNES_STRUCTURE = (
    "structure_id_siae", "structure_denomination", "structure_siret_signature", "structure_siret_actualise",
    "structure_categorie_juridique_code", "structure_code_naf", "structure_adresse_admin_code_insee",
)  # fmt: skip


@dataclass(frozen=True)
class Geographie:
    """What is needed to place a structure: known départements, and the current code of each commune code."""

    departements: frozenset[str]
    communes: Mapping[str, str]


def structures_de_lexport(motif: str) -> str:
    """Return the relation of the structures of an annexe export: each as its most recent annexe describes it."""
    autres = ", ".join(COLONNES_STRUCTURE[1:])
    return (
        f"(SELECT DISTINCT ON (af_id_structure) af_id_structure AS structure_id_siae, {autres} FROM {parquet(motif)} "
        "ORDER BY af_id_structure, af_date_debut_effet DESC, af_id_avenant_modification DESC)"
    )


def lire_structures(
    base: duckdb.DuckDBPyConnection, relation: str, annexes: list[AnnexeDuFichier], geographie: Geographie
) -> tuple[list[StructureLue], list[int]]:
    """Return the SIAE of a delivery, one per ASP id and category of its annexes.

    Args:
        relation: relation of the view Structure, or `structures_de_lexport`.
        annexes: annexes of the delivery.
        geographie: where structures may lie.

    Returns:
        the SIAE, and the ASP ids of the structures that cannot be placed in any département.
    """
    par_structure: dict[int, dict[str, str]] = {}
    for annexe in annexes:
        if annexe.categorie and annexe.etat not in ETATS_SANS_EFFET:
            par_structure.setdefault(annexe.id_structure_asp, {}).setdefault(annexe.categorie, annexe.numero)
    colonnes = ", ".join(COLONNES_STRUCTURE)
    lignes = base.execute(f"SELECT DISTINCT {colonnes} FROM {relation} ORDER BY structure_id_siae").fetchall()
    lues, sans_lieu = [], []
    for id_asp, denomination, *reste in lignes:
        for categorie, numero in sorted(par_structure.get(id_asp, {}).items()):
            lue = _structure(id_asp, categorie, denomination, reste, departement_de(numero), geographie)
            lues.append(lue) if lue.departement_code else sans_lieu.append(id_asp)
    return lues, sans_lieu


def _structure(
    id_asp: int, categorie: str, denomination: str | None, reste: list[Any], de_lannexe: str | None, geo: Geographie
) -> StructureLue:
    signature, actualise, forme, naf, insee = (nettoyer_texte(valeur) for valeur in reste)
    insee = insee.zfill(5) if insee else ""
    return StructureLue(
        id_asp=id_asp,
        categorie=categorie,
        denomination=(nettoyer_texte(denomination) or f"Structure {id_asp}")[: LONGUEURS["denomination"]],
        siret_signature=signature,
        siret_actualise=actualise,
        forme_juridique=forme if len(forme) <= LONGUEURS["forme_juridique"] else "",
        code_naf=naf if len(naf) <= LONGUEURS["code_naf"] else "",
        commune_code=insee,
        departement_code=departement_de_commune(insee, geo) or _connu(de_lannexe, geo),
    )


def departement_de_commune(insee: str, geographie: Geographie) -> str:
    """Return the known département of a commune code, from its current code when the commune was merged."""
    code = geographie.communes.get(insee, insee)
    return _connu(code[:3] if code[:2] in ("97", "98") else code[:2], geographie)


def _connu(departement: str | None, geographie: Geographie) -> str:
    return departement if departement and departement in geographie.departements else ""
