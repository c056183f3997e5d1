-- One version per annexe (décisions, § 4); amounts and posts become integers (ten-thousandths, cents).
CREATE OR REPLACE TEMP TABLE annexes AS
WITH retenues AS (
    SELECT * FROM {retenues} WHERE af_date_debut_effet <= af_date_fin_effet
),
numerotees AS (
    SELECT *,
        af_numero_annexe_financiere || 'A' || COALESCE(af_numero_avenant_renouvellement, 0)
        || 'M' || COALESCE(af_numero_avenant_modification, 0) AS numero
    FROM retenues
)
SELECT
    af_id_annexe_financiere AS annexe,
    CASE WHEN numero IS NULL OR count(*) OVER (PARTITION BY numero) > 1
        THEN COALESCE(numero || '-', '') || af_id_annexe_financiere ELSE numero END AS code_annexe,
    af_numero_annexe_financiere AS numero_nu,
    af_id_structure AS id_asp,
    categorie,
    penitentiaire,
    COALESCE(af_numero_avenant_renouvellement, 0) AS avenant,
    nombre_mois AS mois_annexe,
    af_date_debut_effet AS debut,
    af_date_fin_effet AS fin,
    CAST(COALESCE(af_etp_postes_insertion, 0) * 10000 AS HUGEINT) AS etp4,
    CAST(NULLIF(af_duree_heure_annuel_etp_valeur, 0) * 10000 AS HUGEINT) AS heures_etp4,
    CAST(COALESCE(af_montant_unitaire_annuel_valeur, 0) * 100 AS HUGEINT) AS unitaire2,
    CAST(COALESCE(af_montant_total_annuel, {total}) * 100 AS HUGEINT) AS total2,
    CAST(COALESCE(af_mt_cofinance, 0) * 100 AS HUGEINT) AS cofinance2,
    CAST(af_etp_encadrement_tech_accomp_sociop_annee_prec * 10000 AS HUGEINT) AS encadrement4,
    COALESCE(af_nb_prev_sorties, 0) AS prev_sorties,
    CAST(COALESCE(af_taux_prev_sorties_dynamiques, 0) * 100 AS BIGINT) AS dynamique2,
    CAST(COALESCE(af_taux_prev_sorties_durable, 0) * 100 AS BIGINT) AS durable2,
    CAST(COALESCE(af_taux_prev_sorties_trans, 0) * 100 AS BIGINT) AS transition2,
    CAST(COALESCE(af_taux_prev_sorties_positives, 0) * 100 AS BIGINT) AS positives2
FROM numerotees;
