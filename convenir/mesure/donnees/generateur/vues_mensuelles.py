"""Rows of the views EtatMensuelIndiv, Missions and MissionsEtatMensuelIndiv."""

from __future__ import annotations

import numpy as np

from convenir.mesure.donnees.generateur import rendu
from convenir.mesure.donnees.generateur.calendrier import debuts_de_mois, jour_de, mois_des_jours
from convenir.mesure.donnees.generateur.lot import Lot
from convenir.mesure.donnees.generateur.marges import CODES_CATEGORIES, par_categorie, smic_horaire

A_MISSIONS = np.array([code in ("AI", "ETTI") for code in CODES_CATEGORIES])
EITI = CODES_CATEGORIES.index("EITI")
METIERS = ("entretien de locaux", "manutention", "aide à domicile", "espaces verts", "tri de déchets", "mise en rayon")
ROMES = ("K2204", "N1105", "K1304", "A1203", "K2304", "D1507")


def colonnes_mensuel(lot: Lot, ids: np.ndarray, premier_contrat: int, premier: int) -> dict[str, rendu.Colonne]:
    """Columns of EtatMensuelIndiv, one row for each monthly entry, numbered from `premier`."""
    m, c = lot.mensuel, lot.contrats
    sejour = c.sejour[m.contrat]
    unite, mois = lot.sejours.unite[sejour], lot.mois[m.colonne]
    saisie = _jour_de_saisie(lot, unite, m.version)
    return {
        "emi_date_creation": rendu.jours(saisie),
        "emi_date_modification": rendu.jours(saisie),
        "emi_afi_id": rendu.entiers(lot.ids_annexes[unite, m.colonne]),
        "emi_sme_mois": rendu.entiers(mois % 12 + 1),
        "emi_sme_annee": rendu.entiers(mois // 12),
        "emi_esm_etat_id": "2",
        "emi_esm_etat_code": "VALIDE",
        "emi_sme_version": rendu.entiers(m.version),
        "emi_date_validation": rendu.jours(saisie),
        "emi_pph_id": rendu.entiers(ids[sejour]),
        "emi_ctr_id": rendu.entiers(premier_contrat + m.contrat),
        "emi_nb_heures_travail": rendu.entiers(m.heures),
        "emi_dsm_id": rendu.entiers(premier + np.arange(len(m))),
        **_salaire(lot, sejour, mois),
        **_missions_du_mois(lot, sejour),
        **_sortie(lot, sejour, mois),
        **_eiti(lot, sejour),
    }


def _jour_de_saisie(lot: Lot, unite: np.ndarray, version: np.ndarray) -> np.ndarray:
    """Day of entry: within the following month, later for a second version, never after the delivery."""
    retard = lot.rng.integers(2, 26, lot.ids_annexes.shape)[unite, lot.mensuel.colonne]
    suivant = debuts_de_mois(lot.mois + 1)[lot.mensuel.colonne]
    jours: np.ndarray = np.minimum(suivant + retard + 25 * (version - 1), jour_de(lot.demande.jusquau))
    return jours


def _salaire(lot: Lot, sejour: np.ndarray, mois: np.ndarray) -> dict[str, rendu.Colonne]:
    """Gross pay and share of an annual post, from the hours."""
    categorie = lot.sejours.categorie[sejour]
    annees = np.unique(mois // 12)
    smic = np.array([smic_horaire(int(a)) for a in annees])[np.searchsorted(annees, mois // 12)]
    brut = lot.mensuel.heures * smic * par_categorie("gains_horaires")[categorie]
    heures_etp = np.array([_heures_etp(lot, code) for code in CODES_CATEGORIES])[categorie]
    return {
        "emi_mt_salaire_brut": rendu.centiemes(np.rint(brut * 100).astype(np.int64)),
        "emi_part_etp": rendu.dix_milliemes(np.rint(lot.mensuel.heures / heures_etp * 10_000).astype(np.int64)),
    }


def _heures_etp(lot: Lot, categorie: str) -> float:
    """Hours of one annual post in a category, as the annexes of the lot carry them."""
    return next((float(a.heures.valeur) for a in lot.annexes if a.unite.categorie == categorie), 1607.0)


def _missions_du_mois(lot: Lot, sejour: np.ndarray) -> dict[str, rendu.Colonne]:
    concerne = A_MISSIONS[lot.sejours.categorie[sejour]]
    return {
        "emi_nb_mission": rendu.entiers(1 + (lot.mensuel.heures > 60).astype(np.int64), concerne),
        "emi_nb_heures_facturees": rendu.entiers(lot.mensuel.heures, concerne),
    }


def _sortie(lot: Lot, sejour: np.ndarray, mois: np.ndarray) -> dict[str, rendu.Colonne]:
    """End of the stay, told in the month in which it happened."""
    sortie = lot.sejours.sortie[sejour]
    fini = sort_ce_mois(lot, sejour, mois)
    motif = lot.motifs[sejour]
    return {
        "emi_salarie_tjs_accomp": rendu.booleens(~fini),
        "emi_date_fin_reelle": rendu.jours(sortie, fini),
        "emi_motif_sortie_id": rendu.entiers(motif + 100, fini),
        "emi_motif_sortie_code": rendu.entiers(motif, fini),
    }


def sort_ce_mois(lot: Lot, sejour: np.ndarray, mois: np.ndarray) -> np.ndarray:
    """Tell which monthly rows are those of the exit: last contract of the stay, month of its last day."""
    dernier = lot.contrats.dernier[lot.mensuel.contrat]
    sortie = np.where(dernier, lot.sejours.sortie[sejour], 0)
    fini: np.ndarray = dernier & (mois_des_jours(sortie) == mois)
    return fini


def _eiti(lot: Lot, sejour: np.ndarray) -> dict[str, rendu.Colonne]:
    concerne = lot.sejours.categorie[sejour] == EITI
    if not concerne.any():
        return {}
    chiffre = lot.mensuel.heures * 22
    colonnes: dict[str, rendu.Colonne] = {
        "emi_dsm_ca_reel": rendu.entiers(chiffre, concerne),
        "emi_dsm_ca_lisse": rendu.entiers(chiffre, concerne),
        "emi_dsm_acre": rendu.vider(rendu.booleens(np.ones(len(concerne), bool)), concerne),
    }
    for nom in ("rdv_phy", "rdv_dis", "rdv_com", "rdv_soc"):
        colonnes[f"emi_dsm_{nom}"] = rendu.entiers(lot.rng.integers(0, 4, len(concerne)), concerne)
    return colonnes


def contrats_a_mission(lot: Lot) -> np.ndarray:
    """Ranks of the contracts that hold a mission: those of AI and ETTI."""
    return np.flatnonzero(A_MISSIONS[lot.sejours.categorie[lot.contrats.sejour]])


def colonnes_mission(lot: Lot, choisis: np.ndarray, premier_contrat: int, premier: int) -> dict[str, rendu.Colonne]:
    """Columns of Missions, one row for each contract of `choisis`, numbered from `premier`."""
    c, n = lot.contrats, len(choisis)
    metier = lot.rng.integers(0, len(METIERS), n)
    debut, fin = c.debut[choisis], c.fin_reelle[choisis]
    return {
        "mission_id_mis": rendu.entiers(premier + np.arange(n)),
        "mission_id_ctr": rendu.entiers(premier_contrat + choisis),
        "mission_date_creation": rendu.jours(debut),
        "mission_date_modification": rendu.jours(debut),
        "mission_date_debut": rendu.jours(debut),
        "mission_date_fin": rendu.jours(fin),
        "mission_code_rome": rendu.choisir(ROMES, metier),
        "mission_descriptif": rendu.choisir([f"{texte} (mission fictive)" for texte in METIERS], metier),
    }


def colonnes_lien(
    lot: Lot, choisis: np.ndarray, premier_mensuel: int, premier: int
) -> tuple[dict[str, rendu.Colonne], int]:
    """Columns of MissionsEtatMensuelIndiv: each monthly row of a contract with a mission is tied to it."""
    rang_mission = np.full(len(lot.contrats), -1)
    rang_mission[choisis] = np.arange(len(choisis))
    lignes = np.flatnonzero(rang_mission[lot.mensuel.contrat] >= 0)
    valeurs: dict[str, rendu.Colonne] = {
        "mei_dsm_id": rendu.entiers(premier_mensuel + lignes),
        "mei_mis_id": rendu.entiers(premier + rang_mission[lot.mensuel.contrat[lignes]]),
        "mei_nombre_heures": rendu.entiers(lot.mensuel.heures[lignes]),
    }
    return valeurs, len(lignes)
