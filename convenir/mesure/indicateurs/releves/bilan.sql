-- Bilans of the ASP, one row per annexe; posts in ten-thousandths.
CREATE OR REPLACE TEMP TABLE releve_bilan AS
SELECT a.siae_num, a.penitentiaire, 'annee' AS genre, '{annee}' AS periode, b.* EXCLUDE (annee, numero_annexe, avenant)
FROM ({BilanAnnexe}) AS b
JOIN annexes_siae AS a ON a.numero_nu = b.numero_annexe AND (b.avenant IS NULL OR b.avenant = a.avenant)
    AND year(a.debut) <= {annee} AND year(a.fin) >= {annee}
WHERE b.annee = {annee};
