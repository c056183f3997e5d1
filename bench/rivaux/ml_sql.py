"""The same figures in SQL written by hand, in its best form: one text for DuckDB and for PostgreSQL.

Year 2025, frame of 2026, parameters by default, every count of the catalogue. Each table is read once; youths are told
apart once per relation by a `GROUP BY`; three counts are added up in each 64-bit sum. Counts only: no status, no rate, no
resource, no check, no text.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.rivaux.ml_sql_suite import autres_relations, evenements

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


def si(condition: str, mesure: str = "m") -> str:
    """A measure, under a condition."""
    return f"CASE WHEN {condition} THEN {mesure} ELSE 0 END"


PERSONNES = {
    "activite": {"ACT01": "contact", "ACT02": "entretien", "ACT02a": "premier", "COUV0a": si("resident", "contact")},
    "propositions": {code: code.lower() for code in THEMES},
    "demande": {"ACT07": "jdi", "ACT07a": si("faible", "jdi"), "ACT07s": "jdi", "COUV0b": si("resident", "jdi")},
    "attente": {"ACT12": "reste", "ACT12a": si("faible", "reste")},
    "entrees": {
        "ACT04": si("principal"), "ACT04a": si("principal AND faible"), "ACT04b": si("principal AND femme"),
        "ACT04c": si("principal AND zone"), "ACT05": "m",
    },
    "presence": {"ACT11": "m", "ACT11c": si("contractuel")},
    "situations": {
        "RES01": "m", "RES01a": si("formation"), "RES01b": si("emploi"), "RES01b1": si("durable"), "RES01b2": si("alternance"),
    },
    "sorties": {
        "RES03": "m", "RES03a": si("faible"), "RES03b": si("emploi"), "RES03b1": si("court"),
        "RES03b2": si("emploi AND rapide"), "RES03b3": si("emploi AND dans_lannee"), "RES03b4": si("durable"),
        "RES03b5": si("cie"), "RES03b6": si("alternance"), "RES03c": si("formation"), "RES03c1": si("qualifiante"),
        "RES03x": si("inconnue"),
    },
    "mises_en_relation": {"ENT02": "m"}, "mises_en_relation_ml": {"ENT02a": "m"}, "contacts": {"ENT04": "m"},
    "parrainages": {"ENT05": "m"}, "parrains": {"ENT06": "m"},
    "periodes": {"ENT08": si("immersion"), "ENT08a": si("immersion AND courte")},
}  # fmt: skip
# Counted on the last day of each month, their modalities on the last of the year.
STOCKS = {"ACT07s", "ACT12", "ACT12a", "ACT11", "ACT11c"}
ANNUELS = {"COUV0a", "COUV0b"}
SANS_DECOUPAGE = {"ENT04", "ENT06", "ACT11c", *ANNUELS}
# Summed above the mission locale, where the others are told apart.
SOMMES = {"ACT02a"}
DE_DISPOSITIF = {"entrees", "sorties", "presence"}


def largeur(relation: str) -> int:
    """How many modalities a relation has."""
    return len(MODALITES) + (len(DISPOSITIFS) if relation in DE_DISPOSITIF else 0)


def champs(code: str, relation: str) -> list[tuple[str, int]]:
    """Counters of an indicator, in order, with how many there are of each."""
    decoupes = [] if code in SANS_DECOUPAGE else [("modalites", largeur(relation))]
    if code in STOCKS:
        return [("mois", 12), *decoupes]
    return [("premiers", 12)] if code in ANNUELS else [("mois", 12), ("trimestres", 4), ("premiers", 12), *decoupes]


def mots(cle: str, code: str, relation: str) -> list[str]:
    """Words of an indicator: three counters of 21 bits in each."""

    def triplets(expression: str, premier: int, nombre: int, pas: int = 1) -> Iterator[str]:
        for debut in range(0, nombre, 3):
            n = min(3, nombre - debut)
            lus, fois = (sum(1 << (r * p) for r in range(n)) for p in (pas, 21 - pas))
            places = sum(1 << (21 * r) for r in range(n))
            yield f"((({expression} >> {premier + debut * pas}) & {lus}) * {fois}::bigint) & {places}::bigint"

    premiers = f"(({cle} & 4095) & -({cle} & 4095))"
    trimestres = f"(({cle} | ({cle} >> 1) | ({cle} >> 2)) & 585)"
    sources = {
        "mois": (cle, 0, 1),
        "trimestres": (trimestres, 0, 3),
        "premiers": (premiers, 0, 1),
        "modalites": (cle, 12, 1),
    }
    return [
        mot for nom, nombre in champs(code, relation)
        for mot in triplets(sources[nom][0], sources[nom][1], nombre, sources[nom][2])
    ]  # fmt: skip


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
            PARTITION BY d.d ORDER BY e.date_debut) - 1, {JAMAIS})) AS fin, niveau, diplome_obtenu, qpv, zrr,
            coalesce(niveau IN ('VI', 'Vbis') OR (niveau = 'V' AND NOT diplome_obtenu), false) AS faible,
            e.commune_code IS NULL OR z.commune_code IS NOT NULL AS resident
        FROM jeune_etat AS e JOIN dossiers AS d ON d.ml_id = e.ml_id AND d.jeune_id = e.jeune_id
        LEFT JOIN (SELECT DISTINCT ml_id, commune_code FROM zone_ml WHERE date_debut <= {D1} AND coalesce(date_fin, {JAMAIS}) >= {D0}) AS z
            ON z.ml_id = e.ml_id AND z.commune_code = e.commune_code
        WHERE e.date_debut <= {D1}""",
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
            coalesce(faible, false) AS faible, coalesce(resident, true) AS resident,
            coalesce(sexe = 'F', false) AS femme, coalesce(qpv, false) AS zone, coalesce(age < 26, true) AS jeune
        FROM (
            SELECT x.*, o.ml_id, o.jeune_id, o.partage, o.sexe, e.niveau, e.diplome_obtenu, e.qpv, e.zrr, e.faible, e.resident,
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
        SELECT j AS jour, {un_mois.format("j")} AS bit, {fenetre("j", 5)} AS fenetre, {fenetre("j", 3)} AS prop,
            CAST(floor((extract(month FROM j) - 1) / 3.0) AS int) AS mot, CASE WHEN j >= {D0} THEN CAST(1 AS bigint) << (21 * ((CAST(extract(month FROM j) AS int) - 1) % 3)) ELSE 0 END AS unite FROM (
            SELECT DISTINCT date_evt AS j FROM actualite WHERE date_evt <= {D1} UNION SELECT DISTINCT date_prop FROM proposition WHERE date_prop <= {D1}
        ) AS t""",
    )
    entretiens = ", ".join(
        f"CAST(sum(CASE WHEN a.type = 'entretien_individuel' AND j.mot = {mot} THEN j.unite ELSE 0 END) AS bigint) AS n{mot}"
        for mot in range(4)
    )
    yield (
        "actualites",
        f"""
        SELECT s.s, s.d, s.ml_id, s.bits, s.partage, s.resident, a.site_id, {entretiens}, bit_or(j.bit) AS contact, bit_or(CASE WHEN {RECUS} THEN j.bit ELSE 0 END) AS entretien,
            bit_or(CASE WHEN {RECUS} THEN j.fenetre ELSE 0 END) AS fenetre, min(CASE WHEN {RECUS} THEN date_evt END) AS premier
        FROM actualite AS a JOIN jours AS j ON j.jour = a.date_evt
        JOIN segments AS s ON s.ml_id = a.ml_id AND s.jeune_id = a.jeune_id AND s.debut <= greatest(date_evt, {D0}) AND s.fin >= greatest(date_evt, {D0})
        GROUP BY s.s, s.d, s.ml_id, s.bits, s.partage, s.resident, a.site_id""",
    )
    yield (
        "activite",
        f"""
        SELECT a.d, a.ml_id, a.site_id, a.bits, a.partage, a.resident, a.contact, a.entretien,
            CASE WHEN a.premier = p.premier THEN {un_mois.format("a.premier")} ELSE 0 END AS premier
        FROM actualites AS a LEFT JOIN (SELECT d, min(premier) AS premier FROM actualites GROUP BY d HAVING min(premier) >= {D0}) AS p ON p.d = a.d""",
    )
    themes = ", ".join(f"bit_or(CASE WHEN {c} THEN j.bit ELSE 0 END) AS {code.lower()}" for code, c in THEMES.items())
    yield (
        "propositions",
        f"""
        SELECT s.d, s.ml_id, s.bits, s.partage, bit_or(j.prop) AS prop, {themes}
        FROM proposition AS a JOIN jours AS j ON j.jour = a.date_prop
        JOIN segments AS s ON s.ml_id = a.ml_id AND s.jeune_id = a.jeune_id AND s.debut <= greatest(date_prop, {D0}) AND s.fin >= greatest(date_prop, {D0})
        GROUP BY s.s, s.d, s.ml_id, s.bits, s.partage""",
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
            coalesce(categorie IN ('EMPLOI', 'ALTERNANCE') AND {fin} > date_debut + INTERVAL '3 month' AND {fin} < date_debut + INTERVAL '6 month', false) AS court,
            categorie = 'FORMATION' AND coalesce(qualifiante, false) AS qualifiante
        FROM situation""",
    )
    ouvertes = " + ".join(
        f"CASE WHEN date_debut <= {f} AND coalesce(date_fin, {JAMAIS}) >= {f} THEN {1 << m} ELSE 0 END"
        for m, f in enumerate(fins_de_mois())
    )
    yield (
        "demandes",
        f"""
        SELECT s.d, s.ml_id, s.bits, s.partage, s.faible, s.resident, a.fenetre & ~coalesce(o.exclue, 0) & s.fins AS jdi, coalesce(o.occupe, 0) AS occupe
        FROM (SELECT d, bit_or(fenetre) AS fenetre FROM actualites WHERE fenetre > 0 GROUP BY d) AS a
        JOIN segments AS s ON s.d = a.d
        LEFT JOIN (
            SELECT ml_id, jeune_id, bit_or(CASE WHEN durable OR alternance OR qualifiante OR scolarite THEN ouverte ELSE 0 END) AS exclue,
                bit_or(CASE WHEN emploi OR formation THEN ouverte ELSE 0 END) AS occupe
            FROM (SELECT *, {ouvertes} AS ouverte FROM situations_lues WHERE (emploi OR formation OR scolarite)
                AND date_debut <= {D1} AND (date_fin IS NULL OR date_fin >= {D0})) AS y
            GROUP BY ml_id, jeune_id
        ) AS o ON o.ml_id = s.ml_id AND o.jeune_id = s.jeune_id
        WHERE s.jeune AND a.fenetre & ~coalesce(o.exclue, 0) & s.fins <> 0""",
    )
    yield "demande", "SELECT * FROM demandes"
    yield (
        "attente",
        """
        SELECT f.d, f.ml_id, f.bits, f.partage, f.faible, f.jdi & ~f.occupe & ~coalesce(p.prop, 0) AS reste
        FROM demandes AS f LEFT JOIN (SELECT d, bit_or(prop) AS prop FROM propositions GROUP BY d) AS p ON p.d = f.d
        WHERE f.jdi & ~f.occupe & ~coalesce(p.prop, 0) <> 0""",
    )
    yield (
        "situations",
        f"""
        SELECT s.d, s.ml_id, s.bits, s.partage, {MOIS.format("date_debut")} AS mois, 1 << ({MOIS.format("date_debut")}) AS m, formation, emploi, durable, alternance
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
        SELECT s.d, s.ml_id, s.bits | bit_dispositif AS bits, s.partage, {MOIS.format("date_entree")} AS mois, 1 << ({MOIS.format("date_entree")}) AS m, nom <> 'AUTRE' AS principal,
            s.faible, s.femme, s.zone
        FROM parcours_lus AS x JOIN segments AS s ON s.ml_id = x.ml_id AND s.jeune_id = x.jeune_id AND s.debut <= date_entree AND s.fin >= date_entree
        WHERE date_entree BETWEEN {D0} AND {D1} AND (nom <> 'COTRAITANCE' OR financable)""",
    )
    yield (
        "sorties",
        f"""
        SELECT s.d, s.ml_id, s.bits | bit_dispositif AS bits, s.partage, {MOIS.format("date_sortie")} AS mois, 1 << ({MOIS.format("date_sortie")}) AS m,
            date_sortie - date_entree AS jours, date_sortie < date_entree + INTERVAL '6 month' AS rapide,
            date_sortie < date_entree + INTERVAL '12 month' AS dans_lannee, coalesce(e.faible, false) AS faible, coalesce(i.court, false) AS court,
            i.situation_id IS NULL AS inconnue, coalesce(i.emploi, false) AS emploi, coalesce(i.durable, false) AS durable, coalesce(i.cie, false) AS cie,
            coalesce(i.alternance, false) AS alternance, coalesce(i.formation, false) AS formation, coalesce(i.qualifiante, false) AS qualifiante
        FROM parcours_lus AS x JOIN segments AS s ON s.ml_id = x.ml_id AND s.jeune_id = x.jeune_id AND s.debut <= date_sortie AND s.fin >= date_sortie
        LEFT JOIN situations_lues AS i ON i.situation_id = x.situation_sortie_id
        LEFT JOIN etats AS e ON e.d = s.d AND e.debut <= date_entree AND e.fin >= date_entree
        WHERE date_sortie BETWEEN {D0} AND {D1} AND date_sortie >= date_entree""",
    )


