-- Monthly states of the year that count: those of a retained annexe, the highest version alone.
CREATE OR REPLACE TEMP TABLE mensuel AS
WITH lus AS ({EtatMensuelIndiv}),
revises AS (
    SELECT emi_afi_id, emi_sme_mois, emi_pph_id, emi_ctr_id, max(emi_sme_version) AS derniere
    FROM lus
    WHERE emi_sme_version > (SELECT min(emi_sme_version) FROM lus)
    GROUP BY ALL
)
SELECT l.emi_afi_id AS annexe, a.siae_num, a.penitentiaire, CAST(l.emi_sme_mois AS INTEGER) AS mois,
    l.emi_pph_id AS pph, l.emi_ctr_id AS ctr,
    CAST(COALESCE(l.emi_nb_heures_travail, 0) * 100 AS BIGINT) AS heures2,
    l.emi_motif_sortie_id AS motif_id, l.emi_motif_sortie_code AS motif_code
FROM lus AS l
JOIN annexes_siae AS a ON a.annexe = l.emi_afi_id
LEFT JOIN revises AS r
    ON r.emi_afi_id = l.emi_afi_id AND r.emi_sme_mois = l.emi_sme_mois
    AND r.emi_pph_id = l.emi_pph_id AND r.emi_ctr_id = l.emi_ctr_id
WHERE r.derniere IS NULL OR COALESCE(l.emi_sme_version, r.derniere - 1) = r.derniere;
