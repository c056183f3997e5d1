"""The rival: the same figures of one year in DuckDB SQL written by hand, in its best form (same rewrite, two threads).

`calculer` stops at wide tables, floats where they are faster: no text, no status. `delivrer` goes on to what is asked for, one
row per figure with its numerator, its denominator and its status, as fast as DuckDB turns columns into rows.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

ANNEE = 2025
DRAPEAUX = {
    ("sexe", "homme"): "sexe = 'H'", ("sexe", "femme"): "sexe = 'F'",
    ("age", "moins_26"): "2025 - naissance < 26", ("age", "50_et_plus"): "2025 - naissance >= 50",
    ("niveau_formation", "cap_bep"): "niveau IN (50, 51)", ("niveau_formation", "infra_cap"): "niveau IN (1, 60, 70)",
    ("niveau_formation", "non_certifiante"): "niveau = 0", ("rsa", "oui"): "rsa", ("ass", "oui"): "ass",
    ("aah", "oui"): "aah", ("rqth", "oui"): "rqth", ("zus_qpv", "oui"): "qpv", ("zrr_frr", "oui"): "zrr",
    ("inscription", "12_23_mois"): "duree = 3", ("inscription", "24_mois_et_plus"): "duree = 4",
}  # fmt: skip
NIVEAU_1 = "(rsa OR ass OR aah OR duree = 4)"
NIVEAU_2 = (
    f"(NOT {NIVEAU_1} AND CAST(rqth AS INT) + CAST(mobilite AS INT) + CAST(niveau IN (50, 51, 1, 60, 70) AS INT)"
    " + CAST(2025 - naissance < 26 AS INT) + CAST(2025 - naissance >= 50 AS INT) + CAST(duree = 3 AS INT)"
    " + CAST(qpv AS INT) + CAST(zrr AS INT) >= 2)"
)
CLES = {"siae": "siae", "departement": "dep", "region": "region", "france": "'FR'"}


def bits() -> dict[tuple[str, str, str], str]:
    """Condition of each count of persons."""
    present, embauche = "mois > 0", "embauche"
    lus = {("iae.publics.presents", "", ""): present, ("iae.publics.embauches", "", ""): embauche}
    for (v, m), condition in DRAPEAUX.items():
        lus["iae.publics.presents", v, m] = f"{present} AND {condition}"
        lus["iae.publics.embauches", v, m] = f"embauche AND {condition}"
    lus["iae.eligibilite.agrements", "", ""] = "embauche AND agrement"
    lus["n.niveau_1", "", ""] = f"embauche AND {NIVEAU_1}"
    lus["n.niveau_2", "", ""] = f"embauche AND {NIVEAU_2}"
    lus["n.auto", "", ""] = "embauche AND orienteur IN (7, 8)"
    lus["iae.formation.personnes", "", ""] = f"{present} AND forme"
    for mois in range(1, 13):
        lus["mois", "", f"{mois:02d}"] = f"(mois >> {mois - 1}) & 1 = 1"
    return lus


def calculer(dossier: Path, regions: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """Compute everything and return the connection that holds the wide tables."""
    b = duckdb.connect()
    b.execute("SET threads=2; SET memory_limit='2GB'")

    def lire(vue: str) -> str:
        return f"'{dossier / vue}.parquet'"

    b.execute("CREATE TEMP TABLE deps (dep VARCHAR, region VARCHAR)")
    b.executemany("INSERT INTO deps VALUES (?, ?)", list(regions.items()))
    b.execute(f"""
        CREATE TEMP TABLE a AS SELECT * EXCLUDE (rn) FROM (
            SELECT af_id_annexe_financiere AS annexe, af_id_structure AS id, split_part(af_mesure_dispositif_code, '_', 1) AS cat,
                af_mesure_dispositif_code LIKE '%MP' AS mp, af_date_debut_effet AS debut, af_date_fin_effet AS fin,
                CAST(af_etp_postes_insertion AS DOUBLE) AS etp, CAST(af_montant_unitaire_annuel_valeur AS DOUBLE) AS unitaire,
                CAST(COALESCE(af_duree_heure_annuel_etp_valeur, CASE split_part(af_mesure_dispositif_code, '_', 1)
                    WHEN 'ACI' THEN 1820 WHEN 'AI' THEN 1607 WHEN 'ETTI' THEN 1600 ELSE 1505 END) AS DOUBLE) AS h,
                CAST(af_montant_total_annuel AS DOUBLE) AS total, CAST(af_mt_cofinance AS DOUBLE) AS cofinance,
                CAST(af_etp_encadrement_tech_accomp_sociop_annee_prec AS DOUBLE) AS encadrement, af_nb_prev_sorties AS prev,
                CAST(af_taux_prev_sorties_dynamiques AS DOUBLE) AS t_dyn, CAST(af_taux_prev_sorties_durable AS DOUBLE) AS t_dur,
                CAST(af_taux_prev_sorties_trans AS DOUBLE) AS t_tra, CAST(af_taux_prev_sorties_positives AS DOUBLE) AS t_pos,
                row_number() OVER (PARTITION BY af_id_annexe_financiere ORDER BY
                    CASE af_etat_annexe_financiere_code WHEN 'VALIDE' THEN 0 WHEN 'PROVISOIRE' THEN 1 ELSE 2 END,
                    af_numero_avenant_modification DESC, af_id_avenant_modification DESC) AS rn
            FROM {lire("AnnexeFinanciere")}
            WHERE af_etat_annexe_financiere_code IN ('VALIDE', 'PROVISOIRE', 'CLOTURE') AND af_mesure_dispositif_code NOT LIKE 'FDI%'
        ) WHERE rn = 1;
        CREATE TEMP TABLE s AS SELECT row_number() OVER () AS n, id, cat, id || '-' || cat AS siae, d.dep, d.region
        FROM (SELECT DISTINCT id, cat FROM a)
        JOIN (SELECT structure_id_siae AS id, CASE WHEN left(structure_adresse_admin_code_insee, 2) = '97'
            THEN left(structure_adresse_admin_code_insee, 3) ELSE left(structure_adresse_admin_code_insee, 2) END AS dep
            FROM {lire("Structure")}) USING (id) JOIN deps AS d USING (dep);
        CREATE TEMP TABLE an AS SELECT a.*, s.n FROM a JOIN s USING (id, cat)""")
    b.execute(f"""
        CREATE TEMP TABLE m AS
        WITH e AS (SELECT emi_afi_id AS annexe, CAST(emi_sme_mois AS INT) AS mois, emi_pph_id AS pph, emi_ctr_id AS ctr,
                emi_sme_version AS v, CAST(emi_nb_heures_travail AS DOUBLE) AS heures FROM {lire("EtatMensuelIndiv")}
            WHERE emi_sme_annee = {ANNEE}),
        r AS (SELECT annexe, mois, pph, ctr, max(v) AS v FROM e WHERE v > 1 GROUP BY ALL)
        SELECT e.annexe, an.n, an.mp, e.mois, e.pph, e.ctr, e.heures FROM e JOIN an USING (annexe)
        LEFT JOIN r USING (annexe, mois, pph, ctr) WHERE r.v IS NULL OR r.v = e.v""")
    _etp(b)
    _personnes(b, lire)
    _sorties(b, lire)
    return b


def _niveaux(mesures: str, depuis: str, cles: str, tables: str) -> str:
    """Sum by level, then by category above the SIAE, in one pass."""
    autres = f", {cles}" if cles else ""
    ensembles = ", ".join(
        f"({', '.join(c for c in (k, *cles.split(', ')) if c)})" for k in ("siae", "dep", "region", "", "dep, cat", "region, cat", "cat")
    )  # fmt: skip
    return f"""CREATE TEMP TABLE {tables} AS SELECT siae, dep, region, cat{autres}, {mesures}
        FROM {depuis} JOIN s USING (n) GROUP BY GROUPING SETS ({ensembles})"""


def _etp(b: duckdb.DuckDBPyConnection) -> None:
    b.execute(f"""
        CREATE TEMP TABLE am AS
        WITH h AS (SELECT annexe, mois, SUM(heures) AS heures FROM m GROUP BY ALL),
        c AS (SELECT annexe, CAST(t.mois AS INT) AS mois FROM an, range(1, 13) AS t(mois)
            WHERE make_date({ANNEE}, t.mois, 1) <= fin AND last_day(make_date({ANNEE}, t.mois, 1)) >= debut)
        SELECT annexe, mois, CAST(c.annexe IS NOT NULL AS INT) AS couvert, COALESCE(heures, 0) AS heures,
            CAST(h.annexe IS NOT NULL AS INT) AS saisi FROM c FULL JOIN h USING (annexe, mois);
        CREATE TEMP TABLE cal AS SELECT '{ANNEE}' AS periode, CAST(mois AS INT) AS mois, 1 AS f FROM range(1, 13) AS t(mois)
            UNION ALL SELECT format('{ANNEE}-{{:02d}}', mois), CAST(mois AS INT), 12 FROM range(1, 13) AS t(mois)
            UNION ALL SELECT format('{ANNEE}-{{:02d}}-cumul', k), CAST(mois AS INT), 1 FROM range(1, 13) AS t(mois), range(1, 13) AS u(k)
            WHERE mois <= k;
        CREATE TEMP TABLE ap AS
        WITH x AS (SELECT annexe, periode, f, SUM(couvert) AS couvert, SUM(heures) AS heures, MAX(saisi) AS saisi
            FROM am JOIN cal USING (mois) GROUP BY ALL),
        y AS (SELECT x.*, an.*, x.heures * f / h AS realises, etp * couvert * f / 12 AS conventionnes,
                datediff('month', debut, fin) + 1 AS duree,
                length(periode) = 4 AND row_number() OVER (PARTITION BY periode, n, mp ORDER BY debut DESC, annexe DESC) = 1 AS derniere
            FROM x JOIN an USING (annexe))
        SELECT n, periode, realises, conventionnes, heures, saisi, LEAST(realises, conventionnes) * unitaire AS utilisee,
            total * couvert / duree AS allouee, cofinance * couvert / duree AS cofinance,
            CASE WHEN derniere THEN encadrement ELSE 0 END AS encadrement, prev, prev * t_dyn AS dyn, prev * t_dur AS dur, prev * t_tra AS tra, prev * t_pos AS pos
        FROM y WHERE NOT mp""")
    mesures = ", ".join(
        f"SUM({c}) AS {c}"
        for c in ("realises", "conventionnes", "heures", "saisi", "utilisee", "allouee", "cofinance", "encadrement", "prev", "dyn", "dur", "tra", "pos")
    )  # fmt: skip
    par_siae = f"(SELECT n, periode, {mesures} FROM ap GROUP BY ALL)"
    taux = (
        ", 100 * SUM(realises) / NULLIF(SUM(conventionnes), 0) AS taux, SUM(realises) - SUM(conventionnes) AS ecart,"
        " 100 * SUM(cofinance) / NULLIF(SUM(allouee), 0) AS part_cd, 10 * SUM(encadrement) / NULLIF(SUM(realises), 0) AS pour_10,"
        " SUM(dyn) / NULLIF(SUM(prev), 0) AS o_dyn, SUM(dur) / NULLIF(SUM(prev), 0) AS o_dur,"
        " SUM(tra) / NULLIF(SUM(prev), 0) AS o_tra, SUM(pos) / NULLIF(SUM(prev), 0) AS o_pos"
    )
    b.execute(_niveaux(mesures + taux, par_siae, "periode", "r_etp"))
    saisie = """(SELECT n, SUM(c) AS attendus, SUM(c * s) AS saisis FROM (
        SELECT n, mois, MAX(couvert) AS c, MAX(saisi) AS s FROM am JOIN an USING (annexe) WHERE NOT mp GROUP BY ALL) GROUP BY n)"""
    b.execute(_niveaux("SUM(attendus) AS attendus, SUM(saisis) AS saisis", saisie, "", "r_saisie"))


def _personnes(b: duckdb.DuckDBPyConnection, lire) -> None:
    b.execute(f"""
        CREATE TEMP TABLE sal AS SELECT salarie_id AS pph, k.p, sexe, CAST(left(naissance, 4) AS INT) AS naissance, agrement,
            salarie_adr_qpv_type = 'QP' AS qpv, salarie_adr_is_zrr AS zrr
        FROM {lire("Salarie")} JOIN (SELECT personne, min(salarie_id) AS p FROM {lire("Salarie")} GROUP BY ALL) AS k USING (personne);
        CREATE TEMP TABLE c AS SELECT contrat_id_ctr AS ctr, s.n, contrat_mesure_disp_code LIKE '%MP' AS mp, contrat_id_pph AS pph, sal.p,
            contrat_date_embauche AS debut, COALESCE(contrat_date_sortie_definitive, contrat_date_fin_contrat) AS fin,
            contrat_motif_sortie_id AS motif, CAST(contrat_niveau_de_formation_code AS INT) AS niveau,
            CAST(contrat_salarie_pe_duree_code AS INT) AS duree, contrat_salarie_rsa LIKE 'OUI%' AS rsa, contrat_salarie_ass AS ass,
            contrat_salarie_aah AS aah, contrat_beneficiaire_rqth AS rqth, contrat_salarie_mobilite AS mobilite,
            CAST(contrat_orienteur_code AS INT) AS orienteur
        FROM {lire("ContratMission")} JOIN s ON s.id = contrat_id_structure AND s.cat = split_part(contrat_mesure_disp_code, '_', 1)
        JOIN sal ON sal.pph = contrat_id_pph;
        CREATE TEMP TABLE sej AS
        WITH w AS (SELECT n, p, ctr, debut, fin, max(fin) OVER (PARTITION BY n, p ORDER BY debut, fin, ctr
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS avant
            FROM c SEMI JOIN (SELECT DISTINCT n, p FROM c WHERE fin >= DATE '{ANNEE}-01-01' AND debut <= DATE '{ANNEE}-12-31') AS x USING (n, p)),
        z AS (SELECT *, SUM(CAST(avant IS NULL OR debut > avant + 1 AS INT)) OVER (PARTITION BY n, p ORDER BY debut, fin, ctr) AS k FROM w)
        SELECT n, p, k, min(debut) AS debut, max(fin) AS fin, arg_min(ctr, (debut, fin, ctr)) AS premier,
            arg_max(ctr, (fin, debut, ctr)) AS dernier FROM z GROUP BY ALL""")
    conditions = bits()
    masque = " | ".join(f"(CAST(COALESCE({e}, false) AS BIGINT) << {k})" for k, e in enumerate(conditions.values()))
    sommes = ", ".join(f"SUM((b >> {k}) & 1) AS b{k}" for k in range(len(conditions)))
    relance = ", ".join(f"SUM(b{k}) AS b{k}" for k in range(len(conditions)))
    b.execute(f"""
        CREATE TEMP TABLE masques AS
        WITH p AS (SELECT n, mp, pph, ctr, bit_or(CASE WHEN heures > 0 THEN 1 << (mois - 1) ELSE 0 END) AS mois, false AS embauche
            FROM m GROUP BY ALL
            UNION ALL SELECT sej.n, c.mp, c.pph, c.ctr, 0, true FROM sej JOIN c ON c.ctr = premier
            WHERE sej.debut BETWEEN DATE '{ANNEE}-01-01' AND DATE '{ANNEE}-12-31'),
        f AS (SELECT DISTINCT formation_id_ctr AS ctr FROM {lire("Formations")} WHERE year(formation_date_debut) = {ANNEE})
        SELECT p.n, sal.p, bit_or({masque}) AS b
        FROM (SELECT p.*, f.ctr IS NOT NULL AS forme FROM p LEFT JOIN f USING (ctr) WHERE NOT mp) AS p
        JOIN sal USING (pph) LEFT JOIN c USING (ctr) GROUP BY ALL;
        CREATE TEMP TABLE multi AS SELECT p FROM masques GROUP BY p HAVING count(*) > 1;
        CREATE TEMP TABLE seuls AS SELECT n, {sommes} FROM masques ANTI JOIN multi USING (p) GROUP BY n""")
    b.execute(_niveaux(relance, "seuls", "", "r_seuls"))
    ensembles = "(siae, p), (dep, p), (region, p), (p), (dep, cat, p), (region, cat, p), (cat, p)"
    b.execute(f"""CREATE TEMP TABLE r_multi AS SELECT siae, dep, region, cat, {sommes} FROM (
        SELECT siae, dep, region, cat, p, bit_or(b) AS b FROM masques SEMI JOIN multi USING (p) JOIN s USING (n)
        GROUP BY GROUPING SETS ({ensembles})) GROUP BY ALL;
        CREATE TEMP TABLE r_personnes AS SELECT siae, dep, region, cat, {relance}
        FROM (SELECT * FROM r_seuls UNION ALL BY NAME SELECT * FROM r_multi) GROUP BY ALL""")
    formations = f"""(SELECT c.n, SUM(formation_duree_heures + formation_duree_minutes / 60) AS heures FROM {lire("Formations")}
        JOIN c ON c.ctr = formation_id_ctr WHERE year(formation_date_debut) = {ANNEE} AND NOT c.mp GROUP BY ALL)"""
    b.execute(_niveaux("SUM(heures) AS heures", formations, "", "r_formations"))


def _sorties(b: duckdb.DuckDBPyConnection, lire) -> None:
    b.execute(f"""
        CREATE TEMP TABLE f AS SELECT n, p, max(fin) AS fin, arg_max(dernier, fin) AS ctr FROM sej
            WHERE fin BETWEEN DATE '{ANNEE}-01-01' AND DATE '{ANNEE}-12-31' GROUP BY ALL;
        CREATE TEMP TABLE h AS SELECT n, sal.p, SUM(heures) AS h FROM m JOIN sal USING (pph) GROUP BY ALL;
        CREATE TEMP TABLE x AS
        WITH d AS (SELECT sej.n, sej.p, min(sej.debut) AS debut, SUM(sej.fin - sej.debut + 1) AS jours
            FROM sej JOIN f ON f.n = sej.n AND f.p = sej.p AND sej.fin <= f.fin GROUP BY ALL),
        peu AS (SELECT DISTINCT c.pph FROM f JOIN s USING (n) LEFT JOIN h USING (n, p) JOIN c USING (n, p)
            WHERE s.cat IN ('AI', 'ETTI') AND COALESCE(h.h, 0) < 150),
        e AS (SELECT emi_afi_id AS annexe, emi_sme_annee AS an, emi_sme_mois AS mois, emi_pph_id AS pph, emi_ctr_id AS ctr,
                emi_sme_version AS v, CAST(emi_nb_heures_travail AS DOUBLE) AS heures
            FROM {lire("EtatMensuelIndiv")} SEMI JOIN peu ON peu.pph = emi_pph_id WHERE emi_sme_annee < {ANNEE}),
        r AS (SELECT annexe, an, mois, pph, ctr, max(v) AS v FROM e WHERE v > 1 GROUP BY ALL),
        av AS (SELECT an.n, sal.p, SUM(e.heures) AS h FROM e LEFT JOIN r USING (annexe, an, mois, pph, ctr)
            JOIN an ON an.annexe = e.annexe JOIN sal USING (pph) WHERE r.v IS NULL OR r.v = e.v GROUP BY ALL)
        SELECT f.n, f.p, rs.rcs_id AS classe, rs.rms_code AS motif, c.mp, CASE
            WHEN s.cat IN ('ACI', 'EI') AND NOT d.debut + CAST(d.jours AS INT) > d.debut + INTERVAL 3 MONTH THEN 1
            WHEN (s.cat IN ('ACI', 'EI') AND COALESCE(h.h, 0) < 1)
                OR (s.cat IN ('AI', 'ETTI') AND COALESCE(h.h, 0) + COALESCE(av.h, 0) < 150) THEN 2
            WHEN rs.rcs_id = 5 THEN 3 ELSE 0 END AS exclu
        FROM f JOIN s USING (n) JOIN d USING (n, p) JOIN c ON c.ctr = f.ctr LEFT JOIN h USING (n, p) LEFT JOIN av USING (n, p)
        LEFT JOIN {lire("RefMotifSort")} AS rs ON rs.rms_id = c.motif""")
    mesures = {
        "constatees": "true", "duree": "exclu = 1", "heures": "exclu = 2", "retrait": "exclu = 3", "examinees": "exclu = 0",
        "durable": "exclu = 0 AND classe = 1", "transition": "exclu = 0 AND classe = 2",
        "positive": "exclu = 0 AND classe = 3", "autre": "exclu = 0 AND classe = 4",
        "motif_inconnu": "exclu = 0 AND classe IS NULL",
    }  # fmt: skip
    sommes = ", ".join(f"SUM(CAST(COALESCE({e}, false) AS INT)) AS {c}" for c, e in mesures.items())
    relance = ", ".join(f"SUM({c}) AS {c}" for c in mesures)
    b.execute(_niveaux(relance, f"(SELECT n, {sommes} FROM x WHERE NOT mp GROUP BY n)", "", "r_sorties"))
    par_motif = f"(SELECT n, COALESCE(motif, '') AS motif, {sommes} FROM x WHERE NOT mp GROUP BY ALL)"
    b.execute(_niveaux(relance, par_motif, "motif", "r_motifs"))
    b.execute("""CREATE TEMP TABLE r_dispersion AS
        WITH t AS (
            SELECT siae, 'iae.sorties.taux_dynamique' AS i, 100.0 * (durable + transition + positive) / examinees AS v FROM r_sorties WHERE siae IS NOT NULL AND examinees > 0
            UNION ALL SELECT siae, 'iae.sorties.taux_durable', 100.0 * durable / examinees FROM r_sorties WHERE siae IS NOT NULL AND examinees > 0
            UNION ALL SELECT siae, 'iae.sorties.taux_transition', 100.0 * transition / examinees FROM r_sorties WHERE siae IS NOT NULL AND examinees > 0
            UNION ALL SELECT siae, 'iae.sorties.taux_positive', 100.0 * positive / examinees FROM r_sorties WHERE siae IS NOT NULL AND examinees > 0
            UNION ALL SELECT siae, 'iae.etp.taux_realisation', taux FROM r_etp WHERE siae IS NOT NULL AND length(periode) = 4 AND saisi > 0)
        SELECT CASE WHEN GROUPING(dep) = 0 THEN dep END AS dep, CASE WHEN GROUPING(region) = 0 THEN region END AS region, s.cat, i,
            list_sort(list(v)) AS l FROM t JOIN s USING (siae)
        GROUP BY GROUPING SETS ((dep, s.cat, i), (region, s.cat, i), (s.cat, i))""")


CLE = """CASE WHEN siae IS NOT NULL THEN 'siae' WHEN dep IS NOT NULL THEN 'departement' WHEN region IS NOT NULL THEN 'region' ELSE 'france' END AS niveau,
    COALESCE(siae, dep, region, 'FR') AS code, CASE WHEN cat IS NULL THEN '' ELSE 'categorie' END AS v, COALESCE(cat, '') AS m"""
# Figure of r_etp: column of its value, numerator and denominator if it is a rate.
SOMMES = {"realises": "iae.etp.realises", "conventionnes": "iae.etp.conventionnes", "heures": "iae.etp.heures",
          "utilisee": "iae.aide.utilisee", "allouee": "iae.aide.allouee", "cofinance": "iae.aide.cofinancement",
          "encadrement": "iae.encadrement.etp", "prev": "iae.objectifs.sorties_prevues", "ecart": "iae.etp.ecart"}  # fmt: skip
TAUX = {"taux": ("iae.etp.taux_realisation", "realises", "conventionnes"),
        "part_cd": ("iae.aide.part_departement", "cofinance", "allouee"),
        "pour_10": ("iae.encadrement.etp_pour_10_etp", "encadrement", "realises"),
        "o_dyn": ("iae.objectifs.dynamique", "dyn", "prev"), "o_dur": ("iae.objectifs.durable", "dur", "prev"),
        "o_tra": ("iae.objectifs.transition", "tra", "prev"), "o_pos": ("iae.objectifs.positive", "pos", "prev")}  # fmt: skip
CUMULES, MENSUELS = ("utilisee", "ecart"), ("realises", "conventionnes", "taux")
Colonne = tuple[
    str, str, str, str, str, str, str
]  # figure, breakdown, modality, period, numerator, denominator, value


def delivrer(dossier: Path, regions: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """Compute everything and return the connection that holds `valeurs`, one row per figure."""
    b = calculer(dossier, regions)
    b.execute("""CREATE TEMP TABLE valeurs (niveau VARCHAR, code VARCHAR, indicateur VARCHAR, ventilation VARCHAR, modalite VARCHAR,
        periode VARCHAR, numerateur DOUBLE, denominateur DOUBLE, valeur DOUBLE, statut VARCHAR)""")
    for longueur, noms in (
        (4, [*SOMMES, *TAUX]), (7, ["realises", "conventionnes", "taux"]), (13, [*MENSUELS, *CUMULES]),
    ):  # fmt: skip
        _en_lignes(b, f"(SELECT * FROM r_etp WHERE length(periode) = {longueur})", [_etp_de(nom) for nom in noms])
    _en_lignes(b, "r_personnes", list(_des_personnes()))
    _en_lignes(b, "r_personnes", list(_des_publics()), "cat IS NULL")
    _en_lignes(b, "r_sorties", list(_des_sorties()))
    exclues = [
        ("iae.sorties.exclues", "motif_exclusion", nom, f"'{ANNEE}'", nom, "NULL", nom)
        for nom in ("duree", "heures", "retrait")
    ]
    _en_lignes(b, "r_sorties", exclues, "cat IS NULL")
    noms = {"constatees": "motif"} | {
        n: n for n in ("durable", "transition", "positive", "autre", "motif_inconnu", "examinees")
    }
    _en_lignes(b, "(SELECT * FROM r_motifs WHERE motif <> '')",
               [(f"iae.sorties.{code}", "motif_sortie", "=motif", f"'{ANNEE}'", f"NULLIF({nom}, 0)", "NULL", f"NULLIF({nom}, 0)")
                for nom, code in noms.items()], "cat IS NULL")  # fmt: skip
    _en_lignes(b, "r_saisie", [("iae.etp.mois_saisis", "", "", f"'{ANNEE}'", "saisis", "NULL", "saisis")])
    _en_lignes(b, "r_formations", [("iae.formation.heures", "", "", f"'{ANNEE}'", "heures", "NULL", "heures")])
    b.execute(f"""INSERT INTO valeurs SELECT CASE WHEN dep IS NOT NULL THEN 'departement' WHEN region IS NOT NULL THEN 'region' ELSE 'france' END,
        COALESCE(dep, region, 'FR'), i, 'dispersion_' || cat, unnest(['q1', 'mediane', 'q3']), '{ANNEE}', NULL, len(l),
        unnest([l[(len(l) + 3) // 4], l[(len(l) * 2 + 3) // 4], l[(len(l) * 3 + 3) // 4]]), 'disponible' FROM r_dispersion""")
    return b


def _en_lignes(b: duckdb.DuckDBPyConnection, depuis: str, colonnes: list[Colonne], condition: str = "true") -> None:
    """Turn the columns of a wide table into rows; what is not known has no row, a rate over nothing says so."""

    def liste(rang: int) -> str:
        return ", ".join(str(c[rang]) for c in colonnes)

    def textes(rang: int) -> str:
        return ", ".join(c[rang][1:] if c[rang].startswith("=") else f"'{c[rang]}'" for c in colonnes)

    b.execute(f"""INSERT INTO valeurs
        SELECT niveau, code, i, CASE WHEN vi = '' THEN v ELSE vi END, CASE WHEN mi = '' THEN m ELSE mi END, p, num, den, val,
            CASE WHEN val IS NULL THEN 'non_calculable' ELSE 'disponible' END
        FROM (SELECT {CLE}, unnest([{textes(0)}]) AS i, unnest([{textes(1)}]) AS vi, unnest([{textes(2)}]) AS mi,
                unnest([{liste(3)}]) AS p, unnest([{", ".join(f"CAST({c[4]} AS DOUBLE)" for c in colonnes)}]) AS num,
                unnest([{", ".join(f"CAST({c[5]} AS DOUBLE)" for c in colonnes)}]) AS den,
                unnest([{", ".join(f"CAST({c[6]} AS DOUBLE)" for c in colonnes)}]) AS val
            FROM {depuis} WHERE {condition}) WHERE num IS NOT NULL""")


def _etp_de(nom: str) -> Colonne:
    if nom in SOMMES:
        return SOMMES[nom], "", "", "periode", nom, "NULL", nom
    indicateur, haut, bas = TAUX[nom]
    return indicateur, "", "", "periode", haut, bas, nom


def _part(indicateur: str, haut: str, bas: str) -> Colonne:
    return indicateur, "", "", f"'{ANNEE}'", haut, bas, f"100 * {haut} / NULLIF({bas}, 0)"


def _des_personnes():
    rangs = {cle: f"b{rang}" for rang, cle in enumerate(bits())}
    for (indicateur, v, m), b in rangs.items():
        if indicateur == "mois":
            yield "iae.publics.presents", "", "", f"'{ANNEE}-{m}'", b, "NULL", b
        elif not indicateur.startswith("n.") and not v:
            yield indicateur, "", "", f"'{ANNEE}'", b, "NULL", b
    presents, embauches = rangs["iae.publics.presents", "", ""], rangs["iae.publics.embauches", "", ""]
    yield _part("iae.formation.part", rangs["iae.formation.personnes", "", ""], presents)
    for nom, cle in (
        ("critere_niveau_1", "niveau_1"),
        ("criteres_niveau_2", "niveau_2"),
        ("auto_prescription", "auto"),
    ):
        yield _part(f"iae.eligibilite.{nom}", rangs[f"n.{cle}", "", ""], embauches)


def _des_publics():
    """Breakdowns of the persons, not crossed with the category."""
    for rang, (indicateur, v, m) in enumerate(bits()):
        if v:
            yield indicateur, v, m, f"'{ANNEE}'", f"b{rang}", "NULL", f"b{rang}"


def _des_sorties():
    for nom in ("constatees", "examinees", "durable", "transition", "positive", "autre", "motif_inconnu"):
        yield f"iae.sorties.{nom}", "", "", f"'{ANNEE}'", nom, "NULL", nom
    dynamiques = "(durable + transition + positive)"
    yield "iae.sorties.dynamique", "", "", f"'{ANNEE}'", dynamiques, "NULL", dynamiques
    yield _part("iae.sorties.taux_dynamique", dynamiques, "examinees")
