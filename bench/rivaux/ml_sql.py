"""The same figures in SQL written by hand, in its best form: one text for DuckDB and for PostgreSQL.

Year 2025, frame of 2026, parameters by default. Each table is read once; youths are told apart once per relation by a
`GROUP BY`; three counts are added up in each 64-bit sum. Counts only: no status, no rate, no check, no text.
"""

from __future__ import annotations

from collections.abc import Iterator

ANNEE = 2025
D0, D1 = f"DATE '{ANNEE}-01-01'", f"DATE '{ANNEE}-12-31'"
JAMAIS = "DATE '9999-12-31'"
MODALITES = (
    ("sexe", "femme", "sexe = 'F'"), ("sexe", "homme", "sexe = 'H'"), ("age", "16_17", "age >= 16 AND age < 18"),
    ("age", "18_21", "age >= 18 AND age < 22"), ("age", "22_25", "age >= 22 AND age < 26"),
    ("niveau_formation", "infra_3", "niveau IN ('VI', 'Vbis')"), ("niveau_formation", "3", "niveau = 'V'"),
    ("niveau_formation", "4", "niveau = 'IV'"), ("niveau_formation", "5", "niveau = 'III'"),
    ("niveau_formation", "6_et_plus", "niveau IN ('II', 'I')"), ("diplome", "oui", "diplome_obtenu"),
    ("diplome", "non", "NOT diplome_obtenu"), ("zus_qpv", "oui", "qpv"), ("zrr_frr", "oui", "zrr"),
)  # fmt: skip
DISPOSITIFS = ("PACEA", "CEJ", "COTRAITANCE", "AUTRE")
RECUS = "type IN ('entretien_individuel', 'atelier', 'info_collective')"
MOIS = "CAST(extract(month FROM {0}) AS int) - 1"
# Indicators of persons: relation, then code and the month mask that a row brings.
THEMES = {
    "ACT08n": "domaine = 'professionnel'", "ACT08an": "domaine = 'professionnel' AND theme = 'emploi'",
    "ACT08bn": "domaine = 'professionnel' AND theme = 'formation'",
    "ACT08cn": "domaine = 'professionnel' AND theme = 'projet_professionnel'", "ACT09n": "domaine = 'social'",
    "ACT09an": "domaine = 'social' AND theme = 'logement'", "ACT09bn": "domaine = 'social' AND theme = 'sante'",
    "ACT10n": "domaine = 'vie_sociale'", "ACT10an": "domaine = 'vie_sociale' AND theme = 'citoyennete'",
    "ACT10bn": "domaine = 'vie_sociale' AND theme = 'loisirs_sports_culture'",
}  # fmt: skip
PERSONNES = {
    "activite": {"ACT01": "contact", "ACT02": "entretien", "ACT02a": "premier"},
    "propositions": {code: code.lower() for code in THEMES},
    "demande": {"ACT07": "jdi", "ACT07a": "CASE WHEN faible THEN jdi ELSE 0 END"},
    "entrees": {
        "ACT04": "CASE WHEN principal THEN m ELSE 0 END", "ACT04a": "CASE WHEN principal AND faible THEN m ELSE 0 END",
        "ACT04b": "CASE WHEN principal AND femme THEN m ELSE 0 END", "ACT04c": "CASE WHEN principal AND zone THEN m ELSE 0 END",
        "ACT05": "m",
    },
    "situations": {
        "RES01": "m", "RES01a": "CASE WHEN formation THEN m ELSE 0 END", "RES01b": "CASE WHEN emploi THEN m ELSE 0 END",
        "RES01b1": "CASE WHEN durable THEN m ELSE 0 END", "RES01b2": "CASE WHEN alternance THEN m ELSE 0 END",
    },
    "sorties": {
        "RES03": "m", "RES03b": "CASE WHEN emploi THEN m ELSE 0 END", "RES03b4": "CASE WHEN durable THEN m ELSE 0 END",
        "RES03b5": "CASE WHEN cie THEN m ELSE 0 END", "RES03b6": "CASE WHEN alternance THEN m ELSE 0 END",
        "RES03c": "CASE WHEN formation THEN m ELSE 0 END", "RES03c1": "CASE WHEN qualifiante THEN m ELSE 0 END",
        "RES03x": "CASE WHEN inconnue THEN m ELSE 0 END",
    },
}  # fmt: skip
DE_DISPOSITIF = {"entrees", "sorties"}


def largeur(relation: str) -> int:
    """How many modalities a relation has."""
    return len(MODALITES) + (len(DISPOSITIFS) if relation in DE_DISPOSITIF else 0)


