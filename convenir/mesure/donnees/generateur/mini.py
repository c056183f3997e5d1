"""A tiny delivery whose every figure can be checked by hand; see the world in `mini_monde.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from convenir.mesure.donnees.generateur import identite, referentiels
from convenir.mesure.donnees.generateur.ecriture import ecrire_lignes
from convenir.mesure.donnees.generateur.mini_monde import (
    MONDE_MINI,
    AnnexeMini,
    ContratMini,
    MoisMini,
    MondeMini,
    SalarieMini,
    StructureMini,
)
from convenir.socle.commun.montants import arrondir, montant_annexe
from convenir.socle.commun.periodes import Mois, Periode

Ligne = dict[str, object]
EXTRACTION_MINI = datetime(2026, 1, 5, 6, 30, 4)  # noqa: DTZ001 - the ASP writes local time without zone


def generer_mini(
    sortie: Path, *, monde: MondeMini = MONDE_MINI, extraction: datetime = EXTRACTION_MINI
) -> dict[str, Path]:
    """Write a tiny delivery into `sortie`; same arguments, same bytes.

    Args:
        sortie: folder, created if absent.
        monde: what the delivery tells; change it with `dataclasses.replace`.
        extraction: instant written in the names of the files and in their DEB line.

    Returns:
        the path of the file of each view.
    """
    return ecrire_lignes(sortie, lignes_mini(monde, extraction), extraction)


def lignes_mini(
    monde: MondeMini = MONDE_MINI, extraction: datetime = EXTRACTION_MINI
) -> dict[str, list[Mapping[str, object]]]:
    """Return the rows of each view, to be changed then written with `ecriture.ecrire_lignes`."""
    vues: dict[str, list[Mapping[str, object]]] = {
        "Structure": [_structure(s) for s in monde.structures],
        "AnnexeFinanciere": [_annexe(a) for a in monde.annexes],
        "Salarie": [_salarie(s) for s in monde.salaries],
        "ContratMission": [_contrat(c, monde) for c in monde.contrats],
        "EtatMensuelIndiv": [_mois(rang, m, monde) for rang, m in enumerate(monde.mois, start=1)],
        "Missions": [_mission(rang, c) for rang, c in enumerate(monde.contrats, start=1) if c.rang == 1],
        "Formations": list(_formations(monde)),
        "Accompagnement": [_accompagnement(rang, a) for rang, a in enumerate(monde.annexes, start=1)],
    }
    return vues | referentiels.lignes_des_referentiels(extraction.date())


def _jour(jour: date | None) -> str:
    return "" if jour is None else f"{jour:%d/%m/%Y}"


def _id_motif(code: str) -> int | str:
    return referentiels.id_du_motif(code) if code else ""


def _structure(s: StructureMini) -> Ligne:
    adresse = {"numero": "12", "type_voie": "RUE", "nom_voie": "DE L EXEMPLE FICTIF", "cp": s.code_postal}
    adresse |= {"commune": s.commune.upper(), "code_insee": s.code_commune, "telephone": identite.telephone_fictif(1)}
    lieux = {f"structure_adresse_{lieu}_{k}": v for lieu in ("admin", "gestion") for k, v in adresse.items()}
    return {
        "structure_date_creation": "01/02/2006 00:00:00",
        "structure_date_modification": "30/11/2022 00:00:00",
        "structure_id_siae": s.id_asp,
        "structure_siret_signature": s.siret_signature,
        "structure_siret_actualise": s.siret_actualise,
        "structure_denomination": s.denomination,
        "structure_categorie_juridique_id": 258,
        "structure_categorie_juridique_code": 9220,
        "structure_code_naf": s.code_naf,
        "structure_idcc_id": 840,
        "structure_idcc_code": 9999,
        **lieux,
        "structure_identifiant_corresp_technique": "FICTIF01",
        "structure_adresse_mail_corresp_technique": "correspondance@exemple-fictif.invalid",
        "structure_adresse_nom_corresp_technique": "FICTIF-CORRESPONDANT",
        "structure_adresse_prenom_corresp_technique": "PRENOM-FICTIF",
    }


def _annexe(a: AnnexeMini) -> Ligne:
    return _annexe_fdi(a) if a.mesure == "FDI_DC" else _annexe_de_postes(a)


def _identite_annexe(a: AnnexeMini) -> Ligne:
    return {
        "af_id_structure": a.id_asp,
        "af_mesure_dispositif_id": referentiels.MESURES[a.mesure],
        "af_mesure_dispositif_code": a.mesure,
        "af_numero_annexe_financiere": a.numero,
        "af_numero_avenant_renouvellement": a.avenant,
        "af_numero_avenant_modification": a.modification,
        "af_id_annexe_financiere": a.id_annexe,
        "af_id_avenant_modification": a.id_avenant,
        "af_date_depot_dde_financement": _jour(a.debut.replace(year=a.debut.year - 1, month=12, day=1)),
        "af_etat_annexe_financiere_id": referentiels.ETATS_ANNEXE[a.etat],
        "af_etat_annexe_financiere_code": a.etat,
        "af_indicateur_suspension": False,
        "af_indicateur_derogation": False,
        "af_date_debut_effet": _jour(a.debut),
        "af_date_fin_effet": _jour(a.fin),
        "af_date_etat_brouillon": _jour(a.debut),
        "af_date_etat_valide": _jour(a.debut) if a.etat == "VALIDE" else "",
        "af_date_signature": _jour(a.debut) if a.etat == "VALIDE" else "",
    }


def _annexe_fdi(a: AnnexeMini) -> Ligne:
    aide = f"{a.unitaire:.2f}"
    return _identite_annexe(a) | {"af_mt_total_aide": aide, "af_mt_total_avance": aide}


def _annexe_de_postes(a: AnnexeMini) -> Ligne:
    duree = Periode.inclusive(a.debut, a.fin).nombre_de_mois
    total = montant_annexe(a.etp, a.unitaire, duree)
    cofinance = arrondir(total * a.part_cofinancee / 100)
    durable, transition, positive = a.taux
    return _identite_annexe(a) | {
        "af_numero_convention": f"{a.numero[-9:-6]} 0101{a.numero[-6:-4]} {a.categorie} 0{a.numero[-4:]}",
        "af_etp_encadrement_tech_accomp_sociop_annee_prec": f"{a.etp_encadrement:.2f}",
        "af_etp_postes_insertion": f"{a.etp:.2f}",
        "af_duree_heure_annuel_etp_id": 11,
        "af_duree_heure_annuel_etp_code": "DUR_AN_ETP",
        "af_duree_heure_annuel_etp_valeur": f"{a.heures_etp:.2f}",
        "af_montant_unitaire_annuel_id": 92,
        "af_montant_unitaire_annuel_code": "MT_AN_ETP",
        "af_montant_unitaire_annuel_valeur": f"{a.unitaire:.2f}",
        "af_montant_total_annuel": f"{total:.2f}",
        "af_indic_cofinancement": a.part_cofinancee > 0,
        "af_mt_cofinance": f"{cofinance:.2f}",
        "af_id_financeur_id": 107 if a.part_cofinancee else "",
        "af_id_financeur_code": "CD FICTIF" if a.part_cofinancee else "",
        "af_nb_prev_sorties": a.sorties_prevues,
        "af_taux_prev_sorties_dynamiques": f"{sum(a.taux):.2f}",
        "af_taux_prev_sorties_durable": f"{durable:.2f}",
        "af_taux_prev_sorties_trans": f"{transition:.2f}",
        "af_taux_prev_sorties_positives": f"{positive:.2f}",
        "af_duree_collective_hebdo": "35:00",
    }


def _salarie(s: SalarieMini) -> Ligne:
    return {
        "salarie_id": s.salarie_id,
        "salarie_rci_libelle": "M." if s.sexe == "H" else "MME",
        "salarie_nom_usage": f"FICTIF-{s.salarie_id}",
        "salarie_prenom": "PRENOM-FICTIF",
        "salarie_date_naissance": _jour(s.naissance),
        "salarie_nir": identite.nir_fictif(s.personne, 1 if s.sexe == "H" else 2, s.naissance.year),
        "salarie_agrement": s.agrement,
        "salarie_date_modification": "02/01/2025",
        "salarie_adr_numero_voie": "3",
        "salarie_codetypevoie": "RUE",
        "salarie_adr_libelle_voie": "DES NOMS FICTIFS",
        "salarie_codeinseecom": s.code_commune,
        "salarie_codepostalcedex": s.code_postal,
        "salarie_commune": "COMMUNE",
        "salarie_code_dpt": f"0{s.code_commune[:2]}",
        "salarie_adr_qpv_type": "QP" if s.qpv else "NQP",
        "salarie_adr_is_zrr": s.zrr,
        "salarie_adr_zrr_classement": "C" if s.zrr else "NC",
    }


def _contrat(c: ContratMini, monde: MondeMini) -> Ligne:
    salarie = monde.salarie(c.salarie_id)
    mesure = referentiels.MESURES[salarie.mesure]
    return {
        "contrat_date_creation": _jour(c.debut),
        "contrat_date_modification": _jour(c.debut),
        "contrat_id_structure": salarie.id_asp,
        "contrat_mesure_disp_id": mesure,
        "contrat_mesure_disp_code": salarie.mesure,
        "contrat_id_pph": c.salarie_id,
        "contrat_id_ctr": c.id_contrat,
        "contrat_duree_contrat": Periode.inclusive(c.debut, c.fin).nombre_de_mois,
        "contrat_type_contrat": c.rang,
        "contrat_duree_hebdo_travail": "26:00",
        "contrat_date_sortie_definitive": _jour(c.sortie),
        "contrat_motif_sortie_id": _id_motif(c.motif),
        "contrat_motif_sortie_code": c.motif,
        "contrat_orienteur_id": referentiels.id_par_mesure(referentiels.ORIENTEURS, salarie.orienteur, mesure),
        "contrat_orienteur_code": salarie.orienteur,
        "contrat_niveau_de_formation_id": referentiels.id_par_mesure(referentiels.NIVEAUX, salarie.niveau, mesure),
        "contrat_niveau_de_formation_code": salarie.niveau,
        "contrat_salarie_is_zrr": salarie.zrr,
        "contrat_inscrit_pole_emploi": salarie.inscription != "0",
        "contrat_salarie_pe_duree_code": salarie.inscription,
        "contrat_salarie_rsa": salarie.rsa,
        "contrat_salarie_ass": salarie.ass,
        "contrat_salarie_aah": salarie.aah,
        "contrat_salarie_rqth": salarie.rqth,
        "contrat_beneficiaire_rqth": salarie.rqth,
        "contrat_date_embauche": _jour(c.debut),
        "contrat_date_fin_contrat": _jour(c.fin),
    }


def _mois(rang: int, m: MoisMini, monde: MondeMini) -> Ligne:
    contrat = monde.contrat(m.id_contrat)
    fini = contrat.sortie is not None and Mois.de(contrat.sortie) == Mois(m.annee, m.mois)
    saisie = _jour(Mois(m.annee, m.mois).fin)
    return {
        "emi_date_creation": saisie,
        "emi_date_modification": saisie,
        "emi_afi_id": m.id_annexe,
        "emi_sme_mois": m.mois,
        "emi_sme_annee": m.annee,
        "emi_esm_etat_id": 2,
        "emi_esm_etat_code": "VALIDE",
        "emi_sme_version": m.version,
        "emi_date_validation": saisie,
        "emi_pph_id": contrat.salarie_id,
        "emi_ctr_id": m.id_contrat,
        "emi_nb_heures_travail": m.heures,
        "emi_mt_salaire_brut": f"{arrondir(Decimal(m.heures) * Decimal('11.88')):.2f}",
        "emi_salarie_tjs_accomp": not fini,
        "emi_date_fin_reelle": _jour(contrat.sortie) if fini else "",
        "emi_motif_sortie_id": _id_motif(contrat.motif) if fini else "",
        "emi_motif_sortie_code": contrat.motif if fini else "",
        "emi_dsm_id": 7000 + rang,
    }


def _mission(rang: int, c: ContratMini) -> Ligne:
    return {
        "mission_id_mis": 600 + rang,
        "mission_id_ctr": c.id_contrat,
        "mission_date_creation": _jour(c.debut),
        "mission_date_modification": _jour(c.debut),
        "mission_date_debut": _jour(c.debut),
        "mission_date_fin": _jour(c.fin),
        "mission_code_rome": "K2204",
        "mission_descriptif": "entretien de bureaux (mission fictive)",
    }


def _formations(monde: MondeMini) -> Iterator[Ligne]:
    for rang, (id_contrat, heures) in enumerate(monde.formations, start=1):
        debut = monde.contrat(id_contrat).debut
        yield {
            "formation_id_for": 500 + rang,
            "formation_id_ctr": id_contrat,
            "formation_date_debut": _jour(debut),
            "formation_date_fin": _jour(debut),
            "formation_duree_jours": 1,
            "formation_duree_heures": heures,
            "formation_duree_minutes": 0,
            "formation_objectif_for_code": "1",
            "formation_type_for_code": "1",
        }


def _accompagnement(rang: int, a: AnnexeMini) -> Ligne:
    return {
        "acc_id": 300 + rang,
        "acc_afi_id": a.id_annexe,
        "acc_date_creation": _jour(a.debut),
        "acc_date_modification": _jour(a.debut),
        "acc_dif_nb_sal_conc_mobilite": 2,
        "acc_dif_nb_sal_int_mobilite": 1,
    }
