"""The totals written beside a delivery, found again from its files by an independent query."""

from decimal import Decimal

import duckdb

from tests.mesure.donnees.generateur.conftest import Livraison

# Written from the decisions, not from the generator: one version by annexe, highest version of each monthly entry.
MENSUEL = """
CREATE TABLE mensuel AS
SELECT emi_afi_id afi, emi_sme_annee::int annee, emi_sme_mois::int mois, emi_pph_id pph, emi_ctr_id ctr,
       emi_nb_heures_travail::decimal(18,2) heures
FROM EtatMensuelIndiv
QUALIFY row_number() OVER (PARTITION BY emi_afi_id, emi_sme_annee, emi_sme_mois, emi_pph_id, emi_ctr_id
                           ORDER BY emi_sme_version::int DESC) = 1
"""
ANNEXE = """
CREATE TABLE annexe AS
SELECT af_id_annexe_financiere afi, af_id_structure id_asp, af_mesure_dispositif_code mesure,
       af_etp_postes_insertion::decimal(18,2) etp, af_montant_total_annuel::decimal(18,2) total,
       strptime(af_date_debut_effet, '%d/%m/%Y')::date debut, strptime(af_date_fin_effet, '%d/%m/%Y')::date fin
FROM AnnexeFinanciere
WHERE af_mesure_dispositif_code NOT LIKE 'FDI%'
  AND af_etat_annexe_financiere_code IN ('VALIDE', 'PROVISOIRE', 'CLOTURE')
"""
SORTIES = """
WITH c AS (
  SELECT *, strptime(contrat_date_embauche, '%d/%m/%Y')::date debut,
         strptime(nullif(contrat_date_sortie_definitive, ''), '%d/%m/%Y')::date sortie
  FROM ContratMission),
sejour AS (
  SELECT contrat_id_structure id_asp, contrat_mesure_disp_code mesure, contrat_id_pph pph,
         strptime(contrat_date_premier_client, '%d/%m/%Y')::date entree, max(sortie) sortie,
         max(contrat_motif_sortie_code) motif
  FROM c GROUP BY ALL HAVING max(sortie) IS NOT NULL),
heures AS (
  SELECT pph, annee, mois, sum(heures) heures FROM mensuel GROUP BY ALL),
mesure AS (
  SELECT s.*, year(sortie) annee,
    (SELECT coalesce(sum(heures), 0) FROM heures h WHERE h.pph = s.pph AND h.annee = year(sortie)
       AND make_date(h.annee, h.mois, 1) >= date_trunc('month', entree)) dans_l_annee,
    (SELECT coalesce(sum(heures), 0) FROM heures h WHERE h.pph = s.pph
       AND make_date(h.annee, h.mois, 1) BETWEEN date_trunc('month', entree) AND sortie) cumul
  FROM sejour s),
examinee AS (
  SELECT *, CASE WHEN mesure LIKE 'EI\\_%' ESCAPE '\\' OR mesure LIKE 'ACI\\_%' ESCAPE '\\'
              THEN sortie + 1 > entree + INTERVAL 3 MONTH AND dans_l_annee >= 1
              WHEN mesure LIKE 'EITI%' THEN true ELSE cumul >= 150 END prise
  FROM mesure)
SELECT id_asp::int, mesure, annee::int, count(*), count(*) FILTER (rcs = 15),
       count(*) FILTER (prise AND rcs IS DISTINCT FROM 15), count(*) FILTER (prise AND rcs = 11),
       count(*) FILTER (prise AND rcs = 12), count(*) FILTER (prise AND rcs = 13)
FROM examinee LEFT JOIN (SELECT rms_code, rcs_id::int rcs FROM RefMotifSort) ON rms_code = motif
GROUP BY ALL
"""


def test_posts_and_aid_are_found_again(saine: Livraison, duck: duckdb.DuckDBPyConnection) -> None:
    duck.execute(ANNEXE)
    trouves = duck.execute("""
        SELECT id_asp::int, mesure, year(debut)::int, sum(etp * (datediff('month', debut, fin) + 1)), sum(total)
        FROM annexe GROUP BY ALL ORDER BY ALL
    """).fetchall()
    attendus = sorted(
        (
            int(v["id_asp"]),
            v["mesure"],
            int(v["annee"]),
            Decimal(v["etp_mois_conventionnes"]),
            Decimal(v["aide_allouee"]),
        )
        for v in saine.verite()
    )
    assert trouves == attendus


def test_hours_are_found_again(saine: Livraison, duck: duckdb.DuckDBPyConnection) -> None:
    duck.execute(ANNEXE)
    duck.execute(MENSUEL)
    trouves = duck.execute("""
        SELECT id_asp::int, mesure, annee, sum(heures)::int, count(DISTINCT pph) FILTER (heures > 0)
        FROM mensuel JOIN annexe USING (afi) GROUP BY ALL ORDER BY ALL
    """).fetchall()
    attendus = sorted(
        (int(v["id_asp"]), v["mesure"], int(v["annee"]), int(v["heures_travaillees"]), int(v["salaries"]))
        for v in saine.verite()
        if v["salaries"] != "0"
    )
    assert trouves == attendus


def test_exits_are_found_again(saine: Livraison, duck: duckdb.DuckDBPyConnection) -> None:
    duck.execute(MENSUEL)
    trouves = {(i, m, a): tuple(comptes) for i, m, a, *comptes in duck.execute(SORTIES).fetchall()}
    champs = ("sorties_constatees", "retrait", "examinees", "durable", "transition", "positive")
    for v in saine.verite():
        attendu = tuple(int(v[c]) for c in champs)
        assert trouves.get((int(v["id_asp"]), v["mesure"], int(v["annee"])), (0,) * 6) == attendu


def test_hires_are_found_again(saine: Livraison, duck: duckdb.DuckDBPyConnection) -> None:
    trouves = dict(
        duck.execute("""
            SELECT contrat_date_embauche[7:]::int annee, count(*) FROM ContratMission
            WHERE contrat_type_contrat = '0' AND contrat_date_embauche[7:]::int >= 2024 GROUP BY ALL
        """).fetchall()
    )
    for annee in (2024, 2025):
        assert trouves[annee] == sum(int(v["embauches"]) for v in saine.verite() if int(v["annee"]) == annee)