def mots(cle: str, relation: str) -> list[str]:
    """Words of an indicator: months, quarters, first months, modalities; three counters of 21 bits in each."""

    def triplets(expression: str, premier: int, nombre: int, pas: int = 1) -> Iterator[str]:
        for debut in range(0, nombre, 3):
            n = min(3, nombre - debut)
            lus, fois = (sum(1 << (r * p) for r in range(n)) for p in (pas, 21 - pas))
            places = sum(1 << (21 * r) for r in range(n))
            yield f"((({expression} >> {premier + debut * pas}) & {lus}) * {fois}::bigint) & {places}::bigint"

    premiers = f"(({cle} & 4095) & -({cle} & 4095))"
    trimestres = f"(({cle} | ({cle} >> 1) | ({cle} >> 2)) & 585)"
    return [
        *triplets(cle, 0, 12),
        *triplets(trimestres, 0, 4, 3),
        *triplets(premiers, 0, 12),
        *triplets(cle, 12, largeur(relation)),
    ]


def etats() -> Iterator[tuple[str, str]]:
    """Files, states, segments of the year."""
    yield (
        "dossiers",
        """
        SELECT CAST(row_number() OVER () AS int) AS d, ml_id, jeune_id, sexe, naissance_mois AS naissance,
            count(*) OVER (PARTITION BY jeune_id) > 1 AS partage FROM jeune""",
    )
    yield (
        "etats",
        f"""
        SELECT d.d, e.date_debut AS debut, least(coalesce(e.date_fin, {JAMAIS}), coalesce(lead(e.date_debut) OVER (
            PARTITION BY d.d ORDER BY e.date_debut) - 1, {JAMAIS})) AS fin, niveau, diplome_obtenu, qpv, zrr
        FROM jeune_etat AS e JOIN dossiers AS d ON d.ml_id = e.ml_id AND d.jeune_id = e.jeune_id WHERE e.date_debut <= {D1}""",
    )
    points = f"""
        SELECT d, {D0} AS p FROM dossiers UNION SELECT d, debut FROM etats WHERE debut > {D0}
        UNION SELECT d, fin + 1 FROM etats WHERE fin >= {D0} AND fin < {D1}
        UNION SELECT d, make_date({ANNEE}, CAST(extract(month FROM naissance) AS int), 1) FROM dossiers
            WHERE {ANNEE} - CAST(extract(year FROM naissance) AS int) IN (16, 18, 22, 26)"""
    bits = " + ".join(f"CASE WHEN {c} THEN {1 << r} ELSE 0 END" for r, (_, _, c) in enumerate(MODALITES))
    fins = " + ".join(
        f"CASE WHEN debut <= {fin} AND fin >= {fin} THEN {1 << m} ELSE 0 END" for m, fin in enumerate(fins_de_mois())
    )
    yield (
        "segments",
        f"""
        SELECT CAST(row_number() OVER () AS int) AS s, d, ml_id, jeune_id, partage, debut, fin, {bits} AS bits, {fins} AS fins,
            coalesce(niveau IN ('VI', 'Vbis') OR (niveau = 'V' AND NOT diplome_obtenu), false) AS faible,
            coalesce(sexe = 'F', false) AS femme, coalesce(qpv, false) AS zone, coalesce(age < 26, true) AS jeune
        FROM (
            SELECT x.*, o.ml_id, o.jeune_id, o.partage, o.sexe, e.niveau, e.diplome_obtenu, e.qpv, e.zrr,
                CAST(extract(year FROM x.debut) AS int) - CAST(extract(year FROM naissance) AS int)
                - CASE WHEN extract(month FROM x.debut) < extract(month FROM naissance) THEN 1 ELSE 0 END AS age
            FROM (SELECT d, p AS debut, coalesce(lead(p) OVER (PARTITION BY d ORDER BY p) - 1, {D1}) AS fin FROM ({points}) AS t) AS x
            JOIN dossiers AS o ON o.d = x.d LEFT JOIN etats AS e ON e.d = x.d AND e.debut <= x.debut AND e.fin >= x.debut
        ) AS y""",
    )


def fins_de_mois() -> list[str]:
    """Last day of each month, as SQL."""
    return [f"(DATE '{ANNEE}-{m:02d}-01' + INTERVAL '1 month' - INTERVAL '1 day')::date" for m in range(1, 13)]


def fenetre(jour: str, mois: int) -> str:
    """Bits of the month ends whose window of some months holds a day."""
    return " + ".join(
        f"CASE WHEN {jour} <= {fin} AND {jour} > ({fin} - INTERVAL '{mois} month')::date THEN {1 << m} ELSE 0 END"
        for m, fin in enumerate(fins_de_mois())
    )


