"""Snapshots: frozen by hash, found again rather than made twice, read by pages in a fixed number of queries."""

import csv
import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db.models.deletion import ProtectedError

from convenir.mesure.donnees.signals import livraison_appliquee
from convenir.mesure.indicateurs import actions, queries, tasks
from convenir.mesure.indicateurs.actions import calculer, calculer_sans_base, importer_agregats
from convenir.mesure.indicateurs.calcul import COLONNES_CSV
from convenir.mesure.indicateurs.models import (
    Agregat,
    Instantane,
    NiveauAlerte,
    SituationStructure,
    ValeursTerritoire,
)
from convenir.socle.commun.erreurs import EntreeInvalide
from convenir.socle.journal.models import Entree
from convenir.socle.organisations.models import Structure


def test_meme_donnee_memes_definitions_memes_octets(entrees, tmp_path):
    premier = calculer((2024, 2025), sources=entrees, sortie=tmp_path / "a.csv")
    second = calculer((2025, 2024), sources=entrees, sortie=tmp_path / "b.csv")
    octets = (tmp_path / "a.csv").read_bytes()
    assert octets == (tmp_path / "b.csv").read_bytes()
    assert premier.pk == second.pk
    assert premier.sha256 == hashlib.sha256(octets).hexdigest()
    assert Instantane.objects.count() == 1
    assert Entree.objects.filter(acte="indicateurs.calculer").count() == 1
    assert premier.chemin_valeurs.exists()


def test_le_csv_suit_le_format_commun(entrees, tmp_path):
    calculer((2025,), sources=entrees, sortie=tmp_path / "a.csv")
    octets = (tmp_path / "a.csv").read_bytes()
    lignes = list(csv.reader(octets.decode().splitlines()))
    assert tuple(lignes[0]) == COLONNES_CSV
    assert b"\r" not in octets
    assert b'"' not in octets
    cles = [[c.encode() for c in ligne[:6]] for ligne in lignes[1:]]
    assert cles == sorted(cles)
    assert len({tuple(c) for c in cles}) == len(cles)
    assert {ligne[9] for ligne in lignes[1:]} <= {"disponible", "non_calculable", "manquant"}
    assert all((ligne[8] == "") == (ligne[9] != "disponible") for ligne in lignes[1:])
    lues = {tuple(ligne[:6]): ligne[6:] for ligne in lignes[1:]}
    assert lues["siae", "1-ACI", "iae.sorties.taux_dynamique", "", "", "2025"] == [
        "3",
        "12",
        "25.000000",
        "disponible",
    ]
    assert lues["siae", "1-ACI", "iae.sorties.examinees", "", "", "2025"] == ["12", "", "12", "disponible"]


def test_une_autre_donnee_un_autre_instantane_le_premier_reste_lisible(entrees, django_assert_num_queries):
    premier = calculer((2025,), sources=entrees)
    second = calculer((2025,), sources=replace(entrees, extraction=date(2025, 7, 1)))
    assert premier.sha256 != second.sha256
    assert queries.instantane_courant(2025) == second
    assert not ValeursTerritoire.objects.filter(instantane=premier).exists()
    # Its rows left the database; its file still gives the figures already discussed.
    assert queries.valeurs(premier, "siae", "1-ACI").get("iae.sorties.examinees", "2025").valeur == 12
    assert queries.valeurs(second, "siae", "1-ACI").get("iae.sorties.examinees", "2025").valeur == 0
    retour = calculer((2025,), sources=entrees)
    assert (retour.pk, queries.instantane_courant(2025)) == (premier.pk, premier)
    assert SituationStructure.objects.filter(instantane=premier).exists()


def test_une_annee_recalculee_seule_laisse_aux_pages_les_autres(entrees, tmp_path):
    ensemble = calculer((2024, 2025), sources=entrees, sortie=tmp_path / "a.csv")
    seule = calculer((2024,), sources=entrees, sortie=tmp_path / "b.csv")
    assert (seule.pk, queries.annees_calculees()) == (ensemble.pk, [2025, 2024])
    lignes = (tmp_path / "a.csv").read_text("utf-8").splitlines()
    de_2024 = [ligne for ligne in lignes[1:] if ligne.split(",")[5].startswith("2024")]
    assert (tmp_path / "b.csv").read_text("utf-8").splitlines() == [lignes[0], *de_2024]


@pytest.mark.parametrize("annees", [(2019,), (2019, 2025), (2099,)])
def test_une_annee_sans_donnee_est_refusee_et_ne_cache_pas_les_autres(entrees, annees):
    calculer((2025,), sources=entrees)
    with pytest.raises(EntreeInvalide, match=f"ne disent rien de {min(a for a in annees if a != 2025)}"):
        calculer(annees, sources=entrees)
    assert queries.annees_calculees() == [2025]


