from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from convenir.mesure.donnees.formats import tables_missions_locales
from convenir.mesure.donnees.formats.arrow import schema_arrow
from convenir.mesure.donnees.generateur_ml import generer_ml
from convenir.mesure.donnees.generateur_ml.fautes import PLANS
from convenir.restitution.commandes.principal import main
from convenir.socle.commun.erreurs import EntreeInvalide

PETIT = {"annee": 2025, "region": "94", "echelle": 0.05}


def empreintes(dossier: Path) -> dict[str, str]:
    return {f.name: sha256(f.read_bytes()).hexdigest() for f in sorted(dossier.iterdir())}


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path):
    for nom, graine in (("a", 1), ("b", 1), ("c", 2)):
        generer_ml(tmp_path / nom, graine=graine, **PETIT)
    assert empreintes(tmp_path / "a") == empreintes(tmp_path / "b")
    assert empreintes(tmp_path / "a")["jeune.parquet"] != empreintes(tmp_path / "c")["jeune.parquet"]
    assert len(empreintes(tmp_path / "a")) == len(tables_missions_locales()) + 3


def test_a_departement_is_the_same_whatever_else_is_asked(tmp_path):
    """Seed and scale alike, the events of a région are found among those of the country."""
    generer_ml(tmp_path, annee=2025, france=True, graine=3, echelle=0.002, erreurs=0.0)
    generer_ml(tmp_path / "52", annee=2025, region="52", graine=3, echelle=0.002, erreurs=0.0)
    seule = pq.read_table(tmp_path / "52" / "actualite.parquet")
    missions = seule["ml_id"].unique().to_pylist()
    assert pq.read_table(tmp_path / "actualite.parquet", filters=[("ml_id", "in", missions)]).equals(seule)
    assert pq.read_metadata(tmp_path / "structure.parquet").num_rows == 440


@pytest.mark.parametrize("table", tables_missions_locales())
def test_every_table_has_the_published_types_and_codes(region, table):
    vue = tables_missions_locales()[table]
    chemin = region.dossier / f"{table}.parquet"
    assert pq.read_schema(chemin).remove_metadata() == schema_arrow(vue)
    assert region.resume.lignes[table] == pq.read_metadata(chemin).num_rows > 0
    for colonne in vue.conservees:
        if colonne.obligatoire:
            assert region.valeur(f"SELECT count(*) FROM {table} WHERE {colonne.nom} IS NULL") == 0, colonne.nom
        if colonne.valeurs:
            vues = {v for (v,) in region.lignes(f"SELECT DISTINCT {colonne.nom} FROM {table}") if v is not None}
            assert vues <= set(colonne.valeurs), colonne.nom
        if colonne.motif:
            hors = f"SELECT count(*) FROM {table} WHERE NOT regexp_full_match({colonne.nom}, '{colonne.motif}')"
            assert region.valeur(hors) == 0, colonne.nom
    cle = ", ".join(vue.cle)
    assert region.lignes(f"SELECT {cle} FROM {table} GROUP BY ALL HAVING count(*) > 1") == []


@pytest.mark.parametrize("table", [t for t, v in tables_missions_locales().items() if v.cles_etrangeres])
def test_every_reference_of_a_sound_world_is_kept(region, table):
    for cible, paires in tables_missions_locales()[table].cles_etrangeres.items():
        jointure = " AND ".join(f"x.{a} = y.{b}" for a, b in paires.items())
        present = " AND ".join(f"x.{a} IS NOT NULL" for a in paires)
        assert region.valeur(f"SELECT count(*) FROM {table} x ANTI JOIN {cible} y ON {jointure} WHERE {present}") == 0


def test_nothing_happens_before_sixteen_nor_from_twenty_six(region):
    ages = """SELECT min(date_sub('month', naissance_mois, jour)), max(date_sub('month', naissance_mois, jour)) FROM (
        SELECT jeune_id, ml_id, date_evt AS jour FROM actualite UNION ALL
        SELECT jeune_id, ml_id, unnest([date_entree, date_sortie]) FROM parcours UNION ALL
        SELECT jeune_id, ml_id, date_debut FROM situation UNION ALL
        SELECT jeune_id, ml_id, date_mer FROM mise_en_relation UNION ALL
        SELECT jeune_id, ml_id, date_debut FROM periode_entreprise) JOIN jeune USING (jeune_id, ml_id)
        WHERE jour IS NOT NULL"""
    plus_jeune, plus_age = region.lignes(ages)[0]
    assert plus_jeune >= 16 * 12
    assert plus_age < 26 * 12