def relations() -> Iterator[tuple[str, str]]:
    """Rows of every relation: file, bits, measures."""
    un_mois = f"CASE WHEN {{0}} >= {D0} THEN 1 << ({MOIS}) ELSE 0 END"
    yield (
        "jours",
        f"""
        SELECT j AS jour, {un_mois.format("j")} AS bit, {fenetre("j", 5)} AS fenetre FROM (
            SELECT DISTINCT date_evt AS j FROM actualite WHERE date_evt <= {D1} UNION SELECT DISTINCT date_prop FROM proposition WHERE date_prop <= {D1}
        ) AS t""",
    )
    yield (
        "actualites",
        f"""
        SELECT s.s, s.d, s.ml_id, s.bits, s.partage, bit_or(j.bit) AS contact, bit_or(CASE WHEN {RECUS} THEN j.bit ELSE 0 END) AS entretien,
            bit_or(CASE WHEN {RECUS} THEN j.fenetre ELSE 0 END) AS fenetre, min(CASE WHEN {RECUS} THEN date_evt END) AS premier
        FROM actualite AS a JOIN jours AS j ON j.jour = a.date_evt
        JOIN segments AS s ON s.ml_id = a.ml_id AND s.jeune_id = a.jeune_id AND s.debut <= greatest(date_evt, {D0}) AND s.fin >= greatest(date_evt, {D0})
        GROUP BY s.s, s.d, s.ml_id, s.bits, s.partage""",
    )
    yield (
        "activite",
        f"""
        SELECT a.d, a.ml_id, a.bits, a.partage, a.contact, a.entretien,
            CASE WHEN a.premier = p.premier THEN {un_mois.format("a.premier")} ELSE 0 END AS premier
        FROM actualites AS a LEFT JOIN (SELECT d, min(premier) AS premier FROM actualites GROUP BY d HAVING min(premier) >= {D0}) AS p ON p.d = a.d""",
    )
    themes = ", ".join(f"bit_or(CASE WHEN {c} THEN j.bit ELSE 0 END) AS {code.lower()}" for code, c in THEMES.items())
    yield (
        "propositions",
        f"""
        SELECT s.d, s.ml_id, s.bits, s.partage, {themes}
        FROM proposition AS a JOIN jours AS j ON j.jour = a.date_prop
        JOIN segments AS s ON s.ml_id = a.ml_id AND s.jeune_id = a.jeune_id AND s.debut <= date_prop AND s.fin >= date_prop
        WHERE date_prop BETWEEN {D0} AND {D1} GROUP BY s.s, s.d, s.ml_id, s.bits, s.partage""",
    )
    fin = "coalesce(date_fin_prevue, date_fin)"
    yield (
        "situations_lues",
        f"""
        SELECT situation_id, ml_id, jeune_id, date_debut, date_fin, categorie IN ('EMPLOI', 'ALTERNANCE') AS emploi,
            categorie = 'ALTERNANCE' AS alternance, categorie = 'FORMATION' AS formation, categorie = 'SCOLARITE' AS scolarite,
            coalesce(categorie = 'ALTERNANCE' OR (categorie = 'EMPLOI' AND (contrat IN ({{sans_duree}})
                OR (contrat IN ({{avec_duree}}) AND {fin} > date_debut + INTERVAL '6 month')) {{non_marchand}}), false) AS durable,
            coalesce(categorie IN ('EMPLOI', 'ALTERNANCE') AND contrat = 'CIE', false) AS cie,
            categorie = 'FORMATION' AND coalesce(qualifiante, false) AS qualifiante
        FROM situation""",
    )
    ouvertes = " + ".join(
        f"CASE WHEN date_debut <= {f} AND coalesce(date_fin, {JAMAIS}) >= {f} THEN {1 << m} ELSE 0 END"
        for m, f in enumerate(fins_de_mois())
    )
    yield (
        "demande",
        f"""
        SELECT s.d, s.ml_id, s.bits, s.partage, s.faible, a.fenetre & ~coalesce(o.exclue, 0) & s.fins AS jdi
        FROM (SELECT d, bit_or(fenetre) AS fenetre FROM actualites WHERE fenetre > 0 GROUP BY d) AS a
        JOIN segments AS s ON s.d = a.d
        LEFT JOIN (SELECT ml_id, jeune_id, bit_or({ouvertes}) AS exclue FROM situations_lues
            WHERE durable OR alternance OR qualifiante OR scolarite GROUP BY ml_id, jeune_id) AS o ON o.ml_id = s.ml_id AND o.jeune_id = s.jeune_id
        WHERE s.jeune AND a.fenetre & ~coalesce(o.exclue, 0) & s.fins <> 0""",
    )
    yield (
        "situations",
        f"""
        SELECT s.d, s.ml_id, s.bits, s.partage, 1 << ({MOIS.format("date_debut")}) AS m, formation, emploi, durable, alternance
        FROM situations_lues AS x JOIN segments AS s ON s.ml_id = x.ml_id AND s.jeune_id = x.jeune_id AND s.debut <= date_debut AND s.fin >= date_debut
        WHERE date_debut BETWEEN {D0} AND {D1} AND (formation OR emploi)""",
    )
    bit = " ".join(f"WHEN '{n}' THEN {1 << (len(MODALITES) + r)}" for r, n in enumerate(DISPOSITIFS))
    yield (
        "parcours_lus",
        f"""
        SELECT *, CASE nom {bit} END AS bit_dispositif FROM (
            SELECT *, CASE WHEN dispositif IN ('PACEA', 'CEJ', 'COTRAITANCE') THEN dispositif
                WHEN dispositif LIKE 'AUTRE:%' AND type_appui IN ({{appuis}}) THEN 'AUTRE' END AS nom FROM parcours
        ) AS p WHERE nom IS NOT NULL""",
    )
    yield (
        "entrees",
        f"""
        SELECT s.d, s.ml_id, s.bits | bit_dispositif AS bits, s.partage, 1 << ({MOIS.format("date_entree")}) AS m, nom <> 'AUTRE' AS principal,
            s.faible, s.femme, s.zone
        FROM parcours_lus AS x JOIN segments AS s ON s.ml_id = x.ml_id AND s.jeune_id = x.jeune_id AND s.debut <= date_entree AND s.fin >= date_entree
        WHERE date_entree BETWEEN {D0} AND {D1} AND (nom <> 'COTRAITANCE' OR financable)""",
    )
    yield (
        "sorties",
        f"""
        SELECT s.d, s.ml_id, s.bits | bit_dispositif AS bits, s.partage, 1 << ({MOIS.format("date_sortie")}) AS m,
            i.situation_id IS NULL AS inconnue, coalesce(i.emploi, false) AS emploi, coalesce(i.durable, false) AS durable, coalesce(i.cie, false) AS cie,
            coalesce(i.alternance, false) AS alternance, coalesce(i.formation, false) AS formation, coalesce(i.qualifiante, false) AS qualifiante
        FROM parcours_lus AS x JOIN segments AS s ON s.ml_id = x.ml_id AND s.jeune_id = x.jeune_id AND s.debut <= date_sortie AND s.fin >= date_sortie
        LEFT JOIN situations_lues AS i ON i.situation_id = x.situation_sortie_id
        WHERE date_sortie BETWEEN {D0} AND {D1} AND date_sortie >= date_entree""",
    )