def cles(relation: str) -> list[str]:
    """Masks of a row: months, and modalities where there is a month."""
    ecrites = []
    for n, (code, m) in enumerate(PERSONNES[relation].items()):
        quand = f"({m}) & 2048 <> 0" if code in STOCKS else f"({m}) <> 0"
        ecrites.append(
            f"bit_or(CASE WHEN {quand} THEN CAST({m} AS bigint) | (CAST(bits AS bigint) << 12) ELSE CAST({m} AS bigint) END) AS k{n}"
        )
    return ecrites


def comptes() -> Iterator[tuple[str, str]]:
    """Distinct youths of every indicator, added up by mission locale then by level."""
    for relation, indicateurs in PERSONNES.items():
        noms = [f"k{n}" for n in range(len(indicateurs))]
        masques, bas = ", ".join(cles(relation)), ", ".join(f"bit_or({k}) AS {k}" for k in noms)
        hauts = ", ".join(
            f"{0 if c in SOMMES else f'bit_or({k})'} AS {k}" for c, k in zip(indicateurs, noms, strict=True)
        )
        site = ""
        if relation == "activite":
            yield (
                "k_sites",
                f"SELECT site_id, ml_id, d, partage, {masques} FROM activite GROUP BY site_id, ml_id, d, partage",
            )
            yield "k_activite", f"SELECT ml_id, d, partage, {bas} FROM k_sites GROUP BY ml_id, d, partage"
            site = f"SELECT 'site' AS niveau, site_id AS code, false AS partage, {', '.join(noms)} FROM k_sites WHERE site_id IS NOT NULL UNION ALL "
        else:
            yield f"k_{relation}", f"SELECT ml_id, d, partage, {masques} FROM {relation} GROUP BY ml_id, d, partage"
        personne, joindre = (
            ("k.d", "") if relation == "contacts" else ("o.jeune_id", "JOIN dossiers AS o ON o.d = k.d")
        )
        territoires = " UNION ALL ".join(
            f"SELECT '{niveau}' AS niveau, {code} AS code, false AS partage, {hauts} FROM k_{relation} AS k {joindre} "
            f"JOIN structure AS t ON t.ml_id = k.ml_id WHERE k.partage GROUP BY {groupe}{personne}"
            for niveau, code, groupe in (
                ("departement", "dept_code", "dept_code, "), ("region", "region_code", "region_code, "),
                ("france", "CAST('FR' AS varchar)", ""),
            )
        )  # fmt: skip
        sommes = [mot for k, code in zip(noms, indicateurs, strict=True) for mot in mots(k, code, relation)]
        ecrites = ", ".join(f"CAST(sum({mot}) AS bigint) AS w{n}" for n, mot in enumerate(sommes))
        yield (
            f"w_{relation}",
            f"""
            SELECT niveau, code, partage, {ecrites} FROM (
                {site}SELECT 'ml' AS niveau, ml_id AS code, partage, {", ".join(noms)} FROM k_{relation} UNION ALL {territoires}
            ) AS x GROUP BY niveau, code, partage""",
        )


def instructions(reglages: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every table to make, in order, with its SELECT."""
    yield from etats()
    for nom, requete in (*relations(), *autres_relations()):
        yield nom, requete.format(**reglages) if "{" in requete else requete
    yield from comptes()
    yield from evenements()
