"""Les données du droit sont cohérentes entre elles, et avec les fichiers publics de référence quand ils sont là."""

from __future__ import annotations

import csv
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from convenir.socle.reglementation.catalogue import catalogue
from convenir.socle.reglementation.droit import Reglementation

DROIT = Reglementation(catalogue())
REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "data" / "ref"
sans_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason="les fichiers publics de référence sont absents")


def lignes(nom: str) -> list[dict[str, str]]:
    with (REFERENCE / nom).open(encoding="utf-8") as fichier:
        return list(csv.DictReader(fichier))


@sans_reference
def test_les_montants_sont_ceux_du_fichier_public() -> None:
    comparees = 0
    for ligne in lignes("aide_au_poste_montants.csv"):
        if ligne["territoire"].startswith("observé"):
            continue
        territoire = "976" if ligne["territoire"] == "Mayotte" else None
        jour = date.fromisoformat(ligne["date_effet"])
        montant = Decimal(ligne["montant_socle_annuel_par_etp_eur"])
        assert DROIT.nombre(f"iae.socle.{ligne['type_siae']}", jour, territoire=territoire) == montant, ligne
        comparees += 1
    assert comparees >= 20


@sans_reference
def test_les_motifs_et_leur_categorie_sont_ceux_du_fichier_public() -> None:
    categories = {
        "Emploi durable": "durable", "Emploi de transition": "transition", "Sorties positives": "positive",
        "Autres sorties": "autre", "Retrait des sorties constatées": "retrait", "": "inconnu",
    }  # fmt: skip
    codes = set()
    for ligne in lignes("motifs_sortie.csv"):
        if ligne["rms_code"]:
            lue = DROIT.valeur(f"iae.sorties.motif.{ligne['rms_code']}", date(2025, 6, 1))
            assert lue.valeur == categories[ligne["categorie"]], ligne
            assert lue.a_confirmer == (ligne["confiance_categorie"] != "sûre"), ligne
            codes.add(f"iae.sorties.motif.{ligne['rms_code']}")
    assert codes == {c for c in catalogue().parametres if c.startswith("iae.sorties.motif.")}


@sans_reference
@pytest.mark.parametrize(
    ("fichier", "colonne", "liste"),
    [
        ("mesures_asp.csv", "Rme_code_mesure_disp", "mesures-asp"),
        ("etats_annexe_financiere.csv", "code", "etats-annexe"),
        ("criteres_eligibilite_iae.csv", "code", "criteres-eligibilite"),
    ],
)
def test_les_listes_couvrent_les_fichiers_publics(fichier: str, colonne: str, liste: str) -> None:
    assert {ligne[colonne] for ligne in lignes(fichier)} <= {e.code for e in catalogue().referentiels[liste].elements}


@pytest.mark.parametrize("categorie", ["EI", "ACI"])
def test_le_milieu_penitentiaire_valait_soixante_pour_cent_du_socle(categorie: str) -> None:
    verifies = 0
    for segment in DROIT.chronique(f"iae.socle.penitentiaire.{categorie}"):
        jour = segment.valeur.debut
        if segment.valeur.reconduit or jour >= date(2022, 1, 1):
            continue
        socle = DROIT.nombre(f"iae.socle.{categorie}", jour)
        attendu = (socle * Decimal("0.60")).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        assert segment.valeur.nombre == attendu
        verifies += 1
    assert verifies == 5


def test_mayotte_vaut_environ_trois_quarts_du_socle() -> None:
    for categorie in ("EI", "ETTI", "AI", "ACI"):
        for segment in DROIT.chronique(f"iae.socle.mayotte.{categorie}"):
            if not segment.valeur.reconduit:
                rapport = segment.valeur.nombre / DROIT.nombre(f"iae.socle.{categorie}", segment.valeur.debut)
                assert Decimal("0.753") < rapport < Decimal("0.757")


def test_chaque_valeur_a_un_texte_une_source_et_une_date_de_verification() -> None:
    textes = catalogue().textes
    for parametre in catalogue().parametres.values():
        for valeur in parametre.valeurs:
            assert valeur.texte in textes
            assert valeur.source
            assert valeur.verifie_le <= timezone.localdate()
            assert not valeur.a_confirmer or valeur.pourquoi


def test_une_regle_par_defaut_est_toujours_a_confirmer() -> None:
    par_defaut = [v for p in catalogue().parametres.values() for v in p.valeurs if v.texte == "regle-par-defaut"]
    assert len(par_defaut) > 10
    assert all(v.a_confirmer for v in par_defaut)


def test_un_texte_remplace_cesse_avant_que_le_suivant_s_applique() -> None:
    textes = catalogue().textes
    for texte in textes.values():
        for code in texte.remplace:
            ancien = textes[code]
            assert ancien.dernier_jour is not None
            assert texte.applicable_du is not None
            assert ancien.dernier_jour < texte.applicable_du


def test_un_arrete_de_montants_s_applique_quand_ses_valeurs_commencent() -> None:
    for parametre in catalogue().parametres.values():
        for valeur in parametre.valeurs:
            texte = catalogue().textes[valeur.texte]
            if texte.nature == "arrete" and texte.applicable_du:
                assert texte.applicable_du <= valeur.debut, (parametre.code, valeur.debut)


def test_chaque_famille_a_sa_page_et_chaque_groupe_son_nom() -> None:
    for famille in catalogue().familles.values():
        assert catalogue().de_la_famille(famille.code)
        assert famille.chapo.endswith(".")


def test_les_codes_attendus_par_les_calculs_existent() -> None:
    jour = date(2025, 6, 30)
    categories = ("EI", "ETTI", "AI", "ACI")
    codes = [f"iae.{genre}.{c}" for c in categories for genre in ("socle", "heures_etp", "socle.mayotte")]
    codes += [f"iae.sorties.heures_minimales.{c}" for c in categories]
    codes += ["iae.sorties.duree_minimale_mois.EI", "iae.sorties.duree_minimale_mois.ACI", "iae.heures_etp.EITI"]
    codes += [
        "iae.socle.penitentiaire.EI",
        "iae.socle.penitentiaire.ACI",
        "iae.socle.accompagnement.ACI",
        "iae.eiti.mensuel",
        "iae.contrat_passerelle",
        "iae.modulation.part_maximale",
        "iae.modulation.part_penitentiaire",
        "iae.objectifs.durable",
        "iae.objectifs.dynamique",
        "iae.objectifs.delai_ans",
        "iae.sorties.six_mois_exactement",
        "iae.sorties.seuil_effectif_taux",
        "iae.sorties.seuil_lecture_triennale",
        "iae.alertes.seuil_realisation",
        "iae.alertes.mois_sans_saisie",
        "iae.alertes.ecart_sorties_points",
        "iae.alertes.sorties_minimum",
        "iae.alertes.jours_fin_annexe",
        "iae.alertes.forte_points",
        "iae.alertes.forte_jours",
        "iae.projection.niveau_confiance",
        "iae.projection.mois_minimum",
        "iae.import.seuil_disparition",
        "secret.seuil",
        "secret.largeur",
        "secret.restes",
        "iae.correction.duree_mois",
        "iae.continuite.date_limite",
        "iae.continuite.reprise",
    ]
    assert all(DROIT.valeur(code, jour) for code in codes)
    assert DROIT.nombre("iae.eiti.plafond", date(2024, 12, 31)) == 6570
    assert DROIT.valeur_ou_rien("iae.eiti.plafond", jour) is None
