from __future__ import annotations

import csv
from pathlib import Path

import pytest

from convenir.mesure.donnees.formats import Disposition, FormatInvalide, TypeColonne, lire_vues, vues_fluxiae

RELEVE = Path(__file__).resolve().parents[5] / "shared" / "data" / "formats"
sans_releve = pytest.mark.skipif(not RELEVE.is_dir(), reason="le relevé public ../shared/data n'est pas présent")

# Colonnes qui n'identifient personne selon l'ASP et que Convenir supprime pourtant : textes libres, adresses.
SUPPRIMEES_EN_PLUS = {
    "af_description_action",
    "contrat_acteur_creation_ent",
    "contrat_codeextensionvoie",
    "contrat_codepostalcedex",
    "contrat_denomination_ien",
    "contrat_denomination_ti",
    "contrat_siret_ti",
    "mission_descriptif",
    "salarie_codepostalcedex",
    "salarie_commune",
}


def releve(nom: str) -> list[dict[str, str]]:
    with (RELEVE / nom).open(encoding="utf-8") as fichier:
        return list(csv.DictReader(fichier))


@sans_releve
def test_every_view_and_every_column_of_the_survey_is_described():
    vues = vues_fluxiae()
    assert set(vues) == {v["vue"].removeprefix("fluxIAE_") for v in releve("fluxiae_vues.csv")}
    for ligne in releve("fluxiae_colonnes.csv"):
        assert vues[ligne["vue"].removeprefix("fluxIAE_")].colonne(ligne["colonne"]), ligne


@sans_releve
def test_every_personal_column_of_the_survey_is_dropped_or_replaced():
    vues = vues_fluxiae()
    for ligne in releve("fluxiae_colonnes.csv"):
        colonne = vues[ligne["vue"].removeprefix("fluxIAE_")].colonne(ligne["colonne"])
        assert colonne is not None
        if ligne["donnee_personnelle"] == "oui" or colonne.nom in SUPPRIMEES_EN_PLUS:
            assert colonne.disposition is not Disposition.GARDER, colonne.nom
        else:
            assert colonne.disposition is Disposition.GARDER, colonne.nom


def test_no_kept_column_of_the_employees_is_a_free_text():
    gardees = [c for c in vues_fluxiae()["Salarie"].conservees if c.disposition is Disposition.GARDER]
    assert {c.nom for c in gardees} == {
        "salarie_id",
        "salarie_rci_libelle",
        "salarie_date_modification",
        "salarie_codeinseecom",
        "salarie_code_dpt",
        "salarie_adr_qpv_type",
        "salarie_adr_is_zrr",
        "salarie_adr_zrr_classement",
    }
    assert all(c.motif for c in gardees)


def test_the_views_kept_have_a_key_and_the_references_exist():
    vues = vues_fluxiae()
    for vue in vues.values():
        assert not vue.conservee or vue.cle, vue.nom
        assert not vue.conservee or all(vue.colonne(c).obligatoire for c in vue.cle), vue.nom
        for colonne in vue.colonnes:
            if colonne.reference:
                cible, nom = colonne.reference.split(".")
                assert vues[cible].colonne(nom) is not None
    assert [v.nom for v in vues.values() if v.partition] == ["EtatMensuelIndiv"]
    assert len(vues["AnnexeFinanciere"].colonnes) == 128
    assert vues["AnnexeFinanciere"].colonne("af_nb_banques numeric").nom == "af_nb_banques"
    assert vues["EtatMensuelIndiv"].colonne("emi_nb_heures_travail").type is TypeColonne.DECIMAL


BASE = "vues:\n  V:\n    contenu: x\n    conservee: true\n"


@pytest.mark.parametrize(
    ("yaml", "message"),
    [
        ("autre: {}\n", "racine : clé inconnue : autre"),
        (BASE + "    inconnu: 1\n", "V : clé inconnue : inconnu"),
        (BASE + "    colonnes:\n      a: {tipe: texte}\n", "V.a : clé inconnue : tipe"),
        (BASE + "    colonnes:\n      a: {type: chiffre}\n", "V.a : 'chiffre'"),
        (BASE + "    colonnes:\n      a: {type: texte}\n      a: {type: date}\n", "clé répétée : a"),
        (BASE + "    colonnes:\n      a: {type: decimal}\n", "V.a : « echelle »"),
        (BASE + "    colonnes:\n      a: {type: date, echelle: 2}\n", "V.a : « echelle »"),
        (BASE + "    colonnes:\n      a: {disposition: oublier}\n", "V.a : 'oublier'"),
        (BASE + "    colonnes:\n      a: {controle: luhn}\n", "V.a : contrôle inconnu"),
        (BASE + "    colonnes:\n      a: {motif: '('}\n", "V.a : "),
        (BASE + "    cle: [b]\n    colonnes:\n      a: {}\n", "V : colonne de clé ou de partition non décrite : b"),
        (BASE + "    colonnes: [a]\n", "V : une liste de clés est attendue"),
        ("vues: [", "f.yaml : "),
        ("{}", "racine : clé absente : vues"),
        ("vues:\n  V: {contenu: x}\n", "V : clé absente : conservee"),
    ],
)
def test_a_wrong_description_is_refused_with_its_file_and_key(tmp_path, yaml, message):
    fichier = tmp_path / "f.yaml"
    fichier.write_text(yaml, encoding="utf-8")
    with pytest.raises(FormatInvalide) as erreur:
        lire_vues(fichier)
    assert str(erreur.value).startswith("f.yaml : ")
    assert message in str(erreur.value)
