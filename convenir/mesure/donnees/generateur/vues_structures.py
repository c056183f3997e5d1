"""Rows of the views Structure, AnnexeFinanciere, Accompagnement and MarchesPublics: few, written one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from convenir.mesure.donnees.generateur import identite
from convenir.mesure.donnees.generateur.annexes import Annexe, Version
from convenir.mesure.donnees.generateur.lot import AnnexeFdi
from convenir.mesure.donnees.generateur.marges import marges
from convenir.mesure.donnees.generateur.monde import Structure
from convenir.mesure.donnees.generateur.noms import mots
from convenir.mesure.donnees.generateur.referentiels import ETATS_ANNEXE, MESURES
from convenir.mesure.donnees.generateur.territoire import Departement, en_capitales
from convenir.socle.commun.montants import arrondir

Ligne = dict[str, object]
FREINS = ("illetrisme", "demarch", "heberg", "mobilite", "sante", "justice", "surendet", "manque_dispo")
SECTEURS = ("nettoyage", "serv_pers", "btp", "agri", "recycl", "transp", "autres")


def jour(valeur: date | None) -> str:
    """Write a day as the ASP does, JJ/MM/AAAA; nothing for None."""
    return "" if valeur is None else f"{valeur:%d/%m/%Y}"


def ligne_structure(rng: np.random.Generator, s: Structure, d: Departement) -> Ligne:
    """Row of a structure; telephones, mail and names are filled with recognisable fictions."""
    creation = date(2005, 11, 25) + timedelta(days=int(rng.integers(0, 5500)))
    voies = mots()["voies"]
    adresse = {
        "numero": int(rng.integers(1, 180)),
        "type_voie": "RUE",
        "nom_voie": voies[int(rng.integers(len(voies)))],
        "cplt_adresse": "BP 8" if rng.random() < 0.2 else "",
        "cp": d.codes_postaux[s.commune],
        "commune": en_capitales(str(d.noms[s.commune])),
        "code_insee": d.codes[s.commune],
        "telephone": identite.telephone_fictif(s.id_asp),
    }
    return {
        "structure_date_creation": f"{creation:%d/%m/%Y} 00:00:00",
        "structure_date_modification": "30/11/2022 00:00:00",
        "structure_id_siae": s.id_asp,
        "structure_siret_signature": s.siret_signature,
        "structure_siret_actualise": s.siret_actualise,
        "structure_denomination": s.denomination,
        "structure_categorie_juridique_id": 258,
        "structure_categorie_juridique_code": s.categorie_juridique,
        "structure_code_naf": s.code_naf,
        "structure_idcc_id": 840,
        "structure_idcc_code": 9999,
        **{f"structure_adresse_{lieu}_{k}": v for lieu in ("admin", "gestion") for k, v in adresse.items()},
        "structure_identifiant_corresp_technique": f"FICTIF{s.id_asp}",
        "structure_adresse_mail_corresp_technique": f"contact{s.id_asp}@exemple-fictif.invalid",
        "structure_adresse_nom_corresp_technique": mots()["personnes"][s.id_asp % len(mots()["personnes"])],
        "structure_adresse_prenom_corresp_technique": mots()["prenoms"][s.id_asp % len(mots()["prenoms"])],
    }


def lignes_annexe(rng: np.random.Generator, a: Annexe, d: Departement) -> Iterator[Ligne]:
    """Rows of an annexe, one for each of its versions."""
    communs = _identite(a) | _effectifs(rng, a) | _comptes(rng, a) | _objectifs(a)
    for version in a.versions:
        yield communs | _version(a, version, d)


def _identite(a: Annexe) -> Ligne:
    autres = {"ACI": "aci", "EI": "ei", "AI": "ai", "ETTI": "etti"}.get(a.unite.categorie)
    return {
        "af_id_structure": a.unite.structure.id_asp,
        "af_numero_convention": a.convention,
        "af_mesure_dispositif_id": MESURES[a.unite.mesure],
        "af_mesure_dispositif_code": a.unite.mesure,
        "af_numero_annexe_financiere": a.numero,
        "af_numero_avenant_renouvellement": a.avenant,
        "af_id_annexe_financiere": a.id_annexe,
        "af_date_depot_dde_financement": jour(a.debut - timedelta(days=32)),
        "af_indicateur_suspension": False,
        "af_indicateur_derogation": False,
        "af_date_debut_effet": jour(a.debut),
        "af_date_fin_effet": jour(a.fin),
        "af_duree_heure_annuel_etp_id": a.heures.id,
        "af_duree_heure_annuel_etp_code": a.heures.code,
        "af_duree_heure_annuel_etp_valeur": f"{a.heures.valeur:.2f}",
        "af_montant_unitaire_annuel_id": a.unitaire.id,
        "af_montant_unitaire_annuel_code": a.unitaire.code,
        "af_montant_unitaire_annuel_valeur": f"{a.unitaire.valeur:.2f}",
        "af_indic_perimetre_milieu_penitentiaire": True if a.unite.penitentiaire else "",
        "af_duree_collective_hebdo": "35:00",
        "af_autre_conventionnement": a.avenant > 0,
        **({f"af_num_annexe_{autres}": f"{a.numero}A{a.avenant - 1}"} if autres and a.avenant else {}),
        "af_indic_chrs": False,
        "af_indic_organisme_formation": False,
        "af_indic_autre_conv_hors_iae": False,
    }


def _effectifs(rng: np.random.Generator, a: Annexe) -> Ligne:
    """Staff of the year before: insertion, supervision, support."""
    etp = float(a.retenue.etp)
    insertion = etp * float(rng.uniform(0.9, 1.05))
    encadrement = max(0.5, etp * a.unite.marges.encadrement * float(rng.uniform(0.8, 1.25)))
    agrees = max(1, round(insertion / a.unite.marges.etp_par_present * 1.7))
    permanents = max(1.0, insertion * 0.12)
    return {
        "af_nb_effectif_total_annee_prec": agrees + round(encadrement) + round(permanents),
        "af_etp_effectif_total_annee_prec": f"{insertion + encadrement + permanents:.2f}",
        "af_nb_pers_agrees_pole_emploi_iae_annee_prec": agrees,
        "af_etp_pers_agrees_pole_emploi_iae_annee_prec": f"{insertion:.2f}",
        "af_nb_sal_encadrement_tech_accomp_sociop": max(1, round(encadrement * 1.2)),
        "af_etp_encadrement_tech_accomp_sociop_annee_prec": f"{encadrement:.2f}",
        "af_nb_sal_perm_encadrement_tech_sal_insertion": max(1, round(encadrement * 0.8)),
        "af_etp_perm_encadrement_tech_sal_insertion_annee_prec": f"{encadrement * 0.65:.2f}",
        "af_nb_sal_perm_acc_sociop": max(1, round(encadrement * 0.4)),
        "af_etp_perm_acc_sociop_annee_prec": f"{encadrement * 0.35:.2f}",
        "af_nb_trava_non_salaries": 0,
        "af_etp_trava_non_salaries": "0.00",
        "af_nb_presta_ext_enca_tech_accomp_sociop_annee_prec": 0,
        "af_etp_presta_ext_enca_tech_accomp_sociopa_annee_prec": "0.00",
    }


def _comptes(rng: np.random.Generator, a: Annexe) -> Ligne:
    """Accounts of the year before: payroll, income, grants received by origin."""
    agrees = float(a.retenue.etp) * 21_000
    ventes = int(agrees * (0.25 if a.unite.categorie == "ACI" else 1.15) * float(rng.uniform(0.7, 1.3)))
    origines = {nom: int(agrees * part * rng.random()) for nom, part in _ORIGINES.items() if rng.random() < 0.5}
    return {
        "af_mt_tot_masse_salariale": f"{agrees * float(rng.uniform(1.4, 2.1)):.2f}",
        "af_part_salaries_agrees": f"{agrees:.2f}",
        "af_total_produits_exploit": ventes + sum(origines.values()),
        "af_date_cloture_exercice": jour(date(a.debut.year - 2, 12, 31)),
        "af_part_produits_exploit_vente_presta": ventes,
        "af_aides_subventions_comp": sum(origines.values()),
        **{f"af_{nom}": montant for nom, montant in origines.items()},
        "af_origine_autre_aide_publique": "CPAM" if "autre_aide_publique" in origines else "",
    }


_ORIGINES = {
    "commune": 0.05, "intercomm": 0.06, "departement": 0.10, "region": 0.05, "etat": 0.03, "fse": 0.08, "plie": 0.05,
    "agefiph": 0.01, "autre_aide_publique": 0.02, "fondation": 0.02,
}  # fmt: skip


def _objectifs(a: Annexe) -> Ligne:
    o = a.objectifs
    return {
        "af_nb_prev_sorties": o.sorties,
        "af_taux_prev_sorties_dynamiques": f"{o.dynamique}.00",
        "af_taux_prev_sorties_durable": f"{o.durable}.00",
        "af_taux_prev_sorties_trans": f"{o.transition}.00",
        "af_taux_prev_sorties_positives": f"{o.positive}.00",
    }


def _version(a: Annexe, v: Version, d: Departement) -> Ligne:
    total = a.total(v)
    return {
        "af_numero_avenant_modification": v.modification,
        "af_id_avenant_modification": v.id_avenant,
        "af_etat_annexe_financiere_id": ETATS_ANNEXE[v.etat],
        "af_etat_annexe_financiere_code": v.etat,
        "af_etp_postes_insertion": f"{v.etp:.2f}",
        "af_montant_total_annuel": f"{total:.2f}",
        **_cofinancement(a, total, d),
        **_dates(a, v),
    }


def _cofinancement(a: Annexe, total: Decimal, d: Departement) -> Ligne:
    if not a.part_cofinancee:
        return {"af_indic_cofinancement": False, "af_mt_cofinance": "0.00" if a.unite.categorie == "ACI" else ""}
    return {
        "af_indic_cofinancement": True,
        "af_mt_cofinance": f"{arrondir(total * a.part_cofinancee / 100):.2f}",
        "af_id_financeur_id": 100 + int.from_bytes(d.code.encode()) % 400,
        "af_id_financeur_code": f"CD {en_capitales(d.nom)}",
    }


def _dates(a: Annexe, v: Version) -> Ligne:
    """One date for each state the version went through."""
    renouvellement = bool(a.avenant) and v.modification == 0
    suivante = next((s for s in a.versions if s.modification > v.modification and s.etat != "REJETE"), None)
    valide = not renouvellement and v.etat in ("VALIDE", "HISTORISE", "CLOTURE")
    return {
        "af_date_etat_brouillon": "" if renouvellement else jour(v.le - timedelta(days=12)),
        "af_date_etat_saisie_termine": "" if renouvellement else jour(v.le - timedelta(days=11)),
        "af_date_etat_rejete": jour(v.le) if v.etat == "REJETE" else "",
        "af_motif_rejet_id": 98 if v.etat == "REJETE" else "",
        "af_motif_rejet_code": "SIGN_INSTR" if v.etat == "REJETE" else "",
        "af_date_etat_provisoire": jour(v.le) if renouvellement else "",
        "af_date_etat_valide": jour(v.le) if valide else "",
        "af_date_etat_historise": jour(suivante.le) if v.etat == "HISTORISE" and suivante else "",
        "af_date_etat_cloture": jour(date(a.fin.year + 1, 6, 1)) if v.etat == "CLOTURE" else "",
        "af_date_signature": jour(v.le - timedelta(days=4)) if valide else "",
        "af_date_reception_asp": jour(v.le - timedelta(days=1)) if valide else "",
    }


def ligne_fdi(rng: np.random.Generator, a: AnnexeFdi) -> Ligne:
    """Row of an annexe of the Fonds départemental d'insertion."""
    consolidation = rng.random() < 0.5
    aide = float(rng.uniform(3_000, 45_000))
    avance = 100 if rng.random() < 0.6 else 60
    faux = dict.fromkeys(_INDICATEURS_FDI, False)
    return {
        "af_id_structure": a.unite.structure.id_asp,
        "af_mesure_dispositif_id": MESURES["FDI_DC"],
        "af_mesure_dispositif_code": "FDI_DC",
        "af_numero_annexe_financiere": a.numero,
        "af_numero_avenant_renouvellement": 0,
        "af_numero_avenant_modification": 0,
        "af_id_annexe_financiere": a.id_annexe,
        "af_id_avenant_modification": a.id_avenant,
        "af_date_depot_dde_financement": f"28/01/{a.annee}",
        "af_etat_annexe_financiere_id": ETATS_ANNEXE["VALIDE"],
        "af_etat_annexe_financiere_code": "VALIDE",
        "af_date_debut_effet": f"01/01/{a.annee}",
        "af_date_fin_effet": f"31/12/{a.annee}",
        "af_mt_total_aide": f"{aide:.2f}",
        "af_mt_total_avance": f"{aide * avance / 100:.2f}",
        "af_pourcentage_avance": f"{avance}.00",
        "af_nature_action_id": 6 if consolidation else 2,
        "af_nature_action_code": "CONSOFI" if consolidation else "DIVERSACT",
        "af_orga_conv_iae_fdi": True,
        **faux,
        "af_date_etat_brouillon": f"28/01/{a.annee}",
        "af_date_etat_saisie_termine": f"28/01/{a.annee}",
    }


