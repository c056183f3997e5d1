"""Aggregated sources: same report, dry run, idempotence and journal as the nominative delivery."""

from __future__ import annotations

from decimal import Decimal

import pytest

from convenir.mesure.donnees import actions, queries
from convenir.mesure.donnees.models import AnnexeLue, Livraison, Source
from convenir.mesure.donnees.rapport import Issue
from convenir.mesure.donnees.reception.anomalies import LivraisonRefusee
from convenir.mesure.donnees.sources.detection import detecter
from convenir.mesure.donnees.sources.formats import colonne_de, vues_agregees
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure
from tests.mesure.donnees.outils import lire_sql
from tests.mesure.donnees.sources.fabrique import (
    annexe_mois,
    classeur,
    export_annexes,
    ligne_bilan,
    ligne_suivi,
    suivi_dgefp,
)

pytestmark = pytest.mark.django_db


def lire(vue: str, colonnes: str) -> list[tuple]:
    return lire_sql(f"SELECT {colonnes} FROM {queries.sources_courantes()[vue].relation} ORDER BY ALL")


def test_la_source_se_reconnait_a_son_contenu(tmp_path, mini):
    assert detecter(mini) is Source.FLUXIAE
    assert detecter(classeur(tmp_path / "DataON.xlsx", [ligne_bilan()])) is Source.BILAN_ASP
    assert detecter(suivi_dgefp(tmp_path / "iae_v1_0_suivi_hebdomadaire_1.csv", [ligne_suivi()])) is Source.SUIVI_DGEFP
    assert detecter(export_annexes(tmp_path / "annexes.txt", {})) is Source.EXPORT_ANNEXES
    assert detecter(annexe_mois(tmp_path / "x.dat", [["ACI044250001A0", 2025, 1, 10, 1]])) is Source.ANNEXE_MOIS
    inconnu = tmp_path / "notes.txt"
    inconnu.write_text("bonjour")
    with pytest.raises(LivraisonRefusee, match="genre connu"):
        detecter(inconnu)
    with pytest.raises(LivraisonRefusee, match="plusieurs sources"):
        detecter(tmp_path)


def test_un_entete_coupe_ou_suivi_despaces_est_reconnu():
    bilan = vues_agregees()["BilanAnnexe"]
    long = "2 - Nombre total des salariés en insertion ayant travaillé dans l'année"
    assert colonne_de(bilan, long).nom == "salaries"
    assert colonne_de(bilan, "2 -  Dont   femmes ").nom == "femmes"
    assert colonne_de(bilan, "0 - SIRET  ").nom == "siret"
    assert colonne_de(bilan, "Colonne jamais vue") is None


def test_le_classeur_des_bilans(tmp_path, donnees, geographie, acteur):
    chemin = classeur(tmp_path / "DataON.xlsx", [ligne_bilan(), ligne_bilan("EI085250002 A1M0", femmes="")])
    essai = actions.essayer(chemin, acteur)
    assert essai.issue is Issue.ESSAI
    assert not Livraison.objects.exists()
    rapport = actions.appliquer(chemin, acteur)
    assert rapport.vues["BilanAnnexe"]["acceptees"] == 2
    assert rapport.departements == ["44", "85"]
    assert any("absente" in a["message"] for a in rapport.avertissements)
    assert lire("BilanAnnexe", "numero_annexe, avenant, femmes, encadrement_technique_etp") == [
        ("ACI044250001", 0, 10, Decimal("1.2500")),
        ("EI085250002", 1, None, Decimal("1.2500")),
    ]
    assert actions.appliquer(chemin, acteur).issue is Issue.DEJA_IMPORTEE
    assert Entree.objects.filter(acte="donnees.livraison_appliquee").count() == 1