def test_un_instantane_conserve_garde_ses_lignes(entrees):
    premier = calculer((2025,), sources=entrees)
    Instantane.objects.update(conserve=True)
    calculer((2025,), sources=replace(entrees, extraction=date(2025, 7, 1)))
    assert ValeursTerritoire.objects.filter(instantane=premier).exists()


def test_lecture_de_plusieurs_territoires_en_une_requete(entrees, django_assert_num_queries):
    instantane = calculer((2024, 2025), sources=entrees)
    voulus = [("siae", "1-ACI"), ("siae", "2-ACI"), ("departement", "35"), ("france", "FR"), ("siae", "404-EI")]
    with django_assert_num_queries(1):
        lues = queries.valeurs_de_plusieurs([instantane], voulus)
    assert set(lues) == set(voulus)
    aci = lues["siae", "1-ACI"]
    assert aci.get("iae.sorties.taux_dynamique", "2025").texte.startswith("25,0")
    assert aci.get("iae.etp.realises", "2024").valeur == Decimal("5.538462")  # 12 × 12 × 70 / 1820
    assert len(lues["siae", "404-EI"]) == 0
    assert len(aci.serie("iae.etp.realises", annee=2025)) == 12
    assert len(aci.serie("iae.etp.realises", "-cumul", 2025)) == 9


def test_situation_et_alertes_de_chaque_structure(entrees):
    calculer((2024, 2025), sources=entrees)
    un, deux = (SituationStructure.objects.get(structure__id_asp=i, annee=2025) for i in (1, 2))
    # 12 × 8 × 70 h / 1820 = 3.69 ETP to the end of August, over 6 × 8 / 12 = 4: 92.3 %, under 95 %.
    assert (un.periode, un.sorties_examinees, un.sorties_dynamiques) == ("2025-08-cumul", 12, 3)
    assert un.taux_realisation == Decimal("92.307692")
    assert un.objectif_dynamique == 60
    assert [a["code"] for a in un.alertes] == ["realisation", "sorties", "fin_annexe"]
    assert un.niveau_alerte == NiveauAlerte.MODEREE
    # Structure 2: May to September closed and empty.
    assert [a["code"] for a in deux.alertes] == ["saisie", "fin_annexe"]
    assert (deux.niveau_alerte, deux.mois_manquants) == (NiveauAlerte.FORTE, 5)
    passee = SituationStructure.objects.get(structure__id_asp=1, annee=2024)
    assert passee.alertes == []
    assert set(queries.situations(2025)) == {un, deux}
    assert un.structure in Structure.objects.filter(situations__niveau_alerte__gte=1)


def test_baisse_des_personnes_presentes_au_departement(entrees):
    calculer((2024, 2025), sources=entrees)
    alertes = queries.alertes_du_territoire("departement", "35", 2025)
    assert [a["code"] for a in alertes] == ["presents"]
    assert "2024" in alertes[0]["fait"]
    assert queries.alertes_du_territoire("region", "53", 2025) == []


def test_perimetre_charge_et_message(entrees):
    assert queries.perimetre_charge().message == "n. d. : aucune livraison n'est chargée"
    instantane = calculer((2025,), sources=entrees)
    perimetre = queries.perimetre_charge()
    assert perimetre.couvre("departement", "35")
    assert not perimetre.couvre("region", "53")
    assert perimetre.message == "n. d. : seulement 1\u00a0département est chargé"
    region = queries.valeurs(instantane, "region", "53")
    assert region.get("iae.etp.realises", "2025").statut == "manquant"
    assert {v.ventilation for v in region} == {""}


def test_trace_dune_sortie_jusquaux_fichiers(entrees):
    instantane = calculer((2024, 2025), sources=entrees)
    trace = queries.trace(instantane, "siae", "1-ACI", "iae.sorties.taux_dynamique", "2025")
    assert [(e.libelle, e.effectif, e.ecarte) for e in trace.etapes] == [("Contrats terminés en 2025", 12, None)]
    assert [t for _, t in trace.termes] == [3, 0, 0]
    assert trace.valeur.valeur == 25
    assert [round(b, 1) for b in trace.intervalle or ()] == [Decimal("8.9"), Decimal("53.2")]
    contrats = next(f for f in trace.fichiers if f.vue == "ContratMission")
    assert (contrats.lignes_utilisees, len(contrats.sha256)) == (12, 64)
    codes = {p["code"]: p["a_confirmer"] for p in trace.parametres}
    assert codes["iae.sorties.duree_minimale_mois.ACI"] is True
    assert "iae.objectifs.dynamique" in codes


def test_trace_des_etp_et_des_personnes(entrees):
    instantane = calculer((2025,), sources=entrees)
    etp = queries.trace(instantane, "siae", "2-ACI", "iae.etp.realises", "2025-02-cumul")
    assert [(e.libelle, e.effectif) for e in etp.etapes] == [("États mensuels lus de janvier à février 2025", 2)]
    presents = queries.trace(instantane, "departement", "35", "iae.publics.presents", "2025")
    assert [(e.effectif, e.ecarte) for e in presents.etapes] == [(100, None), (13, 87)]


