-- One exit per person, SIAE and year: the last stay of the year that has ended; then its exclusions, in order.
CREATE OR REPLACE TEMP TABLE releve_sorties AS
WITH durees AS (
    SELECT s.siae_num, s.personne, min(s.debut) AS entree, SUM(s.fin - s.debut + 1) AS jours
    FROM sejours AS s JOIN fins AS f ON f.siae_num = s.siae_num AND f.personne = s.personne AND s.fin <= f.fin
    GROUP BY ALL
),
heures_avant AS (
    {heures_avant}
),
motifs_mensuels AS (
    SELECT ctr, arg_max(motif_id, mois) AS motif_id, arg_max(motif_code, mois) AS motif_code
    FROM mensuel
    WHERE motif_code IS NOT NULL OR motif_id IS NOT NULL
    GROUP BY ALL
),
motivees AS (
    SELECT f.siae_num, c.penitentiaire, f.personne, f.ctr, f.fin, s.categorie, s.departement,
        d.entree, d.jours, COALESCE(ha.heures2, 0) AS heures_annee,
        COALESCE(ha.heures2, 0) + COALESCE(hv.heures2, 0) AS heures_cumul,
        CASE WHEN c.motif_id IS NULL AND c.motif_code IS NULL THEN m.motif_id ELSE c.motif_id END AS motif_id,
        NULLIF(ltrim(trim(COALESCE(c.motif_code, CASE WHEN c.motif_id IS NULL THEN m.motif_code END)), '0'), '')
            AS motif_code
    FROM fins AS f
    JOIN siae AS s USING (siae_num)
    JOIN durees AS d USING (siae_num, personne)
    JOIN contrats AS c ON c.ctr = f.ctr
    LEFT JOIN heures_annee AS ha USING (siae_num, personne)
    LEFT JOIN heures_avant AS hv USING (siae_num, personne)
    LEFT JOIN motifs_mensuels AS m ON m.ctr = f.ctr
),
classees AS (
    SELECT v.*, COALESCE(mi.code, v.motif_code, 'non_renseigne') AS motif,
        CASE WHEN l.code IS NOT NULL AND COALESCE(mi.categorie, mc.categorie, '') NOT IN ('durable', 'transition')
            THEN 'positive' ELSE COALESCE(mi.categorie, mc.categorie, 'inconnu') END AS classe
    FROM motivees AS v
    LEFT JOIN motifs_par_id AS mi ON mi.id = v.motif_id
    LEFT JOIN motifs_par_code AS mc ON mc.code = v.motif_code
    LEFT JOIN motifs_locaux AS l ON l.departement = v.departement AND l.code = COALESCE(mi.code, v.motif_code)
        AND v.fin >= l.debut AND v.fin < l.fin
),
ecartees AS (
    SELECT x.*,
        CASE WHEN p.duree_min_mois IS NOT NULL AND NOT
                x.entree + CAST(x.jours AS INTEGER) > x.entree + to_months(CAST(p.duree_min_mois AS INTEGER)) THEN 'duree'
            WHEN x.heures_annee < COALESCE(p.heures_min_annee2, 0) OR x.heures_cumul < COALESCE(p.heures_min_cumul2, 0)
                THEN 'heures'
            WHEN x.classe = 'retrait' THEN 'retrait' ELSE '' END AS exclusion
    FROM classees AS x
    JOIN parametres_categorie AS p USING (categorie)
)
SELECT siae_num, penitentiaire, 'annee' AS genre, '{annee}' AS periode, personne, ctr, fin, motif, classe, exclusion,
    1 AS sortie,
    CAST(exclusion = 'duree' AS INTEGER) AS exclue_duree,
    CAST(exclusion = 'heures' AS INTEGER) AS exclue_heures,
    CAST(exclusion = 'retrait' AS INTEGER) AS exclue_retrait,
    CAST(classe = 'durable' AS INTEGER) AS durable,
    CAST(classe = 'transition' AS INTEGER) AS transition,
    CAST(classe = 'positive' AS INTEGER) AS positive,
    CAST(classe = 'autre' AS INTEGER) AS autre,
    CAST(classe = 'inconnu' AS INTEGER) AS motif_inconnu
FROM ecartees
UNION ALL
-- A SIAE without exit has zero exits, not unknown ones.
SELECT DISTINCT siae_num, false, 'annee', '{annee}', CAST(NULL AS BIGINT), CAST(NULL AS BIGINT), CAST(NULL AS DATE),
    'aucun', '', '', 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM annexes_siae
WHERE NOT penitentiaire AND debut <= DATE '{annee}-12-31' AND fin >= DATE '{annee}-01-01';