def comptes() -> Iterator[tuple[str, str]]:
    """Distinct youths of every indicator, added up by mission locale then by level."""
    for relation, indicateurs in PERSONNES.items():
        cles = ", ".join(
            f"bit_or(CASE WHEN ({m}) <> 0 THEN CAST({m} AS bigint) | (CAST(bits AS bigint) << 12) ELSE 0 END) AS k{n}"
            for n, m in enumerate(indicateurs.values())
        )
        noms = [f"k{n}" for n in range(len(indicateurs))]
        memes = ", ".join(f"bit_or({k}) AS {k}" for k in noms)
        if relation == "activite":
            memes = memes.replace("bit_or(k2)", "0")  # a first interview is first at a mission locale: they are added
        yield f"k_{relation}", f"SELECT ml_id, d, partage, {cles} FROM {relation} GROUP BY ml_id, d, partage"
        hauts = " UNION ALL ".join(
            f"SELECT '{niveau}' AS niveau, {code} AS code, false AS partage, {memes} FROM k_{relation} AS k JOIN dossiers AS o ON o.d = k.d "
            f"JOIN structure AS t ON t.ml_id = k.ml_id WHERE k.partage GROUP BY {code}, o.jeune_id"
            for niveau, code in (
                ("departement", "dept_code"),
                ("region", "region_code"),
                ("france", "CAST('FR' AS varchar)"),
            )
        ).replace("GROUP BY CAST('FR' AS varchar), ", "GROUP BY ")
        sommes = [mot for k in noms for mot in mots(k, relation)]
        ecrites = ", ".join(f"CAST(sum({mot}) AS bigint) AS w{n}" for n, mot in enumerate(sommes))
        yield (
            f"w_{relation}",
            f"""
            SELECT niveau, code, partage, {ecrites} FROM (
                SELECT 'ml' AS niveau, ml_id AS code, partage, {", ".join(noms)} FROM k_{relation} UNION ALL {hauts}
            ) AS x GROUP BY niveau, code, partage""",
        )


def instructions(reglages: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every table to make, in order, with its SELECT."""
    yield from etats()
    for nom, requete in relations():
        yield nom, requete.format(**reglages) if "{" in requete else requete
    yield from comptes()