def test_dates_of_a_sound_world_follow_one_another(region):
    assert region.valeur("SELECT count(*) FROM parcours WHERE date_sortie < date_entree") == 0
    assert (
        region.valeur("SELECT count(*) FROM situation WHERE date_fin < date_debut OR date_fin_prevue < date_debut")
        == 0
    )
    assert (
        region.valeur(
            "SELECT count(*) FROM actualite JOIN jeune USING (jeune_id, ml_id) WHERE date_evt < date_creation"
        )
        == 0
    )
    assert (
        region.valeur("SELECT count(*) FROM actualite WHERE date_saisie < date_evt OR date_evt > DATE '2025-12-31'")
        == 0
    )
    suite = """SELECT count(*) FROM (SELECT coalesce(date_fin, DATE '2999-01-01') fin,
        lead(date_debut) OVER (PARTITION BY jeune_id, ml_id ORDER BY date_debut) suivante FROM situation)
        WHERE fin >= suivante"""
    assert region.valeur(suite) == 0


def test_no_contract_is_near_three_or_six_months(region):
    pres = """SELECT count(*) FROM situation
        WHERE date_fin_prevue BETWEEN date_debut + INTERVAL {0} MONTH - INTERVAL 5 DAY
        AND date_debut + INTERVAL {0} MONTH + INTERVAL 5 DAY AND categorie IN ('EMPLOI', 'ALTERNANCE')"""
    assert [region.valeur(pres.format(mois)) for mois in (3, 6)] == [0, 0]


def test_the_module_entreprise_unused_leaves_no_contact_and_no_collected_offer(region):
    sans = "WHERE ml_id IN (SELECT ml_id FROM structure WHERE NOT module_entreprise)"
    assert region.valeur("SELECT count(*) FROM structure WHERE NOT module_entreprise") > 0
    assert region.valeur(f"SELECT count(*) FROM contact_entreprise {sans}") == 0
    assert region.valeur(f"SELECT count(collectee_par_ml) FROM offre {sans}") == 0
    assert region.valeur(f"SELECT count(*) FROM offre {sans}") > 0
    assert region.valeur(f"SELECT count(entreprise_id) FROM periode_entreprise {sans}") == 0


def test_the_national_margins_are_met(tmp_path):
    """At a fiftieth of the country; tolerance 6 %, wider where the margin is only an order of magnitude."""
    generer_ml(tmp_path, annee=2015, france=True, graine=2, echelle=0.02, erreurs=0.0)
    with (tmp_path / "verite.csv").open(encoding="utf-8") as fichier:
        france = {
            (x["indicateur"], x["modalite"]): int(x["valeur"]) * 50
            for x in csv.DictReader(fichier)
            if x["niveau"] == "france"
        }
    for code, attendu, ecart in (
        ("ACT01", 1_404_000, 0.06), ("ACT02", 1_206_000, 0.06), ("ACT02a", 462_000, 0.06), ("ACT06", 4_507_000, 0.06),
    ):  # fmt: skip
        assert france[code, ""] == pytest.approx(attendu, rel=ecart), code
    assert 120_000 < france["ACT03", "CIVIS"] < 260_000
    jeune = pq.read_table(tmp_path / "jeune.parquet", columns=["sexe"])
    femmes = Counter(jeune["sexe"].to_pylist())["F"] / len(jeune)
    assert femmes == pytest.approx(0.49, abs=0.02)
    budget = pq.read_table(tmp_path / "icare_budget.parquet").to_pylist()
    total = sum(b["montant"] for b in budget if b["annee"] == 2015 and b["nature"] == "prevu")
    etat = sum(
        b["montant"] for b in budget if b["annee"] == 2015 and b["nature"] == "prevu" and b["financeur"] == "etat"
    )
    assert float(total) == pytest.approx(640_400_000, rel=0.05)
    assert float(etat / total) == pytest.approx(0.46, abs=0.01)


def test_planted_effects_show_in_the_figures(region):
    with (region.dossier / "effets.csv").open(encoding="utf-8") as fichier:
        effets = {ligne["effet"]: ligne["ml_id"] for ligne in csv.DictReader(fichier)}
    assert len(effets) == 8
    part = "SELECT avg(({})::INT) FROM {} WHERE {} ml_id {} '{}'"

    def ecart(effet: str, condition: str, table: str, filtre: str = "") -> float:
        ici, ailleurs = (region.valeur(part.format(condition, table, filtre, s, effets[effet])) for s in ("=", "<>"))
        return ici - ailleurs

    assert ecart("peu_de_social", "domaine = 'social'", "proposition") < -0.1
    assert ecart("niveau_absent", "niveau IS NULL", "jeune_etat") > 0.2
    assert ecart("saisie_tardive", "date_saisie > date_evt + INTERVAL 31 DAY", "actualite") > 0.2
    assert ecart("sorties_inconnues", "situation_sortie_id IS NULL", "parcours", "date_sortie IS NOT NULL AND") > 0.25
    assert ecart("menage", "date_sortie = DATE '2025-12-15'", "parcours", "date_sortie IS NOT NULL AND") > 0.04


