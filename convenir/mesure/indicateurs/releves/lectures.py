"""How each view is read: only the columns used, each with its type, NULL when the delivery does not have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from convenir.mesure.donnees.vigueur import RATTACHEMENTS, VUES_AGREGEES, Partie, relation

# A mark that the ASP writes as a boolean or as a word, false when it is empty or absent.
_V = "VRAI"
# Views whose lines lie in a département.
LOCALISEES = VUES_AGREGEES | RATTACHEMENTS.keys()
VRAIS = "('true', 'oui', 'o', 'vrai', '1')"
_ID, _T, _B, _D = "BIGINT", "VARCHAR", "BOOLEAN", "DATE"
_N2, _N4 = "DECIMAL(18,2)", "DECIMAL(18,4)"
_E4 = "DECIMAL(18,4) * 10000"  # read as an integer of ten-thousandths
_CONTRAT_BOOLEENS = (
    "ass", "aah", "oeth", "sortant_ase", "parent_isole", "hebergement", "refugie", "sortant_detention",
    "langue_francaise", "mobilite",
)  # fmt: skip
COLONNES: dict[str, dict[str, str]] = {
    "Structure": {"structure_id_siae": _ID, "structure_adresse_admin_code_insee": _T},
    "AnnexeFinanciere": {
        "af_id_structure": _ID, "af_mesure_dispositif_code": _T, "af_numero_annexe_financiere": _T,
        "af_numero_avenant_renouvellement": _ID, "af_numero_avenant_modification": _ID,
        "af_id_annexe_financiere": _ID, "af_id_avenant_modification": _ID, "af_etat_annexe_financiere_code": _T,
        "af_date_debut_effet": _D, "af_date_fin_effet": _D, "af_etp_postes_insertion": _N4,
        "af_duree_heure_annuel_etp_valeur": _N4, "af_montant_unitaire_annuel_valeur": _N2,
        "af_montant_total_annuel": _N2, "af_mt_cofinance": _N2,
        "af_etp_encadrement_tech_accomp_sociop_annee_prec": _N4, "af_nb_prev_sorties": _ID,
        "af_taux_prev_sorties_dynamiques": _N2, "af_taux_prev_sorties_durable": _N2,
        "af_taux_prev_sorties_trans": _N2, "af_taux_prev_sorties_positives": _N2,
    },
    "EtatMensuelIndiv": {
        "emi_afi_id": _ID, "emi_sme_mois": _ID, "emi_sme_annee": _ID, "emi_sme_version": _ID, "emi_pph_id": _ID,
        "emi_ctr_id": _ID, "emi_dsm_id": _ID, "emi_nb_heures_travail": _N2, "emi_motif_sortie_id": _ID,
        "emi_motif_sortie_code": _T,
    },
    "ContratMission": {
        "contrat_id_structure": _ID, "contrat_mesure_disp_code": _T, "contrat_id_pph": _ID, "contrat_id_ctr": _ID,
        "contrat_date_embauche": _D, "contrat_date_fin_contrat": _D, "contrat_date_sortie_definitive": _D,
        "contrat_motif_sortie_id": _ID, "contrat_motif_sortie_code": _T, "contrat_orienteur_code": _T,
        "contrat_niveau_de_formation_code": _T, "contrat_salarie_pe_duree_id": _ID,
        "contrat_salarie_pe_duree_code": _T, "contrat_salarie_rsa": _T, "contrat_beneficiaire_rqth": _V,
        "contrat_salarie_rqth": _V,
        **{f"contrat_salarie_{nom}": _V for nom in _CONTRAT_BOOLEENS},
    },
    "Salarie": {
        "salarie_id": _ID, "personne": _T, "sexe": _T, "naissance": _T, "agrement": _B, "salarie_adr_qpv_type": _T,
        "salarie_adr_is_zrr": _B,
    },
    "Formations": {
        "formation_id_for": _ID, "formation_id_ctr": _ID, "formation_date_debut": _D, "formation_duree_heures": _N2,
        "formation_duree_minutes": _N2,
    },
    "AnnexeMois": {
        "numero_annexe": _T, "avenant": _ID, "annee": _ID, "mois": _ID, "heures": _N2, "personnes": _ID,
    },
    "SuiviDgefp": {"annee": _ID, "numero_annexe": _T, "avenant": _ID, "type_aide": _T, "etp_declares": _N4},
    "BilanAnnexe": {
        "annee": _ID, "numero_annexe": _T, "avenant": _ID, "encadrement_technique_etp": _E4,
        "accompagnement_etp": _E4, "non_salaries_etp": _E4, "prestataires_etp": _E4,
        **dict.fromkeys(
            (
                "salaries", "hommes", "femmes", "rsa", "ass", "aah", "rqth", "zrr_frr", "zus_qpv", "moins_26",
                "cinquante_et_plus", "inscription_12_23_mois", "inscription_24_mois_et_plus", "niveau_cap_bep",
                "niveau_non_certifiante", "niveau_infra_cap", "sorties_examinees", "sorties_durable",
                "sorties_transition", "sorties_positives",
            ),
            _ID,
        ),
    },
    "RefMotifSort": {"rms_id": _ID, "rms_code": _T, "rms_libelle": _T, "rcs_id": _ID},
    "RefCategorieSort": {"rcs_id": _ID, "rcs_code": _T, "rcs_libelle": _T},
    "RefDureePoleEmploi": {"rdp_id": _ID, "rdp_lib_duree_pe": _T},
}  # fmt: skip


@dataclass(frozen=True)
class VueLue:
    """A view of the deliveries in force: where its records are and which files they come from.

    Attributes:
        remplaces: départements of this delivery where another one holds.
        anterieures: the same view in earlier deliveries that hold elsewhere, the latest first.
        livrees: columns that the file had, as they are named in the records; None = those of the records. A column
            absent from the file is there in the records, empty: it must not be read as zero.
        tenus: départements where this delivery holds; None = everywhere.
        sans_ligne: départements where a delivery holds that has this view without a single line.
    """

    vue: str
    motif: str
    fichier: str = ""
    sha256: str = ""
    sha256_copie: str = ""
    lignes: int = 0
    remplaces: frozenset[str] = frozenset()
    anterieures: tuple[VueLue, ...] = ()
    livrees: frozenset[str] | None = None
    tenus: frozenset[str] | None = None
    sans_ligne: frozenset[str] = frozenset()

    @property
    def toutes(self) -> tuple[VueLue, ...]:
        """Every delivery read for this view, the latest first."""
        return (self, *self.anterieures)

    def dans(self, departement: str) -> tuple[VueLue, ...] | None:
        """Return the deliveries whose columns count in a département; None when the view is not there at all.

        A person is read in the latest delivery that names them, wherever they work: every delivery counts.
        """
        tenantes = tuple(v for v in self.toutes if v.tenus is None or departement in v.tenus)
        if not tenantes and departement not in self.sans_ligne:
            return None
        return self.toutes if self.vue == "Salarie" else tenantes

    @property
    def dossiers(self) -> set[Path]:
        """Folders that its reading opens."""
        if not self.anterieures and not self.remplaces:
            return {Path(self.motif.split("*")[0]).parent}
        return {Partie(v.motif).dossier for v in self.toutes}

    @property
    def relation(self) -> str:
        """SQL relation of the records in force."""
        return relation(self.vue, [Partie(v.motif, v.remplaces) for v in self.toutes])


@dataclass
class Vues:
    """The views there are, the columns each really has, and a filter by view when only some structures are read."""

    base: duckdb.DuckDBPyConnection
    lues: Mapping[str, VueLue]
    filtres: Mapping[str, str] = field(default_factory=dict)
    types: dict[str, dict[str, str]] = field(default_factory=dict)

    def a(self, exigence: str, departement: str = "") -> bool:
        """Tell whether a view (`Salarie`) or a column of it (`Salarie.sexe`) can be read.

        Args:
            exigence: the view or the column.
            departement: read in what holds there; everywhere when empty.
        """
        vue, _, colonne = exigence.partition(".")
        if vue not in self.lues:
            return False
        localisee = departement and vue in LOCALISEES
        parties = self.lues[vue].dans(departement) if localisee else self.lues[vue].toutes
        if parties is None or not colonne:
            return parties is not None
        return colonne in self.colonnes_de(vue) and all(colonne in v.livrees for v in parties if v.livrees is not None)

    def colonnes_de(self, vue: str) -> frozenset[str]:
        """Return the columns of the records of a view."""
        return frozenset(self.types_de(vue))

    def types_de(self, vue: str) -> dict[str, str]:
        """Return the columns of the records of a view, with the type they are stored with."""
        if vue not in self.types:
            lignes = self.base.execute(f"DESCRIBE SELECT * FROM {self.lues[vue].relation}").fetchall()
            self.types[vue] = {ligne[0]: ligne[1] for ligne in lignes}
        return self.types[vue]

    def lecture(self, vue: str, condition: str = "", *, depuis: str = "") -> str:
        """Return the SELECT of the used columns of a view; no row at all when the view is absent.

        Args:
            vue: view whose columns are read.
            condition: rows to keep.
            depuis: view delivered in its place, with the same columns.
        """
        types, vue = COLONNES[vue], depuis or vue
        if vue not in self.lues:
            return f"SELECT {', '.join(_colonne(c, t, '') for c, t in types.items())} WHERE false"
        stockes = self.types_de(vue)
        choisies = (_colonne(c, t, stockes.get(c, "")) for c, t in types.items())
        conditions = " AND ".join(f"({c})" for c in (condition, self.filtres.get(vue, "")) if c)
        return f"SELECT {', '.join(choisies)} FROM {self.lues[vue].relation}{conditions and f' WHERE {conditions}'}"


def _colonne(nom: str, type_: str, stocke: str) -> str:
    """SQL of a column read with its type; `stocke` is the type on disk, empty when the column is absent.

    A type with a factor gives an integer.
    """
    lue = nom if stocke else "NULL"
    if type_ == _V:
        texte = f"lower(trim(CAST({lue} AS VARCHAR))) IN {VRAIS}"
        return f"COALESCE({lue if stocke in {'', 'BOOLEAN'} else texte}, false) AS {nom}"
    base, _, facteur = type_.partition(" * ")
    valeur = f"CAST({lue} AS {base})"
    return f"CAST({valeur} * {facteur} AS BIGINT) AS {nom}" if facteur else f"{valeur} AS {nom}"
