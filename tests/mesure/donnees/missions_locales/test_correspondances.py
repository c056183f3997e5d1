"""Exports whose headers and codes are not those of the format."""

from __future__ import annotations

import csv

import pyarrow as pa
import pytest

from convenir.mesure.donnees.actions import correspondances as actes
from convenir.mesure.donnees.correspondances import AUCUNE, lire_correspondance, lire_yaml
from convenir.mesure.donnees.correspondances.rapprochement import proposer, table_probable
from convenir.mesure.donnees.correspondances.traduction import traduire
from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.models import Livraison, Source
from convenir.mesure.donnees.rapport import Issue
from convenir.socle.commun.erreurs import EntreeInvalide
from tests.mesure.donnees.outils import lire_sql

VUES = tables_missions_locales()
YAML = """
nom: Export de la mission locale
tables:
  jeune:
    fichier: dossiers*.csv
    colonnes:
      jeune_id: N° dossier
      sexe: {colonne: Civilité, valeurs: {Madame: F, Monsieur: H}}
      naissance_mois: {colonne: "Né(e) le", date: JJ-MM-AA}
      rqth: {colonne: TH, vrai: ["X"], faux: ["-"]}
"""


def colonne(table: str, nom: str):
    return VUES[table].par_nom[nom]


def test_une_correspondance_se_relit_telle_quelle():
    lue = lire_yaml(YAML)
    assert lire_yaml(lue.en_yaml()) == lue
    assert lire_correspondance(lue.en_donnees()) == lue


@pytest.mark.parametrize(
    ("texte", "mots"),
    [
        ("tables: {jeunes: {}}", "table inconnue « jeunes »"),
        ("tables: {jeune: {colonnes: {prenom: Prénom}}}", "colonne inconnue « prenom »"),
        ("tables: {jeune: {colonnes: {sexe: {colonne: C, valeurs: {M: homme}}}}}", "« homme » n'est pas un code"),
        ("tables: {jeune: {colonnes: {naissance_mois: {colonne: N, date: MM/AAAA}}}}", "n'est pas une forme de date"),
        ("tables: {jeune: {colonnes: {sexe: {colonne: C, date: JJ/MM/AAAA}}}}", "ne va qu'avec une date"),
        ("tables: {jeune: {colonnes: {sexe: {colonne: C, vrai: [O]}}}}", "colonne oui ou non"),
        ("tables: {jeune: {colonnes: {ml_id: {colonne: C, constante: X}}}}", "pas les deux"),
        ("tables: {jeune: {colonnes: {ml_id: 12}}}", "entre guillemets"),
        ("tables: [", "ne se lit pas comme du YAML"),
        ("table: {}", "clé inconnue « table »"),
    ],
)
def test_une_correspondance_fautive_dit_ou_et_pourquoi(texte, mots):
    with pytest.raises(EntreeInvalide, match=mots.replace("(", r"\(")):
        lire_yaml(texte)


def test_les_codes_les_dates_et_les_oui_se_traduisent_et_le_reste_est_laisse():
    choix = lire_yaml(YAML).table("jeune").colonnes
    lus = traduire(colonne("jeune", "sexe"), choix["sexe"], pa.array(["Madame", " Monsieur ", "Autre", None]))
    assert lus.to_pylist() == ["F", "H", "Autre", None]
    dates = traduire(
        colonne("jeune", "naissance_mois"), choix["naissance_mois"], pa.array(["31-02-04", "1-9-98", "?"])
    )
    assert dates.to_pylist() == ["2004-02-31", "1998-09-01", "?"]
    oui = traduire(colonne("jeune", "rqth"), choix["rqth"], pa.array(["X", "-", "peut-être"]))
    assert oui.to_pylist() == ["true", "false", "peut-être"]


def test_les_en_tetes_proches_sont_proposes():
    proposes = proposer(VUES["jeune"], ["N° dossier", "Code structure", "Civilité", "Date de naissance", "Prénom"])
    assert proposes == {
        "jeune_id": "N° dossier", "ml_id": "Code structure", "sexe": "Civilité", "naissance_mois": "Date de naissance",
    }  # fmt: skip
    entetes = ["Id actualité", "N° dossier", "Code structure", "Date actualité", "Type d'actualité"]
    assert table_probable("export_042.csv", entetes) == "actualite"
    assert table_probable("notes.csv", ["a", "b"]) == ""


def renommer(petit) -> None:
    """Turn the table of youths into an export with its own headers and codes."""
    with (petit / "jeune.csv").open(newline="") as fichier:
        lignes = list(csv.DictReader(fichier))
    with (petit / "dossiers_2025.csv").open("w", newline="") as fichier:
        ecrivain = csv.writer(fichier, delimiter=";")
        ecrivain.writerow(["N° dossier", "ml_id", "Civilité", "Né(e) le", "TH", "Prénom"])
        for x in lignes:
            annee, mois, jour = x["naissance_mois"].split("-")
            civilite = {"F": "Madame", "H": "Monsieur"}[x["sexe"]]
            ecrivain.writerow(
                [x["jeune_id"], x["ml_id"], civilite, f"{jour}-{mois}-{annee[2:]}",
                 "X" if x["rqth"] == "true" else "-", "Prénom fictif"]
            )  # fmt: skip
    (petit / "jeune.csv").unlink()


@pytest.mark.django_db
def test_un_export_etranger_se_lit_par_sa_correspondance(petit, importer):
    renommer(petit)
    assert importer(petit).issue is Issue.REFUSEE
    rapport = importer(petit, correspondance=lire_yaml(YAML))
    assert rapport.issue is Issue.APPLIQUEE
    assert rapport.quarantaine == 0
    dossier = Livraison.objects.get().dossier
    lus = lire_sql(
        "SELECT sexe, CAST(naissance_mois AS VARCHAR), rqth, count(*) FROM read_parquet"
        f"('{dossier}/jeune/enregistrements/*.parquet') WHERE naissance_mois = DATE '2004-01-01' GROUP BY ALL"
    )
    assert lus == [("F", "2004-01-01", False, 1)]
    assert "Prénom fictif" not in str(lire_sql(f"SELECT * FROM read_parquet('{dossier}/jeune/conserve.parquet')"))


@pytest.mark.django_db
def test_la_meme_livraison_relue_autrement_nest_pas_la_meme(petit, importer):
    importer(petit)
    autre = lire_yaml("tables: {jeune: {colonnes: {sexe: {valeurs: {F: H}}}}}")
    assert importer(petit, correspondance=autre).issue is Issue.APPLIQUEE


def test_lapercu_ne_montre_que_la_forme_de_ce_qui_peut_nommer(petit):
    renommer(petit)
    tetes = actes.lire_tetes(petit, AUCUNE)
    dossiers = tetes["dossiers_2025.csv"]
    assert dossiers["devinee"] == "jeune"
    apercus = {c["nom"]: c["apercu"] for c in dossiers["colonnes"]}
    assert apercus["Prénom"] == ["Xxxxxx xxxxxx"]
    assert apercus["Né(e) le"] == ["99-99-99"]
    assert Source.MISSIONS_LOCALES == "ml"
