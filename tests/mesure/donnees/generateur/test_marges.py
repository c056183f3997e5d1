"""The invented world looks like the real one: shares, sizes, season, and the patterns planted on purpose."""

from collections import Counter, defaultdict
from collections.abc import Callable

import duckdb
import numpy as np
import pytest

from convenir.mesure.donnees.generateur.lot import preparer, tirer_lots
from tests.mesure.donnees.generateur.conftest import Livraison


@pytest.fixture(scope="module")
def total(region: Livraison) -> Callable[..., float]:
    verite = region.verite()

    def _total(champ: str, **filtres: str) -> float:
        return sum(float(v[champ]) for v in verite if all(v[c].startswith(val) for c, val in filtres.items()))

    return _total


def _taux(total: Callable[..., float], **filtres: str) -> float:
    """Realisation: hours over agreed hours. The hours per post are those of the category, one at a time."""
    heures = {"ACI": 1820, "EI_": 1505, "AI_": 1607, "ETTI": 1600}[filtres["mesure"]]
    return total("heures_travaillees", **filtres) / heures / (total("etp_mois_conventionnes", **filtres) / 12)


def test_about_three_hundred_structures_of_the_five_categories(region: Livraison) -> None:
    assert 280 <= region.resume.siae <= 320
    couples = {(v["id_asp"], v["mesure"].split("_")[0]) for v in region.verite()}
    parts = Counter(categorie for _, categorie in couples)
    assert 0.44 < parts["ACI"] / len(couples) < 0.54
    assert 0.22 < parts["EI"] / len(couples) < 0.31
    assert 0.13 < parts["AI"] / len(couples) < 0.20
    assert 0.05 < parts["ETTI"] / len(couples) < 0.09
    assert parts["EITI"] >= 1
    assert any(v["mesure"].endswith("_MP") for v in region.verite())


def test_some_structures_hold_two_categories(region: Livraison) -> None:
    par_id = defaultdict(set)
    for v in region.verite():
        par_id[v["id_asp"]].add(v["mesure"].split("_")[0])
    assert 3 <= sum(len(c) > 1 for c in par_id.values()) <= 40


@pytest.mark.parametrize("annee", ["2023", "2024", "2025"])
def test_exit_rates_are_near_the_national_targets(total: Callable[..., float], annee: str) -> None:
    examinees = total("examinees", annee=annee)
    durable = total("durable", annee=annee)
    dynamique = durable + total("transition", annee=annee) + total("positive", annee=annee)
    assert 0.53 < dynamique / examinees < 0.64
    assert 0.21 < durable / examinees < 0.30


def test_realisation_has_a_body_and_a_tail(region: Livraison) -> None:
    taux = []
    for v in region.verite():
        postes = float(v["etp_mois_conventionnes"]) / 12
        if v["annee"] == "2024" and v["mesure"] in ("ACI_DC", "EI_DC", "AI_DC"):
            taux.append(float(v["heures_travaillees"]) / float(v["heures_etp"]) / postes)
    q10, mediane, q90 = np.quantile(taux, [0.1, 0.5, 0.9])
    assert 0.93 < mediane < 1.0
    assert q90 < 1.08
    assert q10 < 0.93
    assert min(taux) < 0.80


def test_planted_underrealisation_is_in_the_first_departement_alone(total: Callable[..., float]) -> None:
    ici = _taux(total, mesure="ACI", annee="2025", departement="44")
    avant = _taux(total, mesure="ACI", annee="2024", departement="44")
    ailleurs = np.mean([_taux(total, mesure="ACI", annee="2025", departement=d) for d in ("49", "72", "85")])
    assert 0.80 < ici < 0.88
    assert avant > 0.91
    assert ailleurs > 0.90


def test_planted_rise_of_durable_exits_is_in_the_second_departement(total: Callable[..., float]) -> None:
    def part(departement: str, annee: str) -> float:
        return total("durable", departement=departement, annee=annee) / total(
            "examinees", departement=departement, annee=annee
        )

    assert part("49", "2025") - part("49", "2024") > 0.06
    assert abs(part("85", "2025") - part("85", "2024")) < 0.06


