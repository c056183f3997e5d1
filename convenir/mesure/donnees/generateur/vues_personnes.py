"""Rows of the views Salarie, ContratMission and Formations."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from convenir.mesure.donnees.generateur import rendu
from convenir.mesure.donnees.generateur.calendrier import jour_de, mois_des_jours
from convenir.mesure.donnees.generateur.identite import PREMIER_MOIS_NIR
from convenir.mesure.donnees.generateur.lot import Lot
from convenir.mesure.donnees.generateur.marges import CODES_CATEGORIES, categories, marges, tirer
from convenir.mesure.donnees.generateur.monde import Compteurs
from convenir.mesure.donnees.generateur.noms import mots
from convenir.mesure.donnees.generateur.referentiels import (
    DUREES,
    FORMES_CONTRAT,
    MESURES,
    NIVEAUX,
    ORIENTEURS,
    TYPES_EMPLOYEUR,
)
from convenir.mesure.donnees.generateur.territoire import en_capitales

RSA = ("NON", "OUI-NM", "OUI-M")
HEURES_FORMATION = (7, 14, 21, 35, 70, 105, 140)


def id_salaries(lot: Lot, premier: int) -> np.ndarray:
    """Identifier of the salaried person of each stay, counted from `premier` in the order of the stays."""
    _, rang = np.unique(lot.personnes.salarie, return_inverse=True)
    ids: np.ndarray = premier + rang
    return ids


def colonnes_salarie(lot: Lot, ids: np.ndarray) -> tuple[dict[str, rendu.Colonne], int]:
    """Columns of Salarie, one row for each couple person × structure, identity filled with recognisable fictions."""
    _, premiers = np.unique(ids, return_index=True)
    p, d = lot.personnes, lot.monde.departement
    commune, numero = p.commune[premiers], p.personne[premiers]
    sexe, femme = p.sexe[premiers], p.sexe[premiers] == 2
    entree = lot.sejours.debut[premiers]
    noms, prenoms, voies = mots()["personnes"], mots()["prenoms"], mots()["voies"]
    qpv = p.qpv[premiers]
    valeurs: dict[str, rendu.Colonne] = {
        "salarie_id": rendu.entiers(ids[premiers]),
        "salarie_rci_libelle": rendu.choisir(("M.", "MME"), femme.astype(np.int8)),
        "salarie_nom_usage": rendu.choisir(noms, numero % len(noms)),
        "salarie_prenom": rendu.choisir(prenoms, numero // 7 % len(prenoms)),
        "salarie_date_naissance": rendu.jours(p.naissance[premiers]),
        "salarie_nir": nirs(numero, sexe, p.naissance[premiers]),
        "salarie_agrement": _agrements(p.agrement[premiers], entree, numero),
        "salarie_date_modification": rendu.jours(entree),
        "salarie_adr_numero_voie": rendu.entiers(1 + numero % 120),
        "salarie_codetypevoie": "RUE",
        "salarie_adr_libelle_voie": rendu.choisir(voies, numero % len(voies)),
        "salarie_codeinseecom": rendu.choisir(list(d.codes), commune),
        "salarie_codepostalcedex": rendu.choisir(list(d.codes_postaux), commune),
        "salarie_commune": rendu.choisir([en_capitales(str(nom)) for nom in d.noms], commune),
        "salarie_code_dpt": d.code_asp,
        "salarie_adr_qpv_type": rendu.choisir(("NQP", "QP"), qpv.astype(np.int8)),
        "salarie_adr_qpv_nom": rendu.choisir(("", "QUARTIER FICTIF"), qpv.astype(np.int8)),
        "salarie_adr_is_zrr": rendu.booleens(p.zrr[premiers]),
        "salarie_adr_zrr_classement": rendu.choisir(("NC", "C"), p.zrr[premiers].astype(np.int8)),
    }
    return valeurs, len(premiers)


def nirs(numero: np.ndarray, sexe: np.ndarray, naissance: np.ndarray) -> pa.Array:
    """NIR of invented people: same rule as `identite.nir_fictif`, on arrays."""
    annee = mois_des_jours(naissance) // 12 % 100
    corps = ((sexe * 100 + annee) * 100 + PREMIER_MOIS_NIR + numero // 1_000_000) * 100 + 99
    corps = corps * 1_000_000 + numero % 1_000_000
    return rendu.entiers(corps * 100 + 97 - corps % 97)


def _agrements(porte: np.ndarray, entree: np.ndarray, numero: np.ndarray) -> pa.Array:
    """Number of a PASS IAE: twelve digits, a prefix the service does not use, the year, the rank of the person."""
    annee = mois_des_jours(entree) // 12 % 100
    return rendu.vider(rendu.entiers(900_000_000_000 + annee * 1_000_000_000 + numero), porte)


def colonnes_contrat(lot: Lot, ids: np.ndarray, premier: int) -> dict[str, rendu.Colonne]:
    """Columns of ContratMission, one row for each contract, numbered from `premier`."""
    c = lot.contrats
    sejours = c.sejour
    valeurs = _identite_contrat(lot, ids, premier) | _dates_contrat(lot) | _travail(lot)
    valeurs |= _situation(lot, sejours) | _freins(lot, sejours)
    return valeurs | _adresse(lot, sejours)


def mesures(lot: Lot) -> np.ndarray:
    """Measure id of each stay."""
    ids: np.ndarray = np.array([MESURES[u.mesure] for u in lot.monde.unites])[lot.sejours.unite]
    return ids


def _identite_contrat(lot: Lot, ids: np.ndarray, premier: int) -> dict[str, rendu.Colonne]:
    c, unites = lot.contrats, lot.monde.unites
    unite = lot.sejours.unite[c.sejour]
    mesure = mesures(lot)[c.sejour]
    return {
        "contrat_id_structure": rendu.choisir([str(u.structure.id_asp) for u in unites], unite),
        "contrat_mesure_disp_id": rendu.entiers(mesure),
        "contrat_mesure_disp_code": rendu.choisir([u.mesure for u in unites], unite),
        "contrat_id_pph": rendu.entiers(ids[c.sejour]),
        "contrat_id_ctr": rendu.entiers(premier + np.arange(len(c))),
        "contrat_type_contrat": rendu.entiers(c.rang),
        "contrat_duree_contrat": rendu.entiers(np.maximum(np.rint((c.fin - c.debut + 1) / 30.44), 1).astype(np.int64)),
    }


def _dates_contrat(lot: Lot) -> dict[str, rendu.Colonne]:
    c, s = lot.contrats, lot.sejours
    sortie, motif = s.sortie[c.sejour], lot.motifs[c.sejour]
    return {
        "contrat_date_creation": rendu.jours(c.debut),
        "contrat_date_modification": rendu.jours(np.where(c.dernier, sortie, c.debut)),
        "contrat_date_embauche": rendu.jours(c.debut),
        "contrat_date_fin_contrat": rendu.jours(c.fin),
        "contrat_date_premier_client": rendu.jours(s.debut[c.sejour]),
        "contrat_date_sortie_definitive": rendu.jours(sortie, c.dernier),
        "contrat_motif_sortie_id": rendu.entiers(motif + 100, c.dernier),
        "contrat_motif_sortie_code": rendu.entiers(motif, c.dernier),
    }


def _travail(lot: Lot) -> dict[str, rendu.Colonne]:
    c, s, rng = lot.contrats, lot.sejours, lot.rng
    categorie = s.categorie[c.sejour]
    formes, romes = np.empty(len(c), object), np.empty(len(c), object)
    for rang, code in enumerate(CODES_CATEGORIES):
        dans, m = categorie == rang, categories()[code]
        formes[dans] = np.array(list(m.formes), dtype=object)[tirer(rng, m.formes, int(dans.sum()))]
        romes[dans] = np.array(m.romes, dtype=object)[rng.integers(0, len(m.romes), int(dans.sum()))]
    hebdo = lot.hebdo[c.sejour]
    brut = np.rint(hebdo * 433.33 * 11.8 * rng.uniform(1.0, 1.08, len(c))).astype(np.int64)
    return {
        "contrat_format_contrat_id": pa.array([str(FORMES_CONTRAT[f]) for f in formes], type=pa.string()),
        "contrat_format_contrat_code": pa.array(formes, type=pa.string()),
        "contrat_code_rome": pa.array(romes, type=pa.string()),
        "contrat_remuneration_brute_mensuelle": rendu.centiemes(brut),
        "contrat_duree_hebdo_travail": [rendu.entiers(hebdo), ":00"],
        "contrat_nb_heures_accomp": rendu.entiers(rng.integers(2, 40, len(c))),
    }


def _situation(lot: Lot, sejours: np.ndarray) -> dict[str, rendu.Colonne]:
    """Situation on entry: referrer, level, registration, allowances, each with its id by measure."""
    p, rng = lot.personnes, lot.rng
    n, mesure = len(lot.sejours), mesures(lot)
    durees = 1 + tirer(rng, marges()["durees_percues"], n)
    orienteur = np.searchsorted(np.array(ORIENTEURS), p.orienteur.astype(str))
    en_emploi = rng.random(n) < 0.06
    employeur = rng.integers(0, len(TYPES_EMPLOYEUR), n)
    are = (rng.random(n) < 0.12) & (p.rsa == 0)
    prime = rng.random(n) < 0.3
    valeurs: dict[str, rendu.Colonne] = {
        "contrat_orienteur_id": rendu.entiers((len(ORIENTEURS) * mesure + orienteur + 1)[sejours]),
        "contrat_orienteur_code": rendu.choisir(ORIENTEURS, orienteur[sejours]),
        "contrat_niveau_de_formation_id": rendu.entiers((len(NIVEAUX) * mesure + p.niveau + 1)[sejours]),
        "contrat_niveau_de_formation_code": rendu.choisir(NIVEAUX, p.niveau[sejours]),
        "contrat_salarie_is_zrr": rendu.booleens(p.zrr[sejours]),
        "contrat_salarie_en_emploi": rendu.booleens(en_emploi[sejours]),
        "contrat_type_employeur_id": rendu.entiers(
            (len(TYPES_EMPLOYEUR) * mesure + employeur + 1)[sejours], en_emploi[sejours]
        ),
        "contrat_type_employeur_code": rendu.vider(
            rendu.choisir(TYPES_EMPLOYEUR, employeur[sejours]), en_emploi[sejours]
        ),
        "contrat_sans_ressource": rendu.booleens(((p.rsa == 0) & ~p.ass & ~p.aah & ~are & (durees == 1))[sejours]),
        "contrat_inscrit_pole_emploi": rendu.booleens((p.inscription > 0)[sejours]),
        "contrat_numero_ide": rendu.vider(
            pc.binary_join_element_wise(rendu.entiers(9_000_000 + p.personne[sejours] % 1_000_000), "F", ""),
            (p.inscription > 0)[sejours],
        ),
        **_duree("contrat_salarie_pe", p.inscription, mesure, sejours),
        "contrat_salarie_rsa": rendu.choisir(RSA, p.rsa[sejours]),
        "contrat_salarie_rqth": rendu.booleens(p.rqth[sejours]),
        "contrat_salarie_oeth": rendu.booleens(p.rqth[sejours]),
        "contrat_beneficiaire_rqth": rendu.booleens(p.rqth[sejours]),
        "contrat_salarie_ass": rendu.booleens(p.ass[sejours]),
        "contrat_salarie_aah": rendu.booleens(p.aah[sejours]),
        "contrat_salarie_are": rendu.booleens(are[sejours]),
        "contrat_prime_activites": rendu.booleens(prime[sejours]),
    }
    for nom, percoit in (("salarie_rsa", p.rsa > 0), ("salarie_ass", p.ass), ("salarie_aah", p.aah),
                         ("salarie_are", are), ("prime_activites", prime)):  # fmt: skip
        valeurs |= _duree(f"contrat_{nom}", np.where(percoit, durees, 0), mesure, sejours)
    return valeurs


def _duree(prefixe: str, code: np.ndarray, mesure: np.ndarray, sejours: np.ndarray) -> dict[str, rendu.Colonne]:
    """Code and id of a length (0 none, 4 two years and more)."""
    return {
        f"{prefixe}_duree_id": rendu.entiers((len(DUREES) * mesure + code + 1)[sejours]),
        f"{prefixe}_duree_code": rendu.choisir(DUREES, code[sejours]),
    }


_FREINS = {
    "aide_sociale": 0.12, "sortant_ase": 0.02, "parent_isole": 0.13, "hebergement": 0.09, "refugie": 0.10,
    "sortant_detention": 0.03, "langue_francaise": 0.14, "mobilite": 0.22,
}  # fmt: skip


def _freins(lot: Lot, sejours: np.ndarray) -> dict[str, rendu.Colonne]:
    """Other marks, drawn once for each stay."""
    n = len(lot.sejours)
    marques: dict[str, rendu.Colonne] = {
        f"contrat_salarie_{nom}": rendu.booleens((lot.rng.random(n) < part)[sejours]) for nom, part in _FREINS.items()
    }
    return marques | {"contrat_emploi_exterieur": "false", "contrat_cape": "false", "contrat_cesa": "false"}


def _adresse(lot: Lot, sejours: np.ndarray) -> dict[str, rendu.Colonne]:
    d, numero, commune = lot.monde.departement, lot.personnes.personne[sejours], lot.personnes.commune[sejours]
    voies = mots()["voies"]
    return {
        "contrat_adr_numero_voie": rendu.entiers(1 + numero % 120),
        "contrat_codetypevoie": "RUE",
        "contrat_adr_libelle_voie": rendu.choisir(voies, numero % len(voies)),
        "contrat_codepostalcedex": rendu.choisir(list(d.codes_postaux), commune),
        "contrat_commune": rendu.choisir([en_capitales(str(nom)) for nom in d.noms], commune),
    }


def colonnes_formation(lot: Lot, premier_contrat: int, premier: int) -> tuple[dict[str, rendu.Colonne], int]:
    """Columns of Formations: some contracts hold one training course, begun within the delivery."""
    c, rng = lot.contrats, lot.rng
    debut = c.debut + rng.integers(5, 60, len(c))
    fenetre = jour_de(lot.demande.jusquau) - 30
    part = marges()["formation"] / np.maximum(1, np.bincount(c.sejour, minlength=len(lot.sejours)))[c.sejour]
    choisis = np.flatnonzero((rng.random(len(c)) < part) & (debut < np.minimum(c.fin_reelle - 20, fenetre)))
    heures = np.array(HEURES_FORMATION)[rng.integers(0, len(HEURES_FORMATION), len(choisis))]
    jours = heures // 7
    valeurs: dict[str, rendu.Colonne] = {
        "formation_id_for": rendu.entiers(premier + np.arange(len(choisis))),
        "formation_id_ctr": rendu.entiers(premier_contrat + choisis),
        "formation_date_debut": rendu.jours(debut[choisis]),
        "formation_date_fin": rendu.jours(debut[choisis] + jours - 1),
        "formation_duree_jours": rendu.entiers(jours),
        "formation_duree_heures": rendu.entiers(heures),
        "formation_duree_minutes": "0",
        "formation_objectif_for_code": rendu.entiers(rng.integers(1, 6, len(choisis))),
        "formation_type_for_code": rendu.entiers(rng.integers(1, 3, len(choisis))),
    }
    return valeurs, len(choisis)


def compter(lot: Lot, ids: np.ndarray, compteurs: Compteurs) -> None:
    """Move the counters past the people and contracts of a lot."""
    compteurs.salarie += len(np.unique(ids))
    compteurs.contrat += len(lot.contrats)
