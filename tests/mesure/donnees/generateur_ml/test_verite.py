"""The totals of `verite.csv` are found again by plain SQL over the files, at every level."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

ENTRETIENS = "type IN ('entretien_individuel', 'atelier', 'info_collective')"
EMPLOI = "categorie IN ('EMPLOI', 'ALTERNANCE')"
PLUS_DE_SIX_MOIS = "date_fin_prevue > date_debut + INTERVAL 6 MONTH"
DURABLE = f"(categorie = 'ALTERNANCE' OR contrat = 'CDI' OR (contrat = 'CDD' AND {PLUS_DE_SIX_MOIS}))"
ENTREE = "(dispositif <> 'COTRAITANCE' OR financable) AND (dispositif NOT LIKE 'AUTRE%' OR type_appui IS NOT NULL)"
JEUNES, LIGNES = "count(DISTINCT x.jeune_id)", "count(*)"
INDICATEURS = {
    "ACT01": ("actualite", "date_evt", "true", JEUNES),
    "ACT02": ("actualite", "date_evt", ENTRETIENS, JEUNES),
    "ACT06": ("actualite", "date_evt", "type = 'entretien_individuel'", LIGNES),
    "ACT05": ("parcours", "date_entree", ENTREE, JEUNES),
    "ACT08": ("proposition", "date_prop", "domaine = 'professionnel'", JEUNES),
    "ACT09": ("proposition", "date_prop", "domaine = 'social'", JEUNES),
    "ACT10": ("proposition", "date_prop", "domaine = 'vie_sociale'", JEUNES),
    "ENT01": ("mise_en_relation", "date_mer", "true", LIGNES),
    "ENT02": ("mise_en_relation", "date_mer", "true", JEUNES),
    "ENT07": ("periode_entreprise", "date_debut", "NOT annulee", LIGNES),
    "RES01": ("situation", "date_debut", f"({EMPLOI} OR categorie = 'FORMATION')", JEUNES),
    "RES01b1": ("situation", "date_debut", f"{EMPLOI} AND {DURABLE}", JEUNES),
    "RES02a": ("situation", "date_debut", "categorie = 'FORMATION'", LIGNES),
}
NIVEAUX = {"ml": "s.ml_id", "departement": "s.dept_code", "region": "s.region_code", "france": "'FR'"}


def lire(dossier: Path) -> dict[tuple[str, ...], int]:
    with (dossier / "verite.csv").open(encoding="utf-8") as fichier:
        return {tuple(ligne.values())[:-1]: int(ligne["valeur"]) for ligne in csv.DictReader(fichier)}


def verifier(monde, annee: int, indicateurs: dict) -> int:
    """Compare every total of a year; returns how many were found."""
    verite, trouves = lire(monde.dossier), 0
    for code, (table, jour, filtre, compte) in indicateurs.items():
        for niveau, territoire in NIVEAUX.items():
            sql = (
                f"SELECT {territoire}, {compte} FROM {table} x JOIN structure s USING (ml_id) "
                f"WHERE year({jour}) = {annee} AND {filtre} GROUP BY ALL"
            )
            for lieu, valeur in monde.lignes(sql):
                assert verite[niveau, lieu, code, "", "", str(annee)] == valeur, (code, niveau, lieu)
                trouves += 1
    return trouves


def test_every_total_of_a_sound_region_is_found_again(region):
    assert verifier(region, 2025, INDICATEURS) >= 13 * (26 + 5 + 1)


def test_first_interviews_are_found_again(region):
    verite = lire(region.dossier)
    sql = f"""SELECT ml_id, count(*) FROM (
              SELECT ml_id, jeune_id, min(date_evt) premier FROM actualite WHERE {ENTRETIENS}
              GROUP BY ALL) WHERE year(premier) = 2025 GROUP BY ALL"""
    lignes = region.lignes(sql)
    assert len(lignes) == 26
    for ml, valeur in lignes:
        assert verite["ml", ml, "ACT02a", "", "", "2025"] == valeur


@pytest.mark.parametrize("dispositif", ["PACEA", "CEJ"])
@pytest.mark.parametrize(
    ("code", "filtre"),
    [
        ("RES03", "true"),
        ("RES03b", EMPLOI),
        ("RES03b4", f"{EMPLOI} AND {DURABLE}"),
        ("RES03c", "categorie = 'FORMATION'"),
    ],
)
def test_exits_by_programme_are_found_again(region, dispositif, code, filtre):
    verite = lire(region.dossier)
    lignes = region.lignes(
        f"""SELECT p.ml_id, count(DISTINCT p.jeune_id) FROM parcours p LEFT JOIN situation s
            ON s.situation_id = p.situation_sortie_id WHERE year(date_sortie) = 2025 AND dispositif = '{dispositif}'
            AND {filtre} GROUP BY ALL"""
    )
    assert lignes
    for ml, valeur in lignes:
        assert verite["ml", ml, code, "dispositif", dispositif, "2025"] == valeur


def test_each_of_three_years_is_found_again_once_faults_are_set_aside(trois_ans):
    """Rows to quarantine leave, identical rows count once: the totals are those of the sound world."""
    fautes = json.loads((trois_ans.dossier / "fautes.json").read_text(encoding="utf-8"))["lignes"]
    ecartees = {(f["table"], f["cle"]) for f in fautes if f["issue"] == "quarantaine"}
    cles = {"actualite": "actualite_id", "proposition": "proposition_id", "parcours": "parcours_id",
            "situation": "situation_id", "mise_en_relation": "mer_id", "periode_entreprise": "periode_id"}  # fmt: skip
    monde = trois_ans.sans(ecartees, cles)
    for annee in (2010, 2011, 2012):
        assert verifier(monde, annee, INDICATEURS) > 200
    civis = monde.lignes(
        """SELECT ml_id, count(*) FROM parcours
           WHERE dispositif IN ('CIVIS', 'CIVIS_RENF') AND year(date_entree) = 2011
           GROUP BY ALL"""
    )
    verite = lire(trois_ans.dossier)
    assert all(verite["ml", ml, "ACT03", "dispositif", "CIVIS", "2011"] == valeur for ml, valeur in civis)


def test_a_person_known_in_several_departements_counts_once_above_them(region):
    verite = lire(region.dossier)
    departements = sum(v for (niveau, _, code, *_), v in verite.items() if (niveau, code) == ("departement", "ACT01"))
    entiere = verite["region", "52", "ACT01", "", "", "2025"]
    assert 0 < departements - entiere < entiere / 50
    assert entiere == verite["france", "FR", "ACT01", "", "", "2025"]
