-- The last stay of the year that has ended, one per person and SIAE; hours of the year; who needs the hours before it.
CREATE OR REPLACE TEMP TABLE fins AS
SELECT siae_num, personne, max(fin) AS fin, arg_max(dernier_contrat, fin) AS ctr
    FROM sejours
    WHERE fin BETWEEN DATE '{annee}-01-01' AND LEAST(DATE '{annee}-12-31', DATE '{limite}')
    GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE heures_annee AS
SELECT m.siae_num, COALESCE(p.personne, m.pph) AS personne, SUM(m.heures2) AS heures2
    FROM mensuel AS m LEFT JOIN salaries AS p USING (pph)
    GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE sortants AS
SELECT DISTINCT p.pph
    FROM fins AS f
    JOIN siae AS s USING (siae_num)
    JOIN parametres_categorie AS c ON c.categorie = s.categorie
    LEFT JOIN heures_annee AS h USING (siae_num, personne)
    JOIN (SELECT DISTINCT siae_num, personne, pph FROM contrats) AS p USING (siae_num, personne)
    WHERE COALESCE(h.heures2, 0) < c.heures_min_cumul2;

CREATE OR REPLACE TEMP TABLE mensuel_avant AS
SELECT * FROM ({EtatMensuelIndiv}) SEMI JOIN sortants ON sortants.pph = emi_pph_id;
