# ruff: noqa: E501 - one record a line
"""Every line of annexe 2 worked by hand on two missions locales and two youths, one of them known in both.

A (Rennes, module Entreprise used) and B (same département, module unused), year 2012.

Zoé (F, June 1993, level V without the diploma, ZUS, lives in the zone of A): files at A and at B (there, level VI).
Yan (H, January 1990, level IV with the diploma, lives outside the zone of A): file at A.
"""

import random

import pytest

from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml
from tests.mesure.indicateurs_ml.fabrique import calculer, ecrire

A, B, D = ("ml", "A"), ("ml", "B"), ("departement", "35")
ZOE, YAN = {"jeune_id": "zoe", "ml_id": "A"}, {"jeune_id": "yan", "ml_id": "A"}
ZOE_B = {"jeune_id": "zoe", "ml_id": "B"}


def tables() -> dict[str, list[dict[str, object]]]:
    return {
        "structure": [
            {"ml_id": "A", "region_code": "53", "dept_code": "35", "module_entreprise": "true"},
            {"ml_id": "B", "region_code": "53", "dept_code": "35", "module_entreprise": "false"},
        ],
        "site": [{"site_id": "A1", "ml_id": "A"}, {"site_id": "A2", "ml_id": "A"}],
        "zone_ml": [{"ml_id": "A", "commune_code": "35238", "date_debut": "2000-01-01"}],
        "jeune": [
            {**ZOE, "sexe": "F", "naissance_mois": "1993-06-01"},
            {**YAN, "sexe": "H", "naissance_mois": "1990-01-01"},
            {**ZOE_B, "sexe": "F", "naissance_mois": "1993-06-01"},
        ],
        "jeune_etat": [
            {**ZOE, "date_debut": "2011-01-01", "niveau": "V", "diplome_obtenu": "false", "zus": "true", "commune_code": "35238"},
            {**YAN, "date_debut": "2011-01-01", "niveau": "IV", "diplome_obtenu": "true", "zus": "false", "commune_code": "35001"},
            {**ZOE_B, "date_debut": "2011-01-01", "niveau": "VI", "diplome_obtenu": "false"},
        ],
        "actualite": [
            {**ZOE, "actualite_id": 1, "site_id": "A1", "date_evt": "2012-01-10", "type": "entretien_individuel"},
            {**ZOE, "actualite_id": 2, "site_id": "A2", "date_evt": "2012-03-05", "type": "telephone"},
            {**YAN, "actualite_id": 3, "site_id": "A1", "date_evt": "2011-12-20", "type": "entretien_individuel"},
            {**YAN, "actualite_id": 4, "site_id": "A1", "date_evt": "2012-02-01", "type": "atelier"},
            {**ZOE_B, "actualite_id": 5, "date_evt": "2012-11-15", "type": "info_collective"},
        ],
        "proposition": [
            {**ZOE, "proposition_id": 1, "date_prop": "2012-03-05", "domaine": "professionnel", "theme": "emploi"},
            {**YAN, "proposition_id": 2, "date_prop": "2012-02-01", "domaine": "social", "theme": "sante"},
        ],
        "parcours": [
            {**ZOE, "parcours_id": 1, "dispositif": "CIVIS", "date_entree": "2012-02-01", "date_sortie": "2012-08-15", "situation_sortie_id": "s1"},
            {**YAN, "parcours_id": 2, "dispositif": "COTRAITANCE", "financable": "false", "date_entree": "2012-03-01"},
            # An exit before the entry: the entry counts, the exit does not.
            {**YAN, "parcours_id": 3, "dispositif": "AUTRE:X", "type_appui": "renforce", "date_entree": "2012-05-01", "date_sortie": "2012-04-01"},
            # No kind of support: another programme that does not count.
            {**YAN, "parcours_id": 4, "dispositif": "AUTRE:Y", "date_entree": "2012-05-01", "date_sortie": "2012-06-01"},
        ],
        "situation": [
            {**ZOE, "situation_id": "s1", "categorie": "EMPLOI", "contrat": "CDI", "date_debut": "2012-04-15"},
            {**YAN, "situation_id": "s2", "categorie": "FORMATION", "qualifiante": "true", "date_debut": "2012-09-01"},
        ],
        "offre": [{"offre_id": 1, "ml_id": "A", "collectee_par_ml": "true"}, {"offre_id": 2, "ml_id": "A"}],
        "mise_en_relation": [
            {**ZOE, "mer_id": 1, "offre_id": 1, "date_mer": "2012-03-06"},
            {**YAN, "mer_id": 2, "offre_id": 2, "date_mer": "2012-03-06"},
        ],
        "contact_entreprise": [
            {"contact_id": 1, "entreprise_id": "e1", "ml_id": "A", "date_contact": "2012-03-01", "motif": "offre", "visite": "true"},
            {"contact_id": 2, "entreprise_id": "e1", "ml_id": "A", "date_contact": "2012-04-01", "motif": "immersion", "visite": "false"},
            {"contact_id": 3, "entreprise_id": "e2", "ml_id": "A", "date_contact": "2012-04-01", "motif": "autre", "visite": "true"},
        ],
        "parrain": [{"parrain_id": "p", "ml_id": "A", "actif_debut": "2010-01-01"}],
        "parrainage": [{**ZOE, "parrainage_id": 1, "parrain_id": "p", "date_debut": "2011-10-01", "date_fin": "2012-02-10"}],
        "periode_entreprise": [
            {**YAN, "periode_id": 1, "type": "PMP", "date_debut": "2012-05-02"},
            {**ZOE, "periode_id": 2, "type": "stage", "date_debut": "2012-05-02"},
            {**ZOE, "periode_id": 3, "type": "PMP", "date_debut": "2012-05-02", "annulee": "true"},
        ],
        "icare_rh": [
            {"ml_id": "A", "annee": 2012, "filiere": "insertion_sociale_professionnelle", "axe": 2, "etp": "5.00", "mise_a_disposition": "false"},
            {"ml_id": "A", "annee": 2012, "filiere": "autre", "axe": 4, "etp": "1.50", "mise_a_disposition": "true"},
            {"ml_id": "A", "annee": 2011, "filiere": "autre", "axe": 4, "etp": "9.00", "mise_a_disposition": "true"},
        ],
        "icare_budget": [
            {"ml_id": "A", "annee": 2012, "nature": "prevu", "financeur": "etat", "ligne": "socle", "activite": "principale", "socle_cpo": "true", "montant": "100000.00"},
            {"ml_id": "A", "annee": 2012, "nature": "prevu", "financeur": "region", "ligne": "x", "activite": "specifique", "socle_cpo": "false", "montant": "50000.00"},
            {"ml_id": "A", "annee": 2012, "nature": "realise", "financeur": "etat", "ligne": "x", "activite": "specifique", "socle_cpo": "false", "montant": "7.00"},
        ],
        "contexte_valeur": [
            {"territoire_type": "ml", "territoire_code": "A", "code_contexte": "ANO_16_25", "annee": 2012, "valeur": "40"},
            {"territoire_type": "ml", "territoire_code": "A", "code_contexte": "DEFM_16_25_V_INFRA", "annee": 2012, "valeur": "20"},
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def valeurs(tmp_path_factory):
    return calculer(ecrire(tmp_path_factory.mktemp("ml"), tables()), 2012)


CAS = [
    # Coverage: of the two youths in contact, Zoé alone lives in the zone: 1 of 40, 1 of 20; the same for the JDI.
    ("COUV1", A, "2012", "2.500000"), ("COUV2", A, "2012", "5.000000"), ("COUV3", A, "2012", "2.500000"),
    ("COUV4", A, "2012", "5.000000"), ("COUV1", B, "2012", "manquant"), ("COUV1", D, "2012", "manquant"),
    # Contacts: Zoé and Yan at A, Zoé at B; the département counts Zoé once.
    ("ACT01", A, "2012", "2"), ("ACT01", B, "2012", "1"), ("ACT01", D, "2012", "2"), ("ACT01", A, "2012-T2", "0"),
    ("ACT01", A, "2012-01", "1"), ("ACT01", A, "2012-02-cumul", "2"), ("ACT01", D, "2012-T4", "1"),
    # Interviews: individual (Zoé), workshop (Yan), collective (Zoé at B).
    ("ACT02", A, "2012", "2"), ("ACT02", D, "2012", "2"), ("ACT02", A, "2012-03", "0"),
    # First interviews: Zoé at A in January, at B in November; Yan's was in 2011. They are summed above.
    ("ACT02a", A, "2012", "1"), ("ACT02a", B, "2012", "1"), ("ACT02a", D, "2012", "2"),
    # Entries: the CIVIS, and AUTRE:X (supported); not the cotraitance that cannot be financed, nor AUTRE:Y.
    ("ACT03", A, "2012", "2"), ("ACT04", A, "2012", "1"), ("ACT04a", A, "2012", "1"), ("ACT04b", A, "2012", "1"),
    ("ACT04c", A, "2012", "1"), ("ACT05", A, "2012", "2"), ("ACT05", A, "2012-T1", "1"),
    # Individual interviews alone are counted: Zoé's of January (Yan's was in 2011).
    ("ACT06", A, "2012", "1"), ("ACT06", B, "2012", "0"), ("ACT06", D, "2012-01", "1"),
    # JDI at A. Zoé: interview 10 January, so January to May; a permanent contract from 15 April, so January to March.
    # Yan: interviews 20 December and 1 February, so January to June (30 June − 5 months = 30 January). B: Zoé, Nov., Dec.
    ("ACT07", A, "2012", "2"), ("ACT07", A, "2012-03", "2"), ("ACT07", A, "2012-04", "1"), ("ACT07", A, "2012-06", "1"),
    ("ACT07", A, "2012-07", "0"), ("ACT07", A, "2012-T2", "1"), ("ACT07", B, "2012-T4", "1"), ("ACT07", D, "2012", "2"),
    ("ACT07a", A, "2012", "1"), ("ACT07a", D, "2012", "1"), ("ACT07m", A, "2012", "0.750000"),  # 9 over 12
    ("ACT07s", A, "2012-04-30", "1"),
    # Propositions: one professional (emploi), one social (santé), over two youths in contact.
    ("ACT08", A, "2012", "50.000000"), ("ACT08a", A, "2012", "50.000000"), ("ACT08b", A, "2012", "0.000000"),
    ("ACT08c", A, "2012", "0.000000"), ("ACT09", A, "2012", "50.000000"), ("ACT09a", A, "2012", "0.000000"),
    ("ACT09b", A, "2012", "50.000000"), ("ACT10", A, "2012", "0.000000"), ("ACT10a", A, "2012", "0.000000"),
    ("ACT10b", A, "2012", "0.000000"), ("ACT08", A, "2012-T2", "non_calculable"),
    # Present: Zoé until 14 August, Yan from March on; AUTRE:X ended before it began.
    ("ACT11", A, "2012-02-29", "1"), ("ACT11", A, "2012-06-30", "2"), ("ACT11", A, "2012-12-31", "1"),
    # Without a proposition for three months: Yan, JDI until June, proposition of 1 February, outside (29 Feb., 31 May].
    ("ACT12", A, "2012-04-30", "0"), ("ACT12", A, "2012-05-31", "1"), ("ACT12a", A, "2012-05-31", "0"),
    # Axis 3.
    ("ENT01", A, "2012", "2"), ("ENT01a", A, "2012", "1"), ("ENT02", A, "2012", "2"), ("ENT02a", A, "2012", "1"),
    ("ENT03", A, "2012", "2"), ("ENT03a", A, "2012", "1"), ("ENT04", A, "2012", "1"), ("ENT05", A, "2012", "1"),
    ("ENT05", A, "2012-03", "0"), ("ENT06", A, "2012", "1"), ("ENT07", A, "2012", "2"), ("ENT08", A, "2012", "1"),
    ("ENT08a", A, "2012", "1"), ("ENT01", B, "2012", "0"), ("ENT01a", B, "2012", "non_exploitable"),
    ("ENT02a", B, "2012", "non_exploitable"), ("ENT03", B, "2012", "non_exploitable"),
    ("ENT03a", B, "2012", "non_exploitable"), ("ENT04", B, "2012", "non_exploitable"), ("ENT03", D, "2012", "2"),
    ("AX45", A, "2012", "1.500000"), ("AX45", B, "2012", "manquant"),
    # Results: a permanent contract, a training.
    ("RES01", A, "2012", "2"), ("RES01a", A, "2012", "1"), ("RES01b", A, "2012", "1"), ("RES01b1", A, "2012", "1"),
    ("RES01b2", A, "2012", "0"), ("RES02", A, "2012", "2"), ("RES02a", A, "2012", "1"), ("RES02b", A, "2012", "1"),
    ("RES02b1", A, "2012", "1"), ("RES02b2", A, "2012", "0"), ("RES02", A, "2012-T3", "1"),
    # One exit: 1 February to 15 August, 196 days, more than six months and less than twelve, permanent contract.
    ("RES03", A, "2012", "1"), ("RES03a", A, "2012", "1"), ("RES03b", A, "2012", "1"), ("RES03b1", A, "2012", "0"),
    ("RES03b2", A, "2012", "0"), ("RES03b3", A, "2012", "1"), ("RES03b4", A, "2012", "1"), ("RES03b5", A, "2012", "0"),
    ("RES03b6", A, "2012", "0"), ("RES03c", A, "2012", "0"), ("RES03c1", A, "2012", "0"), ("RES03x", A, "2012", "0"),
    ("RES04", A, "2012", "196.000000"), ("RES04", B, "2012", "non_calculable"),
    # Resources of 2012, forecast budget.
    ("MOY01", A, "2012", "6.500000"), ("MOY01a", A, "2012", "5.000000"), ("MOY02", A, "2012", "1.500000"),
    ("MOY03", A, "2012", "150000.00"), ("MOY04", A, "2012", "100000.00"), ("MOY05", A, "2012", "66.666667"),
    ("MOY06", A, "2012", "50000.00"), ("MOY07", A, "2012", "50000.00"), ("MOY08", A, "2012", "50000.00"),
    ("MOY09", A, "2012", "non_calculable"), ("MOY03", D, "2012", "manquant"),
    # What the rates are made of, printed too: Zoé alone is in CIVIS on 31 May; one exit; 100,000 euros, all of the State.
    ("ACT11c", A, "2012-05-31", "1"), ("RES04n", A, "2012", "1"), ("CTX90", A, "2012", "40"), ("CTX91", A, "2012", "20"),
    ("MOY04e", A, "2012", "100000.00"), ("MOY04p", A, "2012", "100000.00"),
    # Rates: the one exit is a permanent contract; Zoé, the one who entered a named programme, is of low level; one first
    # interview and one interview for two youths met; Yan of one JDI on 31 May; two meetings and two JDI, for 5 ETP.
    ("TX01", A, "2012", "100.000000"), ("TX02", A, "2012", "100.000000"), ("TX03", A, "2012", "100.000000"),
    ("TX04", A, "2012", "50.000000"), ("TX05", A, "2012", "0.500000"), ("TX06", A, "2012-05-31", "100.000000"),
    ("TX07", A, "2012", "1.000000"), ("TX08", A, "2012", "100.000000"), ("TX09", A, "2012", "0.000000"),
    ("TX10", A, "2012", "0.400000"), ("TX01", B, "2012", "non_calculable"), ("TX10", B, "2012", "manquant"),
    # A région whose other départements are absent, and France, are not covered.
    ("ACT01", ("region", "53"), "2012", "manquant"), ("ACT01", ("france", "FR"), "2012", "manquant"),
    # What is not known of them: nothing at A; at B, neither the area nor the commune of Zoé.
    *((code, A, "2012", "0") for code in ("ACT04x", "ACT04y", "ACT07x", "RES03y", "COUV0x", "COUV0y")),
    ("ACT12x", A, "2012-05-31", "0"), ("COUV0x", B, "2012", "1"), ("COUV0y", B, "2012", "1"), ("COUV0x", D, "2012", "1"),
    ("ACT07x", B, "2012", "0"),
    # Sites: Zoé at both, Yan at the first.
    ("ACT01", ("site", "A1"), "2012", "2"), ("ACT01", ("site", "A2"), "2012", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "territoire", "periode", "attendu"), CAS, ids=lambda x: str(x))
def test_cas_travaille_a_la_main(valeurs, code, territoire, periode, attendu):
    lue = valeurs[(*territoire, code, "", "", periode)]
    assert (lue["valeur"] or lue["statut"]) == attendu


def test_chaque_ligne_publiee_a_son_cas():
    publiees = {i.code for i in catalogue_ml("2012").indicateurs.values() if i.publie}
    assert publiees == {code for code, *_ in CAS}


@pytest.mark.parametrize(
    ("code", "ventilation", "modalite", "attendu"),
    [
        ("ACT01", "sexe", "femme", "1"), ("ACT01", "niveau_formation", "V", "1"), ("ACT01", "diplome", "oui", "1"),
        ("ACT01", "zus_qpv", "oui", "1"), ("ACT01", "zrr_frr", "oui", "0"), ("ACT01", "site", "A1", "2"),
        # Zoé is 18 in January and March, Yan 22 since January.
        ("ACT01", "age", "18_21", "1"), ("ACT01", "age", "22_25", "1"), ("ACT01", "age", "16_17", "0"),
        ("ACT03", "dispositif", "CIVIS", "1"), ("ACT03", "dispositif", "AUTRE", "1"),
        ("ACT03", "dispositif", "COTRAITANCE", "0"), ("RES03", "dispositif", "CIVIS", "1"),
        ("RES04", "dispositif", "CIVIS", "196.000000"),
    ],
)  # fmt: skip
def test_decoupages(valeurs, code, ventilation, modalite, attendu):
    assert valeurs[(*A, code, ventilation, modalite, "2012")]["valeur"] == attendu


def test_lautre_lecture_des_delais_de_sortie(tmp_path):
    # From the entry (1 February) to the job (15 April): less than six months.
    lues = calculer(ecrire(tmp_path, tables()), 2012, sortie__lecture_des_delais="emploi")
    assert lues[(*A, "RES03b2", "", "", "2012")]["valeur"] == "1"


def test_les_autres_choix_changent_les_chiffres(tmp_path):
    dossier = ecrire(tmp_path, tables())
    lues = calculer(
        dossier, 2012, couverture__residents_seulement="non", entretien__types_comptes="entretien_individuel, atelier",
        propositions__denominateur="ACT02", jdi__fenetre_mois="3", emploi_durable__contrats_sans_duree="NON_SALARIE",
    )  # fmt: skip
    attendus = {"COUV1": "5.000000", "ACT06": "2", "ACT08": "50.000000", "RES01b1": "0", "RES03b4": "0"}
    assert {c: lues[(*A, c, "", "", "2012")]["valeur"] for c in attendus} == attendus
    assert lues[(*A, "ACT07", "", "", "2012-06")]["valeur"] == "0"


def test_la_grille_2026_ne_compte_pas_le_civis(tmp_path):
    lues = calculer(ecrire(tmp_path, tables()), 2012, "2026")
    assert lues[(*A, "ACT04", "", "", "2012")]["valeur"] == "0"
    assert lues[(*A, "ACT03", "dispositif", "AUTRE", "2012")]["valeur"] == "1"


def test_lordre_des_lignes_ne_change_pas_un_octet(tmp_path):
    melangees = tables()
    for lignes in melangees.values():
        random.Random(7).shuffle(lignes)
    calculer(ecrire(tmp_path / "a", tables()), 2012)
    calculer(ecrire(tmp_path / "b", melangees), 2012)
    assert (tmp_path / "a" / "sortie.csv").read_bytes() == (tmp_path / "b" / "sortie.csv").read_bytes()


def test_le_csv_est_trie_par_octets(tmp_path):
    calculer(ecrire(tmp_path, tables()), 2012)
    lignes = (tmp_path / "sortie.csv").read_bytes().splitlines()[1:]
    cles = [ligne.split(b",")[:6] for ligne in lignes]
    assert cles == sorted(cles)