def test_every_kind_of_fault_is_planted_and_listed(trois_ans):
    fautes = json.loads((trois_ans.dossier / "fautes.json").read_text(encoding="utf-8"))
    semees = Counter((f["table"], f["genre"]) for f in fautes["lignes"])
    attendues = {(table, plan.genre) for table, plans in PLANS.items() for plan in plans}
    assert set(semees) == attendues | {("zone_ml", "commune_dans_deux_zones")}
    assert sum(semees.values()) == sum(trois_ans.resume.fautes.values())
    assert (
        trois_ans.valeur("SELECT count(*) FROM parcours WHERE date_sortie < date_entree")
        == (semees["parcours", "sortie_avant_entree"])
    )
    doubles = trois_ans.valeur(
        """SELECT count(*) FROM (SELECT commune_code FROM zone_ml GROUP BY ALL HAVING count(DISTINCT ml_id) > 1)"""
    )
    assert doubles == semees["zone_ml", "commune_dans_deux_zones"] == 4
    inconnues = sum(d["nombre"] for d in fautes["degradations"] if d["genre"] == "sortie_inconnue")
    assert inconnues > 0


def test_row_groups_hold_one_year_each_so_that_a_year_is_read_alone(trois_ans):
    """What precedes the period and planted rows go with the first year: the two others are alone in their groups."""
    fichier = pq.ParquetFile(trois_ans.dossier / "actualite.parquet")
    colonne = fichier.schema_arrow.names.index("date_evt")
    groupes = [fichier.metadata.row_group(r).column(colonne).statistics for r in range(fichier.num_row_groups)]
    annees = [(g.min.year, g.max.year) for g in groupes]
    assert {a for a in annees if a[0] >= 2011} == {(2011, 2011), (2012, 2012)}


def test_a_partial_year_stops_at_the_day_asked(tmp_path):
    resume = generer_ml(tmp_path, graine=1, jusquau=date(2025, 10, 31), erreurs=0.0, **PETIT)
    dernier = pq.read_table(tmp_path / "actualite.parquet", columns=["date_evt"])["date_evt"].to_pylist()
    assert date(2025, 10, 20) < max(dernier) <= date(2025, 10, 31)
    assert resume.jusquau == "2025-10-31"


@pytest.mark.parametrize(
    ("demande", "message"),
    [
        ({"annee": 1999}, "L'année 1999 ne convient pas"),
        ({"annees": 4}, "Le nombre d'années va de 1 à 3"),
        ({"region": "Atlantide"}, "n'est pas une région connue"),
        ({"erreurs": 1.5}, "La part d'erreurs"),
        ({"echelle": 0}, "L'échelle"),
        ({"graine": -1}, "La graine"),
        ({"jusquau": date(2024, 5, 1)}, "Le dernier jour connu"),
    ],
)
def test_a_wrong_demand_is_refused_before_anything_is_written(tmp_path, demande, message):
    with pytest.raises(EntreeInvalide, match=message):
        generer_ml(tmp_path / "x", **{"graine": 1, **PETIT, **demande})
    assert not (tmp_path / "x").exists()


def test_an_interrupted_generation_leaves_no_half_written_table(tmp_path):
    def interrompre(rang: int, total: int, nom: str) -> None:
        assert (total, nom) == (2, ("Corse-du-Sud", "Haute-Corse")[rang - 1])
        if rang == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generer_ml(tmp_path, graine=1, progression=interrompre, **PETIT)
    assert list(tmp_path.glob("*.parquet")) == []


def test_the_memory_is_that_of_a_few_departements(tmp_path):
    """Île-de-France, the greatest region, three years, in a fresh process: far below two gibibytes."""
    programme = (
        "import sys; from pathlib import Path\n"
        "from convenir.mesure.donnees.generateur_ml import generer_ml\n"
        "generer_ml(Path(sys.argv[1]), annee=2025, annees=3, region='11', graine=1, echelle=0.3)\n"
        # Not ru_maxrss, which keeps across exec the size of the process that ran the tests.
        "pic = next(x for x in Path('/proc/self/status').read_text().splitlines() if x.startswith('VmHWM'))\n"
        "print(int(pic.split()[1]) // 1024)"
    )
    fini = subprocess.run(
        [sys.executable, "-c", programme, str(tmp_path)], capture_output=True, text=True, check=True, timeout=240
    )
    assert int(fini.stdout) < 700


def test_the_command_line_writes_and_sums_up(tmp_path, capsys):
    mots = ["generer", "ml", "--region", "94", "--annee", "2025", "--graine", "1", "--echelle", "0.02"]
    assert main([*mots, "--json", str(tmp_path)]) == 0
    resume = json.loads(capsys.readouterr().out)
    assert resume["missions_locales"] == 2
    assert resume["lignes"].keys() == tables_missions_locales().keys()
    assert main([*mots, str(tmp_path / "b")]) == 0
    sorties = capsys.readouterr()
    assert "2 missions locales" in sorties.out
    assert "2/2 Haute-Corse" in sorties.err
    assert main([*mots, "--annees", "9", str(tmp_path / "c")]) == 1


def test_the_summary_speaks_french_and_gives_plain_values(region):
    assert json.dumps(asdict(region.resume))
    assert "26 missions locales" in str(region.resume)
    assert "année 2025, rien après le 31 décembre 2025" in str(region.resume).replace("\N{NO-BREAK SPACE}", " ")
