"""Whatever the lines and their order: none is lost, and the same are accepted."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from convenir.mesure.donnees.controle.livraison import controler
from convenir.mesure.donnees.controle.vue import Entree
from convenir.mesure.donnees.formats import vues_fluxiae
from tests.mesure.donnees.outils import lire_sql

CONTRATS, MOIS = "ContratMission", "EtatMensuelIndiv"
CLES_CONTRAT = ["contrat_id_ctr", "contrat_id_structure", "contrat_mesure_disp_code", "contrat_id_pph",
                "contrat_date_embauche"]  # fmt: skip
CLES_MOIS = ["emi_dsm_id", "emi_afi_id", "emi_pph_id", "emi_ctr_id", "emi_sme_annee", "emi_sme_mois",
             "emi_nb_heures_travail"]  # fmt: skip
contrat = st.fixed_dictionaries(
    {
        "contrat_id_ctr": st.sampled_from(["1", "2", "3", "", "x"]),
        "contrat_id_structure": st.just("7"),
        "contrat_mesure_disp_code": st.just("ACI_DC"),
        "contrat_id_pph": st.just("9"),
        "contrat_date_embauche": st.sampled_from(["01/02/2025", "31/02/2025", ""]),
    }
)
mois = st.fixed_dictionaries(
    {
        "emi_dsm_id": st.sampled_from(["10", "11", "12", "13"]),
        "emi_afi_id": st.just("5"),
        "emi_pph_id": st.just("9"),
        "emi_ctr_id": st.sampled_from(["1", "2", "3", "4"]),
        "emi_sme_annee": st.sampled_from(["2024", "2025", "abc"]),
        "emi_sme_mois": st.sampled_from(["1", "12", "13"]),
        "emi_nb_heures_travail": st.sampled_from(["10", "-1", ""]),
    }
)


def ecrire(dossier: Path, vue: str, lignes: list[dict[str, str]], modele: list[str]) -> Entree:
    copie = dossier / vue / "conserve.parquet"
    copie.parent.mkdir(parents=True)
    colonnes = {nom: pa.array([ligne[nom] for ligne in lignes], pa.string()) for nom in modele}
    numeros = pa.array(range(3, 3 + len(lignes)), pa.int64())
    pq.write_table(pa.table({**colonnes, "ligne": numeros}), copie)
    return Entree(vues_fluxiae()[vue], f"{vue}.csv", copie, tuple(modele))


def importer(contrats, lues):
    """Return the counts and the accepted rows, without their line numbers."""
    with tempfile.TemporaryDirectory() as racine:
        dossier = Path(racine) / "livraison"
        entrees = [
            ecrire(dossier, CONTRATS, contrats, CLES_CONTRAT),
            ecrire(dossier, MOIS, lues, CLES_MOIS),
        ]
        resultat = controler(entrees, dossier, entrepot=Path(racine), en_vigueur={})
        acceptees = {}
        for vue in (CONTRATS, MOIS):
            motif = str(dossier / vue / "enregistrements" / "**" / "*.parquet")
            lignes = lire_sql(f"SELECT * EXCLUDE (ligne) FROM read_parquet('{motif}', hive_partitioning=false)")
            acceptees[vue] = sorted(lignes, key=repr)
        return resultat, acceptees


@settings(max_examples=25, deadline=None)
@given(st.lists(contrat, max_size=8), st.lists(mois, max_size=8), st.randoms(use_true_random=False))
def test_lordre_ne_change_rien_et_rien_ne_se_perd(contrats, lues, alea: random.Random):
    resultat, acceptees = importer(contrats, lues)
    melanges = [list(contrats), list(lues)]
    for liste in melanges:
        alea.shuffle(liste)
    autre, autres = importer(*melanges)
    assert acceptees == autres
    for vue, lignes in ((CONTRATS, contrats), (MOIS, lues)):
        compte = resultat.comptes[vue]
        assert compte == autre.comptes[vue]
        assert compte.lues == len(lignes) == compte.acceptees + compte.quarantaine + compte.doublons
        assert compte.acceptees == len(acceptees[vue])
    connus = {ligne[6] for ligne in acceptees[CONTRATS]}
    assert {ligne[10] for ligne in acceptees[MOIS]} <= connus


def test_une_ligne_fautive_dit_chacune_de_ses_fautes():
    bonne = {"contrat_id_ctr": "1", "contrat_id_structure": "7", "contrat_mesure_disp_code": "ACI_DC",
             "contrat_id_pph": "9", "contrat_date_embauche": "01/02/2025"}  # fmt: skip
    resultat, _ = importer([bonne, {**bonne, "contrat_id_ctr": "x", "contrat_date_embauche": "31/02/2025"}], [])
    assert [(a["ligne"], a["colonne"], a["valeur"]) for a in resultat.anomalies] == [
        (4, "contrat_date_embauche", "31/02/2025"),
        (4, "contrat_id_ctr", "x"),
    ]
    assert resultat.comptes[CONTRATS].quarantaine == 1


def test_les_enregistrements_gardent_lordre_du_fichier():
    lignes = [
        {"contrat_id_ctr": str(n), "contrat_id_structure": "7", "contrat_mesure_disp_code": "ACI_DC",
         "contrat_id_pph": "9", "contrat_date_embauche": "31/02/2025" if n % 7 == 0 else "01/02/2025"}
        for n in range(300_000)
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as racine:
        dossier = Path(racine) / "l"
        entree = ecrire(dossier, CONTRATS, lignes, CLES_CONTRAT)
        controler([entree], dossier, entrepot=Path(racine), en_vigueur={})
        motif = dossier / CONTRATS / "enregistrements" / "donnees.parquet"
        recul = lire_sql(
            f"SELECT count(*) FROM (SELECT ligne < lag(ligne) OVER () AS recule FROM '{motif}') WHERE recule"
        )
        assert recul == [(0,)]
