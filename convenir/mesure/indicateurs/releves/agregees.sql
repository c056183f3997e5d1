-- Figures received already summed by annexe: used when the nominative monthly states are absent.
CREATE OR REPLACE TEMP TABLE annexe_mois_recu AS
SELECT a.annexe, CAST(m.mois AS INTEGER) AS mois, SUM(CAST(COALESCE(m.heures, 0) * 100 AS BIGINT)) AS heures2
FROM ({AnnexeMois}) AS m
JOIN annexes_siae AS a ON a.numero_nu = m.numero_annexe
    AND (m.avenant IS NULL OR m.avenant = a.avenant)
    AND make_date(CAST(m.annee AS INTEGER), CAST(m.mois AS INTEGER), 1) <= a.fin
    AND last_day(make_date(CAST(m.annee AS INTEGER), CAST(m.mois AS INTEGER), 1)) >= a.debut
WHERE m.annee = {annee}
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE etp_declares AS
SELECT a.annexe, SUM(CAST(d.etp_declares * 10000 AS HUGEINT)) * 100000000 AS etp12
FROM ({SuiviDgefp}) AS d
JOIN annexes_siae AS a ON a.numero_nu = d.numero_annexe
    AND (d.avenant IS NULL OR d.avenant = a.avenant)
    AND year(a.debut) <= {annee} AND year(a.fin) >= {annee}
WHERE d.annee = {annee} AND d.etp_declares IS NOT NULL AND (d.type_aide IS NULL OR d.type_aide ILIKE '%poste%')
GROUP BY ALL;
