-- Flags of each person in each SIAE over the year; several rows per person are joined by OR in the compiled query.
CREATE OR REPLACE TEMP VIEW releve_personnes AS
WITH presences AS (
    SELECT siae_num, penitentiaire, pph, ctr, bit_or(CASE WHEN heures2 > 0 THEN 1 << (mois - 1) ELSE 0 END) AS mois_presence
    FROM mensuel
    GROUP BY ALL
),
formes AS (
    SELECT DISTINCT formation_id_ctr AS ctr FROM ({Formations}) WHERE year(formation_date_debut) = {annee}
),
lignes AS (
    SELECT siae_num, penitentiaire, pph, ctr, mois_presence, mois_presence > 0 AS present, false AS embauche
    FROM presences
    UNION ALL
    SELECT s.siae_num, c.penitentiaire, c.pph, c.ctr, 0, false, true
    FROM sejours AS s JOIN contrats AS c ON c.ctr = s.premier_contrat
    WHERE s.debut BETWEEN DATE '{annee}-01-01' AND DATE '{annee}-12-31'
),
decrites AS (
    SELECT l.*, COALESCE(p.personne, l.pph) AS personne, f.ctr IS NOT NULL AS forme,
        COALESCE(p.sexe = 'H', false) AS homme, COALESCE(p.sexe = 'F', false) AS femme,
        COALESCE({annee} - p.naissance < 26, false) AS moins_26,
        COALESCE({annee} - p.naissance >= 50, false) AS de_50_et_plus,
        COALESCE(p.qpv, false) AS qpv, COALESCE(p.zrr, false) AS zrr, COALESCE(p.agrement, false) AS agrement,
        COALESCE(c.cap_bep, false) AS cap_bep, COALESCE(c.infra_cap, false) AS infra_cap,
        COALESCE(c.non_certifiante, false) AS non_certifiante, COALESCE(c.rsa, false) AS rsa,
        COALESCE(c.ass, false) AS ass, COALESCE(c.aah, false) AS aah, COALESCE(c.rqth, false) AS rqth,
        COALESCE(c.inscrit_12_23, false) AS inscrit_12_23, COALESCE(c.inscrit_24, false) AS inscrit_24,
        COALESCE(c.auto_prescription, false) AS auto_prescription, COALESCE(c.autres_criteres, 0) AS autres_criteres
    FROM lignes AS l
    LEFT JOIN salaries AS p ON p.pph = l.pph
    LEFT JOIN contrats AS c ON c.ctr = l.ctr
    LEFT JOIN formes AS f ON f.ctr = l.ctr
)
SELECT *, rsa OR ass OR aah OR inscrit_24 AS niveau_1,
    NOT (rsa OR ass OR aah OR inscrit_24) AND autres_criteres + CAST(cap_bep OR infra_cap AS INTEGER)
    + CAST(moins_26 AS INTEGER) + CAST(de_50_et_plus AS INTEGER) + CAST(inscrit_12_23 AS INTEGER)
    + CAST(qpv AS INTEGER) + CAST(zrr AS INTEGER) >= 2 AS niveau_2
FROM decrites;
