# ruff: noqa: E501 - one record a line
"""The lines of annexe 2 that are zero on Zoé and Yan, worked by hand on five youths of C; and each choice of calculation.

C (Rennes, module Entreprise used), alone in its département, year 2012. The first four are received on 10 January.

Léa (F, June 1993, level VI, area unknown): CIVIS from 1 February to 20 June, to a fixed-term job of four months.
Max (H, July 1991, level V, diploma unknown): CIVIS of March 2011 left on 31 May to an alternance; a second one in December.
Ana (F, May 1990, level IV with the diploma, ZUS): cotraitance of 15 January left on 1 October to a CIE begun on 1 July; CIVIS in November.
Tom (H, January 1994, nothing known of him): CIVIS from 1 March to 15 September, to a qualifying training; cotraitance from
20 October to 1 December, left to no known situation; then a subsidised non-market permanent job.
Eva (F, level VI, ZUS), not received in 2012: a programme that the frame does not name, and a search for a job.
"""

import pytest

from convenir.mesure.indicateurs.releves_ml.chargement import catalogue_ml
from convenir.mesure.indicateurs.releves_ml.regles import regles
from tests.mesure.indicateurs_ml.fabrique import calculer, ecrire
from tests.mesure.indicateurs_ml.test_annexe_2 import CAS as PREMIERS

C = ("ml", "C")
LEA, MAX, ANA, TOM, EVA = ({"jeune_id": j, "ml_id": "C"} for j in ("lea", "max", "ana", "tom", "eva"))
JANVIER = "2012-01-10"


