-- Months covered by each annexe in the year, months entered, then one row per annexe and period.
CREATE OR REPLACE TEMP TABLE annexe_mois AS
WITH saisis AS (
    {heures_par_annexe}
),
couverts AS (
    SELECT a.annexe, CAST(m.mois AS INTEGER) AS mois
    FROM annexes_siae AS a, range(1, 13) AS m(mois)
    WHERE make_date({annee}, m.mois, 1) <= a.fin
        AND last_day(make_date({annee}, m.mois, 1)) >= a.debut
)
SELECT annexe, mois, CAST(c.annexe IS NOT NULL AS INTEGER) AS couvert, COALESCE(s.heures2, 0) AS heures2,
    CAST(s.annexe IS NOT NULL AS INTEGER) AS saisi
FROM couverts AS c FULL JOIN saisis AS s USING (annexe, mois);

CREATE OR REPLACE TEMP TABLE releve_annexe_periode AS
WITH sommes AS (
    SELECT s.*, p.genre, p.periode
    FROM (
        SELECT m.annexe, c.rang, SUM(m.couvert) AS mois_couverts, SUM(m.heures2) AS heures, MAX(m.saisi) AS saisi
        FROM annexe_mois AS m JOIN calendrier AS c USING (mois) GROUP BY ALL
    ) AS s
    JOIN (SELECT DISTINCT rang, genre, periode FROM calendrier) AS p USING (rang)
),
-- The last annexe of the SIAE in the year carries its supervision staff, counted once.
porteuses AS (
    SELECT annexe FROM annexes_siae SEMI JOIN annexe_mois USING (annexe) WHERE encadrement4 IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY siae_num, penitentiaire ORDER BY debut DESC, annexe DESC) = 1
),
mesures AS (
    SELECT s.*, a.siae_num, a.penitentiaire, a.code_annexe, a.unitaire2, a.total2, a.cofinance2, a.encadrement4,
        a.prev_sorties, a.dynamique2, a.durable2, a.transition2, a.positives2, a.categorie,
        a.mois_annexe, d.etp12 AS etp_declares,
        s.genre = 'annee' AND e.annexe IS NOT NULL AS porte_encadrement,
        CASE s.genre WHEN 'mois' THEN a.etp4 * 100000000 * s.mois_couverts
            ELSE (a.etp4 * 200000000 * s.mois_couverts + 12) // 24 END AS etp_conventionnes,
        CASE s.genre WHEN 'mois' THEN 12 ELSE 1 END * s.heures * 100 AS heures4,
        COALESCE(a.heures_etp4, p.heures_etp4) AS heures_etp4
    FROM sommes AS s
    JOIN annexes_siae AS a USING (annexe)
    JOIN parametres_categorie AS p ON p.categorie = a.categorie
    LEFT JOIN porteuses AS e ON e.annexe = s.annexe
    LEFT JOIN etp_declares AS d ON d.annexe = s.annexe AND s.genre = 'annee'
),
realises AS (
    SELECT * REPLACE (CAST(saisi = 1 OR etp_declares IS NOT NULL AS INTEGER) AS saisi),
        COALESCE(etp_declares, (heures4 * 2000000000000 + heures_etp4) // (2 * heures_etp4)) AS etp_realises,
        CASE WHEN dynamique2 + durable2 + transition2 + positives2 > 0 THEN GREATEST(prev_sorties, 1) ELSE 0 END
            AS poids
    FROM mesures
)
SELECT siae_num, penitentiaire, annexe, code_annexe, genre, periode, saisi, heures, etp_conventionnes, etp_realises,
    (LEAST(etp_realises, etp_conventionnes) * unitaire2 * 2 + 1000000000000) // 2000000000000 AS aide_utilisee,
    (total2 * mois_couverts * 2 + mois_annexe) // (2 * mois_annexe) AS aide_allouee,
    (cofinance2 * mois_couverts * 2 + mois_annexe) // (2 * mois_annexe) AS cofinancement,
    CASE WHEN porte_encadrement THEN encadrement4 * 100000000 ELSE 0 END AS encadrement,
    CAST(porte_encadrement AS INTEGER) AS encadrement_connu,
    CAST(poids > 0 AS INTEGER) AS objectif_saisi,
    poids AS objectif_poids,
    prev_sorties AS objectif_sorties,
    poids * dynamique2 AS objectif_dynamique,
    poids * durable2 AS objectif_durable,
    poids * transition2 AS objectif_transition,
    poids * positives2 AS objectif_positive
FROM realises;

CREATE OR REPLACE TEMP TABLE releve_saisie AS
SELECT siae_num, penitentiaire, 'annee' AS genre, '{annee}' AS periode,
    SUM(attendu) AS mois_attendus, SUM(attendu * saisi) AS mois_saisis, SUM(attendu * (1 - saisi)) AS mois_manquants
FROM (
    SELECT a.siae_num, a.penitentiaire, m.mois, MAX(m.saisi) AS saisi,
        MAX(m.couvert * CAST(m.mois <= {mois_clos} AS INTEGER)) AS attendu
    FROM annexe_mois AS m JOIN annexes_siae AS a USING (annexe)
    GROUP BY ALL
) AS par_mois
GROUP BY ALL;
