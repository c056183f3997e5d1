-- Persons and contracts, once for all years; a person is one across SIAE by its keyed hash.
CREATE OR REPLACE TEMP TABLE salaries AS
WITH lus AS ({Salarie}),
cles AS (SELECT personne, min(salarie_id) AS personne_num FROM lus WHERE personne IS NOT NULL GROUP BY ALL)
SELECT l.salarie_id AS pph, COALESCE(c.personne_num, l.salarie_id) AS personne, upper(l.sexe) AS sexe,
    TRY_CAST(left(l.naissance, 4) AS INTEGER) AS naissance, COALESCE(l.agrement, false) AS agrement,
    upper(trim(l.salarie_adr_qpv_type)) IN ('QP', 'QPV', 'OUI') AS qpv, COALESCE(l.salarie_adr_is_zrr, false) AS zrr
FROM lus AS l LEFT JOIN cles AS c USING (personne);

CREATE OR REPLACE TEMP TABLE contrats AS
WITH lus AS ({ContratMission}),
durees AS (
    SELECT rdp_id, rdp_lib_duree_pe LIKE '%12%23%' AS de_12_a_23, rdp_lib_duree_pe LIKE '%24%' AS de_24
    FROM ({RefDureePoleEmploi})
)
SELECT l.contrat_id_ctr AS ctr, s.siae_num, upper(trim(l.contrat_mesure_disp_code)) LIKE '%\_MP' ESCAPE '\' AS penitentiaire,
    l.contrat_id_pph AS pph, COALESCE(p.personne, l.contrat_id_pph) AS personne,
    l.contrat_date_embauche AS debut,
    COALESCE(l.contrat_date_sortie_definitive, l.contrat_date_fin_contrat, DATE '9999-12-31') AS fin,
    l.contrat_motif_sortie_id AS motif_id, l.contrat_motif_sortie_code AS motif_code,
    COALESCE(upper(l.contrat_salarie_rsa) LIKE 'OUI%', false) AS rsa,
    l.contrat_salarie_ass AS ass, l.contrat_salarie_aah AS aah,
    l.contrat_salarie_rqth OR l.contrat_beneficiaire_rqth AS rqth,
    COALESCE(TRY_CAST(l.contrat_niveau_de_formation_code AS INTEGER) IN (50, 51), false) AS cap_bep,
    COALESCE(TRY_CAST(l.contrat_niveau_de_formation_code AS INTEGER) IN (1, 60, 70), false) AS infra_cap,
    COALESCE(TRY_CAST(l.contrat_niveau_de_formation_code AS INTEGER) = 0, false) AS non_certifiante,
    COALESCE(d.de_12_a_23, TRY_CAST(l.contrat_salarie_pe_duree_code AS INTEGER) = 3, false) AS inscrit_12_23,
    COALESCE(d.de_24, TRY_CAST(l.contrat_salarie_pe_duree_code AS INTEGER) = 4, false) AS inscrit_24,
    COALESCE(TRY_CAST(l.contrat_orienteur_code AS INTEGER) IN (7, 8), false) AS auto_prescription,
    CAST(l.contrat_salarie_oeth OR l.contrat_salarie_rqth OR l.contrat_beneficiaire_rqth AS INTEGER)
    + CAST(l.contrat_salarie_sortant_ase AS INTEGER) + CAST(l.contrat_salarie_parent_isole AS INTEGER)
    + CAST(l.contrat_salarie_hebergement AS INTEGER) + CAST(l.contrat_salarie_refugie AS INTEGER)
    + CAST(l.contrat_salarie_sortant_detention AS INTEGER) + CAST(l.contrat_salarie_langue_francaise AS INTEGER)
    + CAST(l.contrat_salarie_mobilite AS INTEGER) AS autres_criteres
FROM lus AS l
JOIN siae AS s ON s.id_asp = l.contrat_id_structure AND s.categorie = {categorie}
LEFT JOIN salaries AS p ON p.pph = l.contrat_id_pph
LEFT JOIN durees AS d ON d.rdp_id = l.contrat_salarie_pe_duree_id
WHERE l.contrat_date_embauche IS NOT NULL
    AND l.contrat_date_embauche
        <= COALESCE(l.contrat_date_sortie_definitive, l.contrat_date_fin_contrat, DATE '9999-12-31');