def test_le_suivi_dgefp_en_latin_1_a_virgules(tmp_path, donnees, geographie, acteur):
    chemin = suivi_dgefp(tmp_path / "suivi.csv", [ligne_suivi(), ligne_suivi("ETTI085250001", "douze")])
    rapport = actions.appliquer(chemin, acteur)
    assert rapport.vues["SuiviDgefp"] == {"lues": 2, "acceptees": 1, "quarantaine": 1, "doublons": 0}
    assert rapport.anomalies[0]["valeur"] == "douze"
    assert rapport.anomalies[0]["ligne"] == 3
    assert lire("SuiviDgefp", "financeur, etp_conventionnes, montant_conventionne, ecart_etp") == [
        ("État", Decimal("12.5000"), Decimal("299012.50"), Decimal("-0.7500"))
    ]


def test_lexport_dannexes_cree_structures_et_annexes(tmp_path, donnees, geographie, acteur):
    autre = {
        "af_id_annexe_financiere": "4002",
        "af_id_avenant_modification": "6003",
        "af_date_fin_effet": "31/02/2025",
    }
    rapport = actions.appliquer(export_annexes(tmp_path / "annexes.csv", {}, autre), acteur)
    assert rapport.vues["ExportAnnexes"]["quarantaine"] == 1
    assert Structure.objects.get().code == "100001-ACI"
    annexe = AnnexeLue.objects.get()
    assert (annexe.etp, annexe.retenue, annexe.convention.numero) == (Decimal(2), True, "044 010125 ACI 00001")


def test_les_mois_par_annexe(tmp_path, donnees, geographie, acteur):
    lignes = [["ACI044250001A0", 2025, 1, "151,67", 3], ["ACI044250001A0", 2025, 13, 10, 1],
              ["ACI044250001A0", 2025, 2, -4, 1], ["ACI044250001A0", 2025, 1, "151,67", 3]]  # fmt: skip
    chemin = tmp_path / "mois.csv"
    texte = annexe_mois(chemin, lignes).read_text()
    assert '"151,67"' in texte
    rapport = actions.appliquer(chemin, acteur)
    assert rapport.vues["AnnexeMois"] == {"lues": 4, "acceptees": 1, "quarantaine": 2, "doublons": 1}
    assert lire("AnnexeMois", "numero_annexe, avenant, annee, mois, heures, personnes") == [
        ("ACI044250001", 0, 2025, 1, Decimal("151.67"), 3)
    ]


def test_un_departement_ne_retire_pas_ceux_de_ses_voisins(tmp_path, donnees, geographie, acteur):
    for nom, numero, heures in (("a", "ACI044250001A0", 10), ("b", "ACI085250001A0", 20), ("c", "ACI044250001A0", 30)):
        chemin = annexe_mois(tmp_path / f"{nom}.csv", [[numero, 2025, 1, heures, 1]])
        assert actions.appliquer(chemin, acteur).issue is Issue.APPLIQUEE
    assert lire("AnnexeMois", "departement, heures") == [("44", Decimal(30)), ("85", Decimal(20))]


@pytest.mark.parametrize(
    ("contenu", "mots"),
    [
        (b"numero_annexe,annee,mois,heures,personnes\n", "aucune ligne"),
        ("numero_annexe,annee,mois,heures,é\nACI044250001,2025,1,1,1\n".encode("latin-1"), "UTF-8"),
        (b"numero_annexe,annee,mois,personnes\nACI044250001,2025,1,1\n", "heures"),
    ],
)
def test_un_fichier_agrege_faux_est_refuse(contenu, mots, tmp_path, donnees, geographie, acteur):
    chemin = tmp_path / "mois.csv"
    chemin.write_bytes(contenu)
    rapport = actions.appliquer(chemin, acteur)
    assert rapport.issue is Issue.REFUSEE
    assert mots in rapport.refus[0]
    assert not Livraison.objects.exists()


def test_un_classeur_abime_est_refuse(tmp_path, donnees, geographie, acteur):
    chemin = classeur(tmp_path / "DataON.xlsx", [ligne_bilan()])
    octets = bytearray(chemin.read_bytes())
    octets[60:400] = bytes(340)
    chemin.write_bytes(bytes(octets))
    assert actions.essayer(chemin, acteur).issue is Issue.REFUSEE