_INDICATEURS_FDI = (
    "af_indicateur_suspension", "af_indicateur_derogation", "af_indic_cofinancement",
    "af_indic_perimetre_milieu_penitentiaire", "af_indic_portee_regionale", "af_indic_fgie",
    "af_indic_fond_terr_fr_active", "af_indic_garantie_bancaire", "af_indic_apport_ou_credit",
    "af_indic_autre_garan_banc", "af_indic_autres_fonds_solid", "af_indic_fin_bancaire",
    "af_indic_apport_capital_risque", "af_indic_apport_sifa", "af_indic_apport_ides", "af_indic_apport_autre",
    "af_indic_interv_dla",
)  # fmt: skip


def ligne_accompagnement(rng: np.random.Generator, a: Annexe, identifiant: int) -> Ligne:
    """Row of the obstacles met and supports given under an annexe."""
    personnes = max(2, round(float(a.retenue.etp) / a.unite.marges.etp_par_present * 1.7))
    ligne: Ligne = {
        "acc_id": identifiant,
        "acc_afi_id": a.id_annexe,
        "acc_date_creation": jour(a.retenue.le),
        "acc_date_modification": jour(a.retenue.le),
        "acc_det_nb_presta_tech_int": int(rng.integers(0, personnes)),
        "acc_det_nb_benef_projet_pro_int": int(rng.integers(0, personnes)),
    }
    for frein in FREINS:
        concernes = int(rng.binomial(personnes, 0.28))
        internes = int(rng.binomial(concernes, 0.5))
        externes = int(rng.binomial(concernes - internes, 0.6))
        parts = (concernes, internes, externes, concernes - internes - externes)
        ligne |= {f"acc_dif_nb_sal_{k}_{frein}": n for k, n in zip(_PARTS, parts, strict=True)}
    return ligne


_PARTS = ("conc", "int", "ext", "int_ext")


def ligne_marches(rng: np.random.Generator, a: Annexe) -> Ligne:
    """Row of the income drawn from public contracts under an annexe."""
    recettes = {
        f"mpu_sct_mt_recet_{s}": f"{float(rng.uniform(0, 80_000)):.2f}" for s in SECTEURS if rng.random() < 0.3
    }
    return {"mpu_af_id": a.id_annexe, "mpu_date_creation": jour(a.retenue.le), **recettes}


def a_des_marches(rng: np.random.Generator) -> bool:
    """Tell whether an annexe declares public contracts."""
    return bool(rng.random() < marges()["marches_publics"])