def test_trace_quand_les_enregistrements_ne_sont_plus_la(entrees, tmp_path):
    instantane = calculer((2025,), sources=entrees)
    (tmp_path / "entrepot" / "ContratMission.parquet").unlink()
    trace = queries.trace(instantane, "siae", "1-ACI", "iae.sorties.examinees", "2025")
    assert trace.etapes == ()
    assert "ne sont plus conservés" in trace.note
    assert trace.valeur.valeur == 12


def test_definition_a_une_date():
    avant = queries.definition("iae.sorties.taux_dynamique", date(2012, 1, 1))
    apres = queries.definition("iae.sorties.taux_dynamique", date(2025, 1, 1))
    assert (avant.version, apres.version) == (1, 2)
    assert apres.a_confirmer
    assert "iae.sorties.heures_minimales.AI" in apres.parametres
    assert len(queries.definitions(date(2025, 1, 1))) == 46
    with pytest.raises(queries.IndicateurInconnu, match=r"iae\.inconnu"):
        queries.definition("iae.inconnu", date(2025, 1, 1))


def test_libelles_des_modalites(entrees):
    instantane = calculer((2025,), sources=entrees)
    assert queries.libelle_modalite("sexe", "femme") == "Femmes"
    assert queries.libelle_modalite("categorie", "ACI") == "ACI"
    assert "inconnu" in queries.libelle_modalite("motif_sortie", "777", instantane)
    assert queries.libelle_modalite("motif_sortie", "non_renseigne", instantane) == "Motif non renseigné"
    assert "CDI" in queries.libelle_modalite("motif_sortie", "3", instantane)


def test_sans_livraison_lerreur_dit_que_faire(db):
    with pytest.raises(EntreeInvalide, match="Importez-en une"):
        calculer((2025,))


def test_le_signal_sans_livraison_ne_casse_rien(db, caplog):
    tasks.a_la_livraison(signal=livraison_appliquee, livraison_uuid="00000000-0000-0000-0000-000000000000")
    assert not Instantane.objects.exists()
    assert "Aucune livraison" in caplog.text


def test_une_livraison_appliquee_demande_un_calcul(entrees, monkeypatch):
    monkeypatch.setattr(actions, "entrees_courantes", lambda: entrees)
    assert any(recepteur() is tasks.a_la_livraison for _, recepteur, *_ in livraison_appliquee.receivers)
    tasks.a_la_livraison(signal=livraison_appliquee)
    assert queries.instantane_courant().annees == [2024, 2025]


def test_calcul_dun_dossier_sans_rien_ecrire_en_base(entrees, tmp_path):
    avant = Entree.objects.count()
    effets = calculer_sans_base((2025,), tmp_path / "entrepot", tmp_path / "sortie.csv")
    octets = (tmp_path / "sortie.csv").read_bytes()
    assert effets["sha256"] == hashlib.sha256(octets).hexdigest()
    assert (Instantane.objects.count(), Entree.objects.count()) == (0, avant)
    with pytest.raises(EntreeInvalide, match="aucun enregistrement"):
        calculer_sans_base((2025,), tmp_path / "rien", tmp_path / "s.csv")


def test_un_instantane_sur_lequel_on_lit_ne_se_supprime_pas(entrees):
    instantane = calculer((2025,), sources=entrees)
    with pytest.raises(ProtectedError):
        instantane.delete()


def test_importer_des_agregats_les_remplace_et_ils_servent_au_calcul(entrees, tmp_path):
    chemin = tmp_path / "agregats.csv"
    entete = "categorie,indicateur,annee,numerateur,denominateur,valeur\n"
    chemin.write_text(entete + ",iae.sorties.taux_dynamique,2025,5400,10000,54\nACI,iae.etp.realises,2025,,,40000\n")
    assert importer_agregats(chemin) == 2
    chemin.write_text(entete + ",iae.sorties.taux_dynamique,2025,5500,10000,55\n")
    assert importer_agregats(chemin) == 1
    assert Agregat.objects.get().valeur == 55
    for mauvais, ou in (
        ("XX,iae.etp.realises,2025,,,1\n", "ligne 2, colonne categorie"),
        (",iae.inconnu,2025,,,1\n", "ligne 2, colonne indicateur"),
        (",iae.etp.realises,an,,,1\n", "ligne 2, colonne annee"),
        (",iae.etp.realises,2025,,,douze\n", "ligne 2, colonne valeur"),
        (",iae.etp.realises,2025,,,1\n,iae.etp.realises,2025,,,2\n", "deux fois"),
    ):
        chemin.write_text(entete + mauvais)
        with pytest.raises(EntreeInvalide, match=ou):
            importer_agregats(chemin)
    assert Agregat.objects.get().valeur == 55
