"""Every fault of a delivery has its outcome, says why, and loses nothing (décisions, § 3)."""

from __future__ import annotations

import pytest

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.generateur.fautes import ARCHIVES, FAUTES, ISSUES
from convenir.mesure.donnees.models import FichierRecu, Livraison
from convenir.mesure.donnees.rapport import Issue
from convenir.socle.organisations.models import Structure

pytestmark = pytest.mark.django_db

# Fault set aside: view, column, words of the reason, lines set aside in that view.
ECARTS = {
    "cle_en_double": ("EtatMensuelIndiv", "emi_dsm_id", "même clé", 2),
    "mois_orphelin": ("EtatMensuelIndiv", "emi_afi_id", "annexe financière n'est pas", 1),
    "date_31_02": (None, None, "n'existe pas au calendrier", 1),
    "heures_negatives": ("EtatMensuelIndiv", "emi_nb_heures_travail", "négative", 1),
    "postes_negatifs": ("AnnexeFinanciere", "af_etp_postes_insertion", "négative", 1),
    "siret_invalide": ("Structure", None, "pas un SIRET", 1),
}


def lignes_conservees(rapport) -> None:
    for vue, compte in rapport.vues.items():
        assert compte["lues"] == compte["acceptees"] + compte["quarantaine"] + compte["doublons"], vue


@pytest.mark.parametrize("nom", sorted(n for n, issue in ISSUES.items() if issue == "refusee"))
def test_la_livraison_est_refusee_entiere(nom, mini, donnees, geographie, acteur):
    if nom in ARCHIVES:
        chemin = ARCHIVES[nom](mini)
    else:
        FAUTES[nom](mini)
        chemin = mini
    rapport = actions.appliquer(chemin, acteur)
    assert rapport.issue is Issue.REFUSEE
    assert rapport.refus
    assert rapport.refus[0][0].isupper()
    assert rapport.anomalies[0]["fichier"]
    assert not Livraison.objects.exists()
    assert not Structure.objects.exists()
    assert [f for f in donnees.rglob("*") if f.is_file() and f.name != ".verrou"] == []


@pytest.mark.parametrize("nom", sorted(n for n, issue in ISSUES.items() if issue == "avertissement"))
def test_la_livraison_est_lue_avec_un_avertissement(nom, mini, donnees, geographie, acteur):
    FAUTES[nom](mini)
    rapport = actions.essayer(mini, acteur)
    assert rapport.issue is Issue.ESSAI
    assert rapport.quarantaine == 0
    assert rapport.avertissements
    assert all(a["message"] for a in rapport.avertissements)
    lignes_conservees(rapport)
    motif = "fichier vérifié à la main" if rapport.sans_fin else None
    assert actions.appliquer(mini, acteur, motif_sans_fin=motif).issue is Issue.APPLIQUEE


def test_sans_ligne_fin_il_faut_un_motif(mini, donnees, geographie, acteur):
    FAUTES["fin_absente"](mini)
    rapport = actions.appliquer(mini, acteur)
    assert rapport.issue is Issue.A_CONFIRMER
    assert len(rapport.sans_fin) == 1
    assert not Livraison.objects.exists()
    actions.appliquer(mini, acteur, motif_sans_fin="recompté par l'ASP")
    assert Livraison.objects.get().motif_sans_fin == "recompté par l'ASP"


@pytest.mark.parametrize("nom", sorted(ECARTS))
def test_la_ligne_est_mise_a_lecart(nom, mini, donnees, geographie, acteur):
    vue, colonne, mots, nombre = ECARTS[nom]
    FAUTES[nom](mini)
    rapport = actions.appliquer(mini, acteur)
    assert rapport.issue is Issue.APPLIQUEE
    trouvees = [a for a in rapport.anomalies if mots in a["message"]]
    assert len(trouvees) == nombre
    assert all(a["fichier"].startswith("fluxIAE_") and a["ligne"] >= 3 for a in trouvees)
    if colonne:
        assert {a["colonne"] for a in trouvees} == {colonne}
    if vue:
        assert rapport.vues[vue]["quarantaine"] >= nombre
    lignes_conservees(rapport)


def test_une_structure_ecartee_ecarte_ce_qui_en_depend_et_le_dit(mini, donnees, geographie, acteur):
    FAUTES["siret_invalide"](mini)
    rapport = actions.appliquer(mini, acteur)
    messages = {a["message"] for a in rapport.anomalies}
    assert any("La structure n'est pas dans la livraison, ou sa ligne est mise à l'écart" in m for m in messages)
    assert rapport.vues["AnnexeFinanciere"]["quarantaine"] > 0
    assert Structure.objects.count() < 6


def test_un_doublon_identique_compte_une_fois(mini, donnees, geographie, acteur):
    FAUTES["ligne_en_double"](mini)
    compte = actions.appliquer(mini, acteur).vues["EtatMensuelIndiv"]
    assert (compte["doublons"], compte["quarantaine"]) == (1, 0)
    assert FichierRecu.objects.get(vue="EtatMensuelIndiv").doublons == 1


def test_une_colonne_absente_est_dite_et_reste_vide(mini, donnees, geographie, acteur):
    FAUTES["colonne_manquante"](mini)
    actions.appliquer(mini, acteur)
    assert "contrat_niveau_de_formation_code" not in queries.sources_courantes()["ContratMission"].colonnes


def test_un_motif_inconnu_garde_la_sortie(mini, donnees, geographie, acteur):
    FAUTES["motif_inconnu"](mini)
    rapport = actions.appliquer(mini, acteur)
    assert rapport.quarantaine == 0
    assert any("motif inconnu" in a["message"] for a in rapport.avertissements)