def test_planted_share_of_rsa_is_in_the_third_departement(duck_region: duckdb.DuckDBPyConnection) -> None:
    parts = dict(
        duck_region.execute("""
            SELECT salarie_code_dpt, avg((contrat_salarie_rsa <> 'NON')::int)
            FROM ContratMission JOIN Salarie ON salarie_id = contrat_id_pph
            WHERE contrat_mesure_disp_code = 'ACI_DC' AND contrat_type_contrat = '0' GROUP BY 1
        """).fetchall()
    )
    assert parts["053"] / np.mean([parts[d] for d in ("044", "049", "072", "085")]) > 1.18


def test_august_dips_and_last_months_come_late(duck_region: duckdb.DuckDBPyConnection) -> None:
    heures = dict(
        duck_region.execute("""
            SELECT emi_sme_annee || '-' || lpad(emi_sme_mois, 2, '0') mois, sum(emi_nb_heures_travail::int)
            FROM EtatMensuelIndiv GROUP BY 1
        """).fetchall()
    )
    assert heures["2024-08"] < 0.93 * heures["2024-07"]
    assert heures["2024-09"] > 1.08 * heures["2024-08"]
    assert heures["2025-12"] < 0.97 * heures["2024-12"]


def test_publics_follow_the_category(duck_region: duckdb.DuckDBPyConnection) -> None:
    lignes = duck_region.execute("""
        SELECT contrat_mesure_disp_code, avg((salarie_rci_libelle = 'MME')::int),
               avg((contrat_salarie_rsa <> 'NON')::int),
               avg((salarie_adr_qpv_type = 'QP')::int), avg((contrat_salarie_rqth = 'true')::int),
               avg((salarie_agrement <> '')::int)
        FROM ContratMission JOIN Salarie ON salarie_id = contrat_id_pph
        WHERE contrat_type_contrat = '0' GROUP BY 1
    """).fetchall()
    parts = {mesure: valeurs for mesure, *valeurs in lignes}
    femmes, rsa, qpv, rqth, agrement = range(5)
    assert parts["AI_DC"][femmes] > 0.55 > 0.45 > parts["ACI_DC"][femmes] > parts["ETTI_DC"][femmes]
    assert parts["ACI_DC"][rsa] > 0.45 > parts["AI_DC"][rsa]
    assert all(0 < p[qpv] < 0.35 and 0.03 < p[rqth] < 0.2 and p[agrement] > 0.85 for p in parts.values())


def test_some_people_are_shared_by_two_structures(duck_region: duckdb.DuckDBPyConnection) -> None:
    partages, retours = duck_region.execute("""
        SELECT (SELECT count(*) FROM (SELECT salarie_nir FROM Salarie GROUP BY 1 HAVING count(*) > 1)),
               (SELECT count(*) FROM (SELECT contrat_id_pph FROM ContratMission GROUP BY 1
                                      HAVING count(DISTINCT contrat_date_premier_client) > 1))
    """).fetchone()
    assert partages > 300
    assert retours > 20


def test_some_months_are_entered_twice(duck_region: duckdb.DuckDBPyConnection) -> None:
    secondes, perdues = duck_region.execute("""
        WITH lignes AS (SELECT emi_afi_id, emi_sme_annee, emi_sme_mois, emi_ctr_id, max(emi_sme_version::int) derniere,
                               count(*) versions FROM EtatMensuelIndiv GROUP BY ALL)
        SELECT count(*) FILTER (derniere = 2), count(*) FILTER (versions <> derniere) FROM lignes
    """).fetchone()
    assert secondes > 1000
    assert perdues == 0


def test_the_country_reaches_the_volumes_of_the_benchmarks() -> None:
    demande = preparer(france=True, annees=(2025,), graine=1)
    siae = salaries = contrats = mois = annexes = 0
    for lot in tirer_lots(demande):
        siae += len({(u.structure.id_asp, u.categorie) for u in lot.monde.unites})
        salaries += len(np.unique(lot.personnes.salarie))
        contrats += len(lot.contrats)
        mois += len(lot.mensuel)
        annexes += len(lot.annexes)
    assert siae == 4_600
    assert salaries >= 300_000
    assert contrats >= 900_000
    assert mois >= 2_000_000
    assert 3 * annexes >= 13_000
