"""Typed records of a national year, made by DuckDB alone: skewed sizes, seasons, late entries, several SIAE a person."""

from __future__ import annotations

from pathlib import Path

import duckdb

STRUCTURES, ANNEXES, PERSONNES, CONTRATS, MENSUELS = 4_600, 14_000, 300_000, 900_000, 2_000_000
DEPARTEMENTS = [f"{d:02d}" for d in range(1, 96) if d != 20] + ["2A", "2B", "971", "972", "973", "974", "976"]


def fabriquer(dossier: Path, *, echelle: float = 1.0, graine: int = 42, annee: int = 2025) -> dict[str, Path]:
    """Write the views used by the indicators and return their paths.

    Args:
        dossier: where to write.
        echelle: 1.0 = the national volume.
        graine: seed of the hash that draws everything.
        annee: last of the three years of contracts.
    """
    dossier.mkdir(parents=True, exist_ok=True)
    base = duckdb.connect()
    base.execute("SET threads=2")
    base.execute(f"CREATE MACRO alea(a, b) AS (hash(a, b, {graine}) % 1000003) / 1000003.0")
    ns, np_ = max(int(STRUCTURES * echelle), len(DEPARTEMENTS)), max(int(PERSONNES * echelle), 500)
    deps = ", ".join(f"'{d}'" for d in DEPARTEMENTS)
    base.execute(f"""
        CREATE TABLE structures AS
        SELECT i AS id, [{deps}][CASE WHEN i <= {len(DEPARTEMENTS)} THEN i
                ELSE 1 + CAST(floor(alea(i, 1) * {len(DEPARTEMENTS)}) AS INTEGER) END] AS dep,
            CASE WHEN alea(i, 2) < 0.49 THEN 'ACI' WHEN alea(i, 2) < 0.75 THEN 'EI' WHEN alea(i, 2) < 0.91 THEN 'AI'
                WHEN alea(i, 2) < 0.99 THEN 'ETTI' ELSE 'EITI' END AS cat,
            2 + power(alea(i, 3), 3) * 60 AS etp,
            (1 - alea(i, 4) * 0.35) AS taux
        FROM range(1, {ns + 1}) AS t(i)""")
    chemins = {v: dossier / f"{v}.parquet" for v in (
        "Structure", "AnnexeFinanciere", "ContratMission", "EtatMensuelIndiv", "Salarie", "Formations", "RefMotifSort",
        "RefCategorieSort")}  # fmt: skip

    def ecrire(vue: str, requete: str) -> None:
        base.execute(f"COPY ({requete}) TO '{chemins[vue]}' (FORMAT parquet, COMPRESSION zstd)")

    ecrire(
        "Structure",
        """SELECT CAST(id AS BIGINT) AS structure_id_siae,
        CASE WHEN length(dep) = 3 THEN dep || '01' ELSE dep || '001' END AS structure_adresse_admin_code_insee
        FROM structures ORDER BY id""",
    )
    heures = "CASE cat WHEN 'ACI' THEN 1820 WHEN 'AI' THEN 1607 WHEN 'ETTI' THEN 1600 ELSE 1505 END"
    base.execute(f"""
        CREATE TABLE annexes AS
        SELECT CAST(s.id * 10 + (a - {annee} + 2) AS BIGINT) AS annexe, s.*, a AS annee
        FROM structures AS s, range({annee - 2}, {annee + 1}) AS y(a)""")
    ecrire(
        "AnnexeFinanciere",
        f"""SELECT CAST(id AS BIGINT) AS af_id_structure,
        cat || CASE WHEN cat IN ('ACI', 'EI') AND alea(id, 9) < 0.01 THEN '_MP' ELSE '_DC' END AS af_mesure_dispositif_code,
        cat || lpad(dep, 3, '0') || right(CAST(annee AS VARCHAR), 2) || lpad(CAST(id AS VARCHAR), 4, '0')
            AS af_numero_annexe_financiere,
        CAST(0 AS BIGINT) AS af_numero_avenant_renouvellement, CAST(v AS BIGINT) AS af_numero_avenant_modification,
        annexe AS af_id_annexe_financiere, CAST(annexe * 10 + v AS BIGINT) AS af_id_avenant_modification,
        CASE WHEN v = 1 THEN 'VALIDE' ELSE 'HISTORISE' END AS af_etat_annexe_financiere_code,
        make_date(annee, 1, 1) AS af_date_debut_effet, make_date(annee, 12, 31) AS af_date_fin_effet,
        CAST(etp AS DECIMAL(18,4)) AS af_etp_postes_insertion,
        CAST(CASE WHEN alea(id, 8) < 0.02 THEN NULL ELSE {heures} END AS DECIMAL(18,4)) AS af_duree_heure_annuel_etp_valeur,
        CAST(CASE cat WHEN 'ACI' THEN 23921 WHEN 'AI' THEN 1619 WHEN 'ETTI' THEN 4781 ELSE 13304 END AS DECIMAL(18,2))
            AS af_montant_unitaire_annuel_valeur,
        CAST(round(CAST(etp AS DECIMAL(18,4)) * CASE cat WHEN 'ACI' THEN 23921 WHEN 'AI' THEN 1619 WHEN 'ETTI' THEN 4781
            ELSE 13304 END, 2) AS DECIMAL(18,2)) AS af_montant_total_annuel,
        CAST(CASE WHEN cat = 'ACI' AND alea(id, 7) < 0.4 THEN etp * 2000 ELSE 0 END AS DECIMAL(18,2)) AS af_mt_cofinance,
        CAST(etp / 8 AS DECIMAL(18,4)) AS af_etp_encadrement_tech_accomp_sociop_annee_prec,
        CAST(etp AS BIGINT) AS af_nb_prev_sorties,
        CAST(60 AS DECIMAL(18,2)) AS af_taux_prev_sorties_dynamiques, CAST(25 AS DECIMAL(18,2)) AS af_taux_prev_sorties_durable,
        CAST(20 AS DECIMAL(18,2)) AS af_taux_prev_sorties_trans, CAST(15 AS DECIMAL(18,2)) AS af_taux_prev_sorties_positives
        FROM annexes, range(0, 2) AS z(v)""",
    )
    base.execute(
        "CREATE TABLE poids AS SELECT id, cat, etp, SUM(etp) OVER (ORDER BY id) / SUM(etp) OVER () AS cumul FROM structures"
    )
    base.execute(f"""
        CREATE TABLE affectations AS
        SELECT n AS personne, k, alea(n * 7 + k, 11) AS tirage FROM range(1, {np_ + 1}) AS t(n), range(0, 2) AS u(k)
        WHERE k = 0 OR alea(n, 12) < 0.06""")
    base.execute("""
        CREATE TABLE salaries AS
        SELECT a.personne * 2 + a.k AS pph, a.personne, p.id, p.cat
        FROM affectations AS a ASOF JOIN (SELECT id, cat, cumul - etp / (SELECT SUM(etp) FROM poids) AS bas FROM poids) AS p
        ON a.tirage >= p.bas""")
    ecrire(
        "Salarie",
        f"""SELECT CAST(pph AS BIGINT) AS salarie_id, sha256(CAST(personne AS VARCHAR)) AS personne,
        CASE WHEN alea(personne, 21) < 0.45 THEN 'F' ELSE 'H' END AS sexe,
        CAST({annee} - 18 - CAST(floor(alea(personne, 22) * 44) AS INTEGER) AS VARCHAR) || '-06' AS naissance,
        alea(personne, 23) < 0.97 AS agrement, CASE WHEN alea(personne, 24) < 0.22 THEN 'QP' ELSE 'NQP' END AS salarie_adr_qpv_type,
        alea(personne, 25) < 0.15 AS salarie_adr_is_zrr FROM salaries""",
    )
    base.execute(f"""
        CREATE TABLE contrats AS
        SELECT pph * 4 + c AS ctr, pph, id, cat, c,
            CAST(make_date({annee - 2}, 6, 1) + CAST(floor(alea(pph, 31) * 700) AS INTEGER)
                + CAST(c * (CASE WHEN cat IN ('AI', 'ETTI') THEN 60 ELSE 180 END) AS INTEGER)
                + CASE WHEN alea(pph * 4 + c, 32) < 0.2 THEN 20 ELSE 0 END AS DATE) AS debut
        FROM salaries, range(0, 3) AS t(c) WHERE c < 2 + floor(alea(pph, 33) * 2)""")
    ecrire(
        "ContratMission",
        """SELECT CAST(id AS BIGINT) AS contrat_id_structure, cat || '_DC' AS contrat_mesure_disp_code,
        CAST(pph AS BIGINT) AS contrat_id_pph, CAST(ctr AS BIGINT) AS contrat_id_ctr, debut AS contrat_date_embauche,
        CAST(debut + CAST(CASE WHEN cat IN ('AI', 'ETTI') THEN 59 ELSE 179 END AS INTEGER) AS DATE) AS contrat_date_fin_contrat,
        CAST(NULL AS DATE) AS contrat_date_sortie_definitive,
        CAST(CASE WHEN c >= 1 THEN 1 + CAST(floor(alea(ctr, 41) * 23) AS BIGINT) END AS BIGINT) AS contrat_motif_sortie_id,
        CAST(CASE WHEN c >= 1 THEN 1 + CAST(floor(alea(ctr, 41) * 23) AS BIGINT) END AS VARCHAR) AS contrat_motif_sortie_code,
        CAST(1 + CAST(floor(alea(pph, 42) * 8) AS INTEGER) AS VARCHAR) AS contrat_orienteur_code,
        ['50','51','60','70','0','40','30'][1 + CAST(floor(alea(pph, 43) * 7) AS INTEGER)] AS contrat_niveau_de_formation_code,
        CAST(CAST(floor(alea(pph, 44) * 5) AS INTEGER) AS VARCHAR) AS contrat_salarie_pe_duree_code,
        CASE WHEN alea(pph, 45) < 0.35 THEN 'OUI-NM' ELSE 'NON' END AS contrat_salarie_rsa,
        alea(pph, 46) < 0.06 AS contrat_salarie_ass, alea(pph, 47) < 0.03 AS contrat_salarie_aah,
        alea(pph, 48) < 0.09 AS contrat_beneficiaire_rqth, alea(pph, 49) < 0.2 AS contrat_salarie_mobilite
        FROM contrats""",
    )
    ecrire(
        "EtatMensuelIndiv",
        f"""
        WITH mois AS (SELECT make_date(a, m, 1) AS mois, a, m FROM range({annee - 2}, {annee + 1}) AS y(a), range(1, 13) AS z(m))
        SELECT CAST(c.id * 10 + (a - {annee} + 2) AS BIGINT) AS emi_afi_id, CAST(m AS BIGINT) AS emi_sme_mois,
            CAST(a AS BIGINT) AS emi_sme_annee, CAST(1 + v AS BIGINT) AS emi_sme_version, CAST(c.pph AS BIGINT) AS emi_pph_id,
            CAST(c.ctr AS BIGINT) AS emi_ctr_id,
            CAST(round((60 + 80 * alea(c.ctr * 100 + m, 51)) * s.taux * (1 + 0.15 * sin(m * 0.52 + length(s.cat)))
                * CASE WHEN v = 1 THEN 1.02 ELSE 1 END, 2) AS DECIMAL(18,2)) AS emi_nb_heures_travail,
            CAST(c.ctr * 1000 + (a - {annee} + 2) * 100 + m * 2 + v AS BIGINT) AS emi_dsm_id,
            CAST(NULL AS BIGINT) AS emi_motif_sortie_id, CAST(NULL AS VARCHAR) AS emi_motif_sortie_code
        FROM contrats AS c JOIN structures AS s ON s.id = c.id
        JOIN mois ON mois.mois >= date_trunc('month', c.debut)
            AND mois.mois <= c.debut + CAST(CASE WHEN c.cat IN ('AI', 'ETTI') THEN 59 ELSE 179 END AS INTEGER)
        CROSS JOIN range(0, 2) AS w(v)
        WHERE v = 0 OR alea(c.ctr * 13 + m, 52) < 0.03
        ORDER BY a, m""",
    )
    ecrire(
        "Formations",
        """SELECT CAST(ctr AS BIGINT) AS formation_id_for, CAST(ctr AS BIGINT) AS formation_id_ctr,
        CAST(debut + 30 AS DATE) AS formation_date_debut, CAST(7 + CAST(floor(alea(ctr, 61) * 60) AS INTEGER) AS DECIMAL(18,2))
        AS formation_duree_heures, CAST(30 AS DECIMAL(18,2)) AS formation_duree_minutes FROM contrats WHERE alea(ctr, 62) < 0.25""",
    )
    categories = "[3,3,1,1,3,4,4,4,1,2,1,3,1,2,3,5,5,5,5,5,5,5]"
    ecrire(
        "RefMotifSort",
        f"""SELECT CAST(i AS BIGINT) AS rms_id, CAST(i AS VARCHAR) AS rms_code, 'Motif ' || i AS rms_libelle,
        CAST({categories}[i] AS BIGINT) AS rcs_id FROM range(1, 23) AS t(i)""",
    )
    ecrire(
        "RefCategorieSort",
        """SELECT * FROM (VALUES (1::BIGINT, '1', 'Emploi durable'), (2, '2', 'Emploi de transition'),
        (3, '3', 'Sorties positives'), (4, '4', 'Autres sorties'), (5, '5', 'Retrait des sorties constatées'))
        AS t(rcs_id, rcs_code, rcs_libelle)""",
    )
    base.close()
    return chemins