def tables() -> dict[str, list[dict[str, object]]]:
    return {
        "structure": [{"ml_id": "C", "region_code": "53", "dept_code": "35", "module_entreprise": "true"}],
        "zone_ml": [{"ml_id": "C", "commune_code": "35238", "date_debut": "2000-01-01"}],
        "jeune": [
            {**LEA, "sexe": "F", "naissance_mois": "1993-06-01"},
            {**MAX, "sexe": "H", "naissance_mois": "1991-07-01"},
            {**ANA, "sexe": "F", "naissance_mois": "1990-05-01"},
            {**TOM, "sexe": "H", "naissance_mois": "1994-01-01"},
            {**EVA, "sexe": "F", "naissance_mois": "1992-03-01"},
        ],
        "jeune_etat": [
            {**LEA, "date_debut": "2011-01-01", "niveau": "VI", "diplome_obtenu": "false", "commune_code": "35238"},
            {**MAX, "date_debut": "2011-01-01", "niveau": "V", "commune_code": "35238"},
            {**EVA, "date_debut": "2011-01-01", "niveau": "VI", "diplome_obtenu": "false", "zus": "true", "commune_code": "35238"},
            {**ANA, "date_debut": "2011-01-01", "niveau": "IV", "diplome_obtenu": "true", "zus": "true", "commune_code": "35001"},
        ],
        "actualite": [
            *({**j, "actualite_id": n, "date_evt": JANVIER, "type": "entretien_individuel"} for n, j in enumerate((LEA, MAX, ANA, TOM))),
            {**LEA, "actualite_id": 5, "date_evt": "2012-06-15", "type": "atelier"},
            {**MAX, "actualite_id": 7, "date_evt": "2012-02-03", "type": "telephone"},
            {**TOM, "actualite_id": 6, "date_evt": "2012-10-05", "type": "info_collective"},
        ],
        "proposition": [
            {**qui, "proposition_id": n, "date_prop": JANVIER, "domaine": domaine, "theme": theme}
            for n, (qui, domaine, theme) in enumerate((
                (LEA, "professionnel", "formation"), (MAX, "professionnel", "projet_professionnel"),
                (ANA, "social", "logement"), (LEA, "vie_sociale", "citoyennete"), (MAX, "vie_sociale", "loisirs_sports_culture"),
            ))
        ],
        "parcours": [
            {**LEA, "parcours_id": 1, "dispositif": "CIVIS", "date_entree": "2012-02-01", "date_sortie": "2012-06-20", "situation_sortie_id": "s1"},
            {**MAX, "parcours_id": 2, "dispositif": "CIVIS_RENF", "date_entree": "2011-03-01", "date_sortie": "2012-05-31", "situation_sortie_id": "s2"},
            {**ANA, "parcours_id": 3, "dispositif": "COTRAITANCE", "financable": "true", "date_entree": "2012-01-15", "date_sortie": "2012-10-01", "situation_sortie_id": "s3"},
            {**TOM, "parcours_id": 4, "dispositif": "CIVIS", "date_entree": "2012-03-01", "date_sortie": "2012-09-15", "situation_sortie_id": "s4"},
            {**ANA, "parcours_id": 5, "dispositif": "CIVIS", "date_entree": "2012-11-01"},
            {**TOM, "parcours_id": 6, "dispositif": "COTRAITANCE", "financable": "true", "date_entree": "2012-10-20", "date_sortie": "2012-12-01"},
            {**MAX, "parcours_id": 7, "dispositif": "AUTRE:Z", "type_appui": "projet", "date_entree": "2012-07-01"},
            {**EVA, "parcours_id": 8, "dispositif": "AUTRE:Z", "type_appui": "renforce", "date_entree": "2012-07-02"},
        ],
        "situation": [
            {**LEA, "situation_id": "s1", "categorie": "EMPLOI", "contrat": "CDD", "date_debut": "2012-06-18", "date_fin_prevue": "2012-10-25"},
            {**MAX, "situation_id": "s2", "categorie": "ALTERNANCE", "contrat": "APPRENTISSAGE", "date_debut": "2012-05-15"},
            {**MAX, "situation_id": "s2b", "categorie": "ALTERNANCE", "contrat": "PROFESSIONNALISATION", "date_debut": "2012-12-01"},
            {**ANA, "situation_id": "s3", "categorie": "EMPLOI", "contrat": "CIE", "date_debut": "2012-07-01", "date_fin_prevue": "2013-09-30"},
            {**TOM, "situation_id": "s4", "categorie": "FORMATION", "qualifiante": "true", "date_debut": "2012-09-10"},
            {**TOM, "situation_id": "s5", "categorie": "EMPLOI", "contrat": "CDI", "aide_non_marchand": "true", "date_debut": "2012-12-05"},
            {**EVA, "situation_id": "s6", "categorie": "DEMANDEUR_EMPLOI", "date_debut": "2012-03-01"},
        ],
        "contact_entreprise": [
            {"contact_id": n, "entreprise_id": f"e{n}", "ml_id": "C", "date_contact": "2012-03-01", "motif": motif, "visite": "false"}
            for n, motif in enumerate(("offre", "immersion", "autre"))
        ],
        "periode_entreprise": [
            {**MAX, "periode_id": 1, "type": "EMT", "date_debut": "2012-05-02"},
            {**LEA, "periode_id": 2, "type": "stage", "date_debut": "2012-05-02"},
        ],
        "icare_budget": [
            {"ml_id": "C", "annee": 2012, "nature": "prevu", "financeur": "etat", "ligne": "socle", "activite": "principale", "socle_cpo": "true", "montant": "100000.00"},
            {"ml_id": "C", "annee": 2012, "nature": "prevu", "financeur": "region", "ligne": "Mobilité", "activite": "specifique", "socle_cpo": "false", "montant": "20000.00"},
        ],
        "contexte_valeur": [
            {"territoire_type": "ml", "territoire_code": "C", "code_contexte": "ANO_16_25", "annee": 2012, "valeur": "40"},
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def valeurs(tmp_path_factory):
    return calculer(ecrire(tmp_path_factory.mktemp("ml"), tables()), 2012)


CAS = [
    # Of four youths in contact: one proposition of training, one of project, one of housing, one civic, one of leisure.
    ("ACT08", "2012", "50.000000"), ("ACT08a", "2012", "0.000000"), ("ACT08b", "2012", "25.000000"),
    ("ACT08c", "2012", "25.000000"), ("ACT09", "2012", "25.000000"), ("ACT09a", "2012", "25.000000"),
    ("ACT09b", "2012", "0.000000"), ("ACT10", "2012", "50.000000"), ("ACT10a", "2012", "25.000000"),
    ("ACT10b", "2012", "25.000000"),
    # Entries of 2012: Léa, Ana twice, Tom twice, and the other programme of Max and of Eva; his CIVIS is of 2011.
    ("ACT03", "2012", "7"), ("ACT04", "2012", "3"), ("ACT05", "2012", "5"), ("ACT04a", "2012", "1"),
    ("ACT04b", "2012", "2"), ("ACT04c", "2012", "1"),
    # Level unknown: Tom. Area unknown: Léa and Tom.
    ("ACT04x", "2012", "1"), ("ACT04y", "2012", "2"), ("TX03", "2012", "33.333333"),
    # JDI. From January to May, all four, but Max from 15 May on; Léa again from June to October, her job being short.
    # Tom's qualifying training keeps him out in October. Months: 4, 4, 4, 4, 3, then 1 five times: 24 over 12.
    ("ACT07", "2012", "4"), ("ACT07", "2012-05", "3"), ("ACT07", "2012-10", "1"), ("ACT07", "2012-11", "0"),
    ("ACT07m", "2012", "2.000000"), ("ACT07a", "2012", "1"), ("ACT07x", "2012", "2"),
    # In the zone or not known: Léa and Max, and Tom; Ana lives outside. Three of forty.
    ("COUV0x", "2012", "1"), ("COUV0y", "2012", "1"), ("COUV1", "2012", "7.500000"), ("COUV3", "2012", "7.500000"),
    # On 30 April the propositions of 10 January are outside (30 January, 30 April]: all four wait, Léa of low level,
    # Max and Tom of unknown. On 30 June Léa is a JDI but works.
    ("ACT12", "2012-04-30", "4"), ("ACT12a", "2012-04-30", "1"), ("ACT12x", "2012-04-30", "2"),
    ("TX06", "2012-04-30", "100.000000"), ("ACT07s", "2012-06-30", "1"), ("ACT12", "2012-06-30", "0"),
    ("ACT11", "2012-04-30", "4"), ("ACT11", "2012-12-31", "3"), ("ACT11c", "2012-12-31", "1"),
    # Four begin a job or a training; Max twice, Tom in both. Durable: Max (alternance) and Ana; not Tom's subsidised job.
    ("RES01", "2012", "4"), ("RES01a", "2012", "1"), ("RES01b", "2012", "4"), ("RES01b1", "2012", "2"),
    ("RES01b2", "2012", "1"), ("RES02", "2012", "6"), ("RES02a", "2012", "1"), ("RES02b", "2012", "5"),
    ("RES02b1", "2012", "3"), ("RES02b2", "2012", "2"),
    # Four leave, Tom twice. Léa: a job of four months, after less than five. Ana: CIE, after eight and a half.
    # Max: alternance, after fifteen. Tom: training, then nothing known.
    ("RES03", "2012", "4"), ("RES03a", "2012", "1"), ("RES03y", "2012", "2"), ("RES03b", "2012", "3"),
    ("RES03b1", "2012", "1"), ("RES03b2", "2012", "1"), ("RES03b3", "2012", "2"), ("RES03b4", "2012", "2"),
    ("RES03b5", "2012", "1"), ("RES03b6", "2012", "1"), ("RES03c", "2012", "1"), ("RES03c1", "2012", "1"),
    ("RES03x", "2012", "1"), ("TX01", "2012", "75.000000"), ("TX02", "2012", "50.000000"), ("TX09", "2012", "25.000000"),
    # 140, 457, 260, 198 and 42 days: 1,097 over 5.
    ("RES04n", "2012", "5"), ("RES04", "2012", "219.400000"),
    # An EMT is an immersion, not a PMP; a training period is neither. Ana alone is in CIVIS on 31 December.
    ("ENT07", "2012", "2"), ("ENT08", "2012", "1"), ("ENT08a", "2012", "0"), ("MOY09", "2012", "100000.00"),
    ("MOY06", "2012", "25000.00"), ("MOY07", "2012", "25000.00"), ("MOY08", "2012", "25000.00"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "periode", "attendu"), CAS, ids=lambda x: str(x))
def test_cas_travaille_a_la_main(valeurs, code, periode, attendu):
    lue = valeurs[(*C, code, "", "", periode)]
    assert (lue["valeur"] or lue["statut"]) == attendu


def test_chaque_ligne_publiee_a_un_cas_qui_nest_pas_zero():
    publiees = {i.code for i in catalogue_ml("2012").indicateurs.values() if i.publie}
    assert publiees == {code for code, *_, lu in (*PREMIERS, *CAS) if lu[0].isdigit() and float(lu)}


PAR_DISPOSITIF = [
    ("RES03", "3", "2"), ("RES03a", "1", "0"), ("RES03b", "2", "1"), ("RES03b1", "1", "0"), ("RES03b2", "1", "0"),
    ("RES03b3", "1", "1"), ("RES03b4", "1", "1"), ("RES03b5", "0", "1"), ("RES03b6", "1", "0"), ("RES03c", "1", "0"),
    ("RES03c1", "1", "0"), ("RES03x", "0", "1"),
    # 140, 457 and 198 days over 3; 260 and 42 over 2.
    ("RES04", "265.000000", "151.000000"), ("TX01", "66.666667", "50.000000"), ("ACT04", "3", "2"), ("ACT11", "1", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "civis", "cotraitance"), PAR_DISPOSITIF)
def test_chaque_sortie_est_ventilee_par_dispositif(valeurs, code, civis, cotraitance):
    """Note 2 of annexe 2: the whole block of exits is read by programme."""
    periode = "2012-12-31" if code == "ACT11" else "2012"
    lues = [valeurs[(*C, code, "dispositif", d, periode)]["valeur"] for d in ("CIVIS", "COTRAITANCE")]
    assert lues == [civis, cotraitance]


# Each choice, another value of it, a figure that follows: its indicator, its breakdown, its period, before, after.
CHOIX = [
    # Ana is 21 in January, 22 on 31 December.
    ("age.date", "31_decembre", "ACT01", ("age", "22_25"), "2012", "0", "1"),
    ("autres_dispositifs.types_appui", "renforce", "ACT05", ("", ""), "2012", "5", "4"),
    ("budget.lignes_principales", "Santé ; mobilité", "MOY07", ("", ""), "2012", "25000.00", "30000.00"),
    ("budget.lignes_specifiques", "Socle", "MOY07", ("", ""), "2012", "25000.00", "0.00"),
    ("couverture.residents_seulement", "non", "COUV1", ("", ""), "2012", "7.500000", "10.000000"),
    ("emploi_durable.aides_non_marchands", "oui", "RES01b1", ("", ""), "2012", "2", "3"),
    ("emploi_durable.alternance", "non", "RES01b1", ("", ""), "2012", "2", "1"),
    ("emploi_durable.contrats_avec_duree", "CDD", "RES03b4", ("", ""), "2012", "2", "1"),
    ("emploi_durable.contrats_sans_duree", "APPRENTISSAGE, CIE, CDD", "RES01b1", ("", ""), "2012", "2", "3"),
    ("emploi_durable.duree_mois", "3", "RES01b1", ("", ""), "2012", "2", "3"),
    ("entreprise.motifs_contact", "offre", "ENT03", ("", ""), "2012", "2", "1"),
    ("entreprise.types_immersion", "PMP", "ENT08", ("", ""), "2012", "1", "0"),
    ("entretien.types_comptes", "entretien_individuel, atelier", "ACT06", ("", ""), "2012", "4", "5"),
    ("entretien.types_recus", "entretien_individuel", "ACT02", ("", ""), "2012-T4", "1", "0"),
    # Ana is 22 at the end of May.
    ("jdi.age_maximal", "22", "ACT07", ("", ""), "2012-05", "3", "2"),
    ("jdi.fenetre_mois", "3", "ACT07", ("", ""), "2012-05", "3", "0"),
    ("jdi.situations_exclues", "EMPLOI_DURABLE, SCOLARITE", "ACT07", ("", ""), "2012-10", "1", "2"),
    # Max is phoned in February, nobody is received.
    ("propositions.denominateur", "ACT02", "ACT09", ("", ""), "2012-02", "0.000000", "non_calculable"),
    ("sans_proposition.fenetre_mois", "4", "ACT12", ("", ""), "2012-04-30", "4", "1"),
    ("sortie.contrat_court_moins_de_mois", "4", "RES03b1", ("", ""), "2012", "1", "0"),
    ("sortie.contrat_court_plus_de_mois", "5", "RES03b1", ("", ""), "2012", "1", "0"),
    ("sortie.dans_lannee_mois", "7", "RES03b3", ("", ""), "2012", "2", "1"),
    # Ana has her job less than six months after she entered, and leaves three months later.
    ("sortie.lecture_des_delais", "emploi", "RES03b2", ("", ""), "2012", "1", "2"),
    ("sortie.rapide_mois", "3", "RES03b2", ("", ""), "2012", "1", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("choix", "autre", "code", "decoupage", "periode", "avant", "apres"), CHOIX)
def test_chaque_choix_change_le_chiffre_quil_regle(
    valeurs, tmp_path, choix, autre, code, decoupage, periode, avant, apres
):
    lues = calculer(ecrire(tmp_path, tables()), 2012, **{choix.replace(".", "__"): autre})
    cle = (*C, code, *decoupage, periode)
    assert [x[cle]["valeur"] or x[cle]["statut"] for x in (valeurs, lues)] == [avant, apres]


def test_chaque_choix_a_un_chiffre_quil_change():
    assert all(avant != apres for *_, avant, apres in CHOIX)
    assert {f"ml.{c}" for c, *_ in CHOIX} == set(regles(2012).valeurs)
