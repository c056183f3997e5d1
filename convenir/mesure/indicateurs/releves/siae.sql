-- SIAE = (ASP id, category), kept even when its département cannot be read; département given by Convenir, else by the commune, else by the number of its last annexe.
CREATE OR REPLACE TEMP TABLE siae AS
WITH communes AS (
    SELECT structure_id_siae AS id_asp, min(structure_adresse_admin_code_insee) AS commune
    FROM ({Structure}) GROUP BY ALL
),
derniere AS (
    SELECT id_asp, categorie, arg_max(numero_nu, (debut, annexe)) AS numero_nu FROM annexes GROUP BY ALL
),
lues AS (
    SELECT d.id_asp, d.categorie, d.id_asp || '-' || d.categorie AS siae,
        COALESCE(
            r.departement,
            CASE WHEN left(commune, 2) IN ('97', '98') THEN left(commune, 3) ELSE left(commune, 2) END,
            CASE WHEN numero_dep LIKE '97%' OR numero_dep LIKE '98%' THEN numero_dep
                 WHEN numero_dep LIKE '0%' THEN right(numero_dep, 2) ELSE left(numero_dep, 2) END
        ) AS departement
    FROM (
        SELECT *, NULLIF(regexp_extract(numero_nu, '^[A-Z]+?([0-9][0-9][0-9A-Z])[0-9]{{6}}', 1), '') AS numero_dep
        FROM derniere
    ) AS d
    LEFT JOIN communes AS c ON c.id_asp = d.id_asp
    LEFT JOIN rattachements AS r ON r.siae = d.id_asp || '-' || d.categorie
)
SELECT CAST(row_number() OVER (ORDER BY l.siae) AS INTEGER) AS siae_num, l.id_asp, l.categorie, l.siae,
    t.departement, t.region
FROM lues AS l
LEFT JOIN departements AS t ON t.departement = l.departement;

CREATE OR REPLACE TEMP TABLE annexes_siae AS
SELECT a.*, s.siae_num FROM annexes AS a JOIN siae AS s ON s.id_asp = a.id_asp AND s.categorie = a.categorie;
