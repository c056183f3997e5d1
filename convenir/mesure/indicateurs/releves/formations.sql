-- Trainings that begin in the year, in hours.
CREATE OR REPLACE TEMP TABLE releve_formations AS
SELECT c.siae_num, c.penitentiaire, 'annee' AS genre, '{annee}' AS periode,
    CAST(COALESCE(f.formation_duree_heures, 0) * 100 AS HUGEINT) * 10000000000
    + (CAST(COALESCE(f.formation_duree_minutes, 0) * 100 AS HUGEINT) * 20000000000 + 60) // 120 AS duree
FROM ({Formations}) AS f
JOIN contrats AS c ON c.ctr = f.formation_id_ctr
WHERE year(f.formation_date_debut) = {annee}
UNION ALL
SELECT DISTINCT siae_num, false, 'annee', '{annee}', CAST(0 AS HUGEINT)
FROM annexes_siae
WHERE NOT penitentiaire AND debut <= DATE '{annee}-12-31' AND fin >= DATE '{annee}-01-01';
