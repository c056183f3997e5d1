from __future__ import annotations

import csv
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.generateur_ml import attendus_mini, ecrire_tables_ml, generer_mini_ml, tables_mini
from convenir.socle.commun.identifiants import siret_valide

EN_2025 = "an = 2025"
ENTRETIENS = "type IN ('entretien_individuel', 'atelier', 'info_collective')"
# Written apart from the generator and from the catalogue: one plain query for a family of values.
REQUETES = {
    "ACT01": f"SELECT ml_id, count(DISTINCT jeune_id) FROM evt WHERE {EN_2025} GROUP BY ALL",
    "ACT02": f"SELECT ml_id, count(DISTINCT jeune_id) FROM evt WHERE {EN_2025} AND {ENTRETIENS} GROUP BY ALL",
    "ACT06": f"SELECT ml_id, count(*) FROM evt WHERE {EN_2025} AND type = 'entretien_individuel' GROUP BY ALL",
    "ACT02a": f"""SELECT ml_id, count(*) FROM (
        SELECT ml_id, jeune_id, min(jour) j FROM evt
        WHERE {ENTRETIENS} GROUP BY ALL) WHERE year(j) = 2025 GROUP BY ALL""",
    "RES01": """SELECT ml_id, count(DISTINCT jeune_id) FROM situation WHERE year(date_debut) = 2025
        AND categorie IN ('EMPLOI', 'ALTERNANCE', 'FORMATION') GROUP BY ALL""",
    "RES02": """SELECT ml_id, count(*) FROM situation WHERE year(date_debut) = 2025
        AND categorie IN ('EMPLOI', 'ALTERNANCE', 'FORMATION') GROUP BY ALL""",
    "ENT01": "SELECT ml_id, count(*) FROM mise_en_relation GROUP BY ALL",
    "ENT07": "SELECT ml_id, count(*) FROM periode_entreprise WHERE NOT annulee GROUP BY ALL",
    "MOY03": "SELECT ml_id, sum(montant) FROM icare_budget WHERE annee = 2025 AND nature = 'prevu' GROUP BY ALL",
    "MOY01a": """SELECT ml_id, sum(etp) FROM icare_rh
        WHERE annee = 2025 AND filiere = 'insertion_sociale_professionnelle' GROUP BY ALL""",
    "AX45": "SELECT ml_id, sum(etp) FROM icare_rh WHERE annee = 2025 AND axe IN (4, 5) GROUP BY ALL",
}


@pytest.fixture
def base(tmp_path):
    generer_mini_ml(tmp_path, forme="parquet")
    connexion = duckdb.connect()
    for table in tables_missions_locales():
        connexion.execute(f"CREATE VIEW {table} AS SELECT * FROM '{tmp_path / table}.parquet'")
    connexion.execute(
        """CREATE VIEW evt AS SELECT a.*, date_evt AS jour, year(date_evt) AS an, naissance_mois
           FROM actualite a JOIN jeune USING (jeune_id, ml_id)"""
    )
    return connexion


@pytest.mark.parametrize("code", REQUETES)
def test_values_counted_by_hand_are_found_by_a_plain_query(base, code):
    trouves = {ml: Decimal(str(valeur)) for ml, valeur in base.execute(REQUETES[code]).fetchall()}
    attendus = {a.code: a.numerateur for a in attendus_mini() if (a.niveau, a.indicateur) == ("ml", code)}
    assert attendus == {ml: v for ml, v in trouves.items() if ml in attendus}
    assert attendus


def test_durations_and_exits_counted_by_hand(base):
    lignes = base.execute(
        """SELECT ml_id, replace(dispositif, '_RENF', ''), sum(date_sortie - date_entree), count(*) FROM parcours
           WHERE year(date_sortie) = 2025 AND dispositif NOT LIKE 'AUTRE%' GROUP BY ALL"""
    ).fetchall()
    attendus = {
        (a.code, a.dispositif, int(a.numerateur), int(a.denominateur or 0))
        for a in attendus_mini()
        if a.indicateur == "RES04"
    }
    assert {tuple(x) for x in lignes} == attendus


def test_parents_are_never_below_what_they_hold():
    valeurs = {(a.niveau, a.code, a.indicateur, a.dispositif): a.numerateur for a in attendus_mini()}
    assert len(valeurs) == len(attendus_mini()), "une valeur attendue est écrite deux fois"
    dont = [
        (cle, (*cle[:2], cle[2].rstrip("0123456789")[:-1] or cle[2], cle[3])) for cle in valeurs if cle[2][-1] in "abc"
    ]
    compares = [(valeurs[fille], valeurs[mere]) for fille, mere in dont if mere in valeurs]
    assert len(compares) > 10
    assert all(fille <= mere for fille, mere in compares)


def test_csv_and_parquet_say_the_same(tmp_path):
    for table, chemin in generer_mini_ml(tmp_path / "c").items():
        with chemin.open(encoding="utf-8") as fichier:
            lignes = list(csv.DictReader(fichier))
        assert len(lignes) == len(tables_mini().get(table, []))
        assert list(lignes[0]) == [c.nom for c in tables_missions_locales()[table].colonnes]
    parquet = generer_mini_ml(tmp_path / "p", forme="parquet")
    assert pq.read_table(parquet["actualite"])["actualite_id"].to_pylist() == [f"A{n:02d}" for n in range(1, 21)]
    assert "conseiller_id" not in pq.read_schema(parquet["actualite"]).names


def test_rows_are_added_and_tables_left_out_on_demand(tmp_path):
    chemins = generer_mini_ml(tmp_path, en_plus={"parrain": [{"parrain_id": "R2", "ml_id": "ML08501"}]}, sans=["site"])
    assert "site" not in chemins
    assert not (tmp_path / "site.csv").exists()
    assert chemins["parrain"].read_text(encoding="utf-8").splitlines()[-1] == "R2,ML08501,,"
    tables_mini()["parrain"].clear()
    assert tables_mini()["parrain"], "les lignes rendues appartiennent à l'appelant"


def test_a_wrong_value_can_be_written_as_csv_but_not_as_parquet(tmp_path):
    fausse = {"jeune": [{"jeune_id": "J9", "ml_id": "ML04401", "naissance_mois": "31/02/2005"}]}
    chemins = ecrire_tables_ml(tmp_path / "c", fausse)
    assert "31/02/2005" in chemins["jeune"].read_text(encoding="utf-8")
    assert chemins["site"].read_text(encoding="utf-8") == "site_id,ml_id,commune_code,type\n"
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        ecrire_tables_ml(tmp_path / "p", fausse, forme="parquet")


@pytest.mark.parametrize("tables", [{"inconnue": []}, {"jeune": [{"nir": "1"}]}])
def test_an_unknown_table_or_column_is_refused(tmp_path, tables):
    with pytest.raises(KeyError, match="inconnues"):
        ecrire_tables_ml(tmp_path, tables)


def test_the_sirets_of_the_tiny_world_are_valid():
    assert all(siret_valide(e["siret"]) for e in tables_mini()["entreprise"])
