"""The catalogue: what it must hold, and one bad file per fault, refused with its file and key."""

import shutil
from pathlib import Path

import pytest

from convenir.mesure.indicateurs.chargement import DOSSIER, catalogue, charger_catalogue
from convenir.mesure.indicateurs.compilateur import compiler
from convenir.mesure.indicateurs.compilateur.cellules import Annee
from convenir.mesure.indicateurs.loi import lecteur
from convenir.socle.reglementation.chargeur import ErreurYaml
from convenir.socle.reglementation.queries import charger

CODES = [
    "iae.etp.conventionnes",
    "iae.etp.realises",
    "iae.etp.taux_realisation",
    "iae.etp.ecart",
    "iae.etp.mois_saisis",
    "iae.etp.mois_manquants",
    "iae.etp.projection",
    "iae.etp.projection_basse",
    "iae.etp.projection_haute",
    "iae.aide.allouee",
    "iae.aide.utilisee",
    "iae.aide.cofinancement",
    "iae.aide.part_departement",
    "iae.publics.presents",
    "iae.publics.embauches",
    "iae.publics.presents_moyenne",
    "iae.publics.part",
    "iae.eligibilite.agrements",
    "iae.eligibilite.critere_niveau_1",
    "iae.eligibilite.criteres_niveau_2",
    "iae.eligibilite.auto_prescription",
    "iae.sorties.constatees",
    "iae.sorties.exclues",
    "iae.sorties.examinees",
    "iae.sorties.durable",
    "iae.sorties.transition",
    "iae.sorties.positive",
    "iae.sorties.autre",
    "iae.sorties.dynamique",
    "iae.sorties.motif_inconnu",
    "iae.sorties.taux_durable",
    "iae.sorties.taux_transition",
    "iae.sorties.taux_positive",
    "iae.sorties.taux_dynamique",
    "iae.sorties.motif",
    "iae.objectifs.dynamique",
    "iae.objectifs.durable",
    "iae.objectifs.transition",
    "iae.objectifs.positive",
    "iae.objectifs.sorties_prevues",
    "iae.encadrement.etp",
    "iae.encadrement.etp_pour_10_etp",
    "iae.formation.personnes",
    "iae.formation.part",
    "iae.formation.heures",
]


def test_tous_les_indicateurs_attendus():
    assert set(CODES) <= set(catalogue().indicateurs)


def test_chaque_definition_se_lit_et_cite_un_texte():
    for indicateur in catalogue().indicateurs.values():
        assert indicateur.definition.endswith("."), indicateur.code
        assert len(indicateur.texte) > 10, indicateur.code
        assert indicateur.numerateur.mots, indicateur.code


def test_chaque_parametre_nomme_existe_dans_la_reglementation(db):
    assert catalogue().parametres() <= set(charger().catalogue.parametres)


@pytest.mark.parametrize("annee", [2009, 2014, 2018, 2025])
def test_la_loi_donne_a_chaque_annee_les_regles_des_categories(db, annee):
    lus = lecteur()(annee, {})
    assert set(lus.categories) == {"ACI", "AI", "EI", "EITI", "ETTI"}
    aci, ai, eiti = (lus.categories[c] for c in ("ACI", "AI", "EITI"))
    assert (aci.duree_min_mois, aci.heures_min_annee, aci.heures_min_cumul) == (3, 1, None)
    assert (ai.duree_min_mois, ai.heures_min_annee, ai.heures_min_cumul) == (None, None, 150)
    assert (eiti.duree_min_mois, eiti.heures_min_annee, eiti.heures_min_cumul) == (None, None, None)
    assert aci.heures_etp == (1820 if annee >= 2014 else None)


def test_une_source_un_seul_arbre_et_aucun_compte_distinct():
    for source in catalogue().sources.values():
        sql = compiler(catalogue(), source, Annee(2025, 12), lambda _: True).sql()
        assert "COUNT(DISTINCT" not in sql.upper(), source.nom
        lues = [f"releve_{s}" for s in catalogue().sources if f"FROM releve_{s}" in sql]
        assert lues == [f"releve_{source.nom}"]


def test_un_indicateur_nexiste_pas_avant_sa_validite():
    sql = compiler(catalogue(), catalogue().sources["personnes"], Annee(2015, 12), lambda _: True).sql()
    assert "iae.publics.presents" in sql
    assert "iae.eligibilite.auto_prescription" not in sql  # the PASS IAE began in 2021


def modifie(tmp_path: Path, fichier: str, avant: str, apres: str) -> Path:
    dossier = tmp_path / "iae"
    shutil.copytree(DOSSIER / "iae", dossier)
    texte = (dossier / fichier).read_text(encoding="utf-8")
    assert avant in texte
    (dossier / fichier).write_text(texte.replace(avant, apres, 1), encoding="utf-8")
    return dossier


@pytest.mark.parametrize(
    ("fichier", "avant", "apres", "message"),
    [
        ("etp.yaml", "sens: hausse", "sens: monte", "« monte » n'est pas admis"),
        ("etp.yaml", "    unite:", "    inconnue: 1\n    unite:", "clé inconnue"),
        ("etp.yaml", 'expression: "heures"', 'expression: "heuress"', "colonne « heuress » absente"),
        ("etp.yaml", 'expression: "heures"', "expression: \"read_csv('/etc')\"", "n'est pas admis"),
        ("etp.yaml", 'expression: "heures"', 'expression: "heures +"', "ne se lit pas"),
        ("etp.yaml", "code: iae.etp.heures", "code: iae.etp.realises", "défini deux fois"),
        ("etp.yaml", "source: annexe_periode", "source: ailleurs", "source « ailleurs » inconnue"),
        ("etp.yaml", "debut: 2014-01-01", "debut: 2014-02-31", "n'est pas une date"),
        ("sorties.yaml", "version: 2", "version: 3", "les versions se suivent"),
        ("sorties.yaml", "ventilations: [motif_sortie]", "ventilations: [motif_absent]", "« motif_absent » inconnu"),
        ("ventilations.yaml", "    colonne: motif", "    libelle: encore", "deux fois"),
        ("bilan.yaml", "modalite: homme", "modalite: autre", "n'est pas une modalité"),
        ("bilan.yaml", "indicateur: iae.publics.presents", "indicateur: iae.inconnu", "n'est pas au catalogue"),
        ("publics.yaml", "    texte:", "    titre:", "clé inconnue"),
    ],
)
def test_un_fichier_faux_est_refuse_en_nommant_la_faute(tmp_path, fichier, avant, apres, message):
    with pytest.raises(ErreurYaml, match=message) as refus:
        charger_catalogue(modifie(tmp_path, fichier, avant, apres))
    assert fichier.removesuffix(".yaml") in str(refus.value) or "ventilations" in str(refus.value)
