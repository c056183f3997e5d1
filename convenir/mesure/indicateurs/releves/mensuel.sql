-- Monthly states of the year that count: those of a retained annexe, the highest version alone.
CREATE OR REPLACE TEMP TABLE mensuel AS
SELECT l.emi_afi_id AS annexe, a.siae_num, a.penitentiaire, CAST(l.emi_sme_mois AS INTEGER) AS mois,
    l.emi_pph_id AS pph, l.emi_ctr_id AS ctr,
    CAST(COALESCE(l.emi_nb_heures_travail, 0) * 100 AS BIGINT) AS heures2,
    l.emi_motif_sortie_id AS motif_id, l.emi_motif_sortie_code AS motif_code
FROM {retenu} AS l
JOIN annexes_siae AS a ON a.annexe = l.emi_afi_id;
