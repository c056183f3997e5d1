-- Stays in a SIAE: contracts that overlap or follow each other the next day make one stay.
CREATE OR REPLACE TEMP TABLE sejours AS
WITH actifs AS (
    SELECT DISTINCT siae_num, personne FROM contrats
    WHERE fin >= DATE '{annee}-01-01' AND debut <= DATE '{annee}-12-31'
),
suivis AS (
    SELECT c.siae_num, c.personne, c.ctr, c.debut, c.fin,
        max(c.fin) OVER (
            PARTITION BY c.siae_num, c.personne ORDER BY c.debut, c.fin, c.ctr
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS fin_avant
    FROM contrats AS c SEMI JOIN actifs AS a ON a.siae_num = c.siae_num AND a.personne = c.personne
),
rangs AS (
    SELECT *, SUM(CAST(fin_avant IS NULL OR debut > fin_avant + 1 AS INTEGER)) OVER (
        PARTITION BY siae_num, personne ORDER BY debut, fin, ctr
    ) AS sejour
    FROM suivis
)
SELECT siae_num, personne, sejour, min(debut) AS debut, max(fin) AS fin,
    arg_min(ctr, (debut, fin, ctr)) AS premier_contrat, arg_max(ctr, (fin, debut, ctr)) AS dernier_contrat
FROM rangs
GROUP BY ALL;
