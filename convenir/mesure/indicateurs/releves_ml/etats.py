# ruff: noqa: E501 - a SQL clause stays on its line
"""Who the youths are, and what is known of each at every date: segments of the year in which nothing changes."""

from __future__ import annotations

from convenir.mesure.indicateurs.chargement import colonnes_de
from convenir.mesure.indicateurs.moteurs import Requete
from convenir.mesure.indicateurs.releves_ml.calendrier import AnneeMl, jours
from convenir.mesure.indicateurs.releves_ml.definitions import CatalogueMl
from convenir.mesure.indicateurs.releves_ml.lecture import Tables, table
from convenir.mesure.indicateurs.releves_ml.regles import Regles
from convenir.socle.commun.erreurs import EntreeInvalide

BORNES_DAGE = (16, 18, 22, 26)
# A youth has at most one segment a day: the segment of a file is a number of nine bits after that of the file.
PAR_DOSSIER = 512
# The days of the year on which segments begin, seven in an integer, each as what is left of 511: a day not given is 0.
BITS_DU_JOUR, PAR_ENTIER, DERNIER = 9, 7, 511
TOUJOURS = "DATE '9999-12-31'"
FAIBLE = "coalesce(niveau IN ('VI', 'Vbis') OR (niveau = 'V' AND NOT diplome_obtenu), false)"
# What leaves a level open: it is not known, or it is the one of which the diploma decides.
INCERTAIN = "niveau IS NULL OR (niveau = 'V' AND diplome_obtenu IS NULL)"


def preparer_dossiers(tables: Tables) -> None:
    """Make `dossiers`, one row per youth × mission locale, and `partages`, the person behind files of several.

    The number of a file is odd when its youth has another file: above the mission locale, the others are simply added.
    Files are numbered by mission locale: those of one are summed together (`comptage`).

    Raises:
        EntreeInvalide: no youth.
    """
    lus = tables.lire("jeune", "jeune_id", "ml_id", "sexe", "naissance_mois")
    # A file given twice is one file: the same youth of the same mission locale.
    tables.creer(
        "dossiers",
        f"""
        WITH uniques AS (
            SELECT r.ml, j.ml_id, j.jeune_id, min(j.sexe) AS sexe, min(j.naissance_mois) AS naissance
            FROM ({lus}) AS j JOIN reseau_ml AS r ON r.ml_id = j.ml_id GROUP BY r.ml, j.ml_id, j.jeune_id
        ),
        plusieurs AS (SELECT jeune_id FROM uniques GROUP BY jeune_id HAVING count(*) > 1),
        premiers AS (SELECT ml, sum(n) OVER (ORDER BY ml) - n AS avant FROM (SELECT ml, count(*) AS n FROM uniques GROUP BY ml) AS e)
        SELECT CAST((d.avant + row_number() OVER (PARTITION BY u.ml ORDER BY u.ml)) * 2
                + CASE WHEN p.jeune_id IS NULL THEN 0 ELSE 1 END AS INTEGER) AS dossier,
            u.ml, u.ml_id, u.jeune_id, u.sexe, CAST(date_trunc('month', u.naissance) AS DATE) AS naissance
        FROM uniques AS u JOIN premiers AS d ON d.ml = u.ml LEFT JOIN plusieurs AS p ON p.jeune_id = u.jeune_id""",
    )
    tables.creer(
        "partages",
        """
        SELECT d.dossier, p.personne FROM dossiers AS d JOIN (
            SELECT jeune_id, min(dossier) AS personne FROM dossiers WHERE dossier % 2 = 1 GROUP BY jeune_id
        ) AS p ON p.jeune_id = d.jeune_id""",
    )
    if not tables.moteur.un(Requete("SELECT count(*) FROM dossiers"))[0]:
        raise EntreeInvalide("La table jeune est vide, ou ses lignes ne se rattachent à aucune mission locale.")


def preparer_etats(tables: Tables, annee: AnneeMl, regles: Regles, cat: CatalogueMl) -> int:
    """Make `etats` (one row per segment of each file), `cles` (files and the bounds of their segments), `jours`.

    Returns:
        the most bounds that a file has, as `segment` wants it.
    """
    table(
        tables.base, "jours",
        {"jour": "DATE", "bit": "SMALLINT", "mois": "TINYINT", "entretien": "SMALLINT", "prop": "SMALLINT"},
        jours(annee, regles.entier("jdi.fenetre_mois"), regles.entier("sans_proposition.fenetre_mois")),
    )  # fmt: skip
    tables.moteur.donner("jours")
    _etats_lus(tables, annee, regles, cat)
    _segments(tables, annee, regles)
    bornes = int(str(tables.moteur.un(Requete("SELECT coalesce(max(tranche), 0) FROM segments"))[0]))
    _cles(tables, annee, bornes)
    _etats(tables, annee, regles, cat)
    return bornes


def _etats_lus(tables: Tables, annee: AnneeMl, regles: Regles, cat: CatalogueMl) -> None:
    """States begun by the end of the year, each until the eve of the next, with the bits that they alone decide."""
    d0, d1 = _bornes(annee)
    colonnes = (
        "jeune_id",
        "ml_id",
        "date_debut",
        "date_fin",
        "niveau",
        "diplome_obtenu",
        "commune_code",
        cat.grille.zone,
        "zrr",
    )
    residents = _residents_seulement(tables, regles)
    zones = f"""
        SELECT DISTINCT r.ml, z.commune_code FROM ({tables.lire("zone_ml", "ml_id", "commune_code", "date_debut", "date_fin")}) AS z
        JOIN reseau_ml AS r ON r.ml_id = z.ml_id
        WHERE z.date_debut <= {d1} AND coalesce(z.date_fin, {TOUJOURS}) >= {d0} AND z.commune_code IS NOT NULL"""
    # A youth whose commune is not known cannot be said to live elsewhere.
    resident = "x.commune_code IS NULL OR z.commune_code IS NOT NULL" if residents else "true"
    joindre = f"LEFT JOIN ({zones}) AS z ON z.ml = x.ml AND z.commune_code = x.commune_code" if residents else ""
    tables.creer(
        "etats_lus",
        f"""
        SELECT x.dossier, x.debut, x.fin, {_bits(cat, {"niveau", "diplome_obtenu", "zone", "zrr"})} AS bits, {FAIBLE} AS faible,
            {INCERTAIN} AS incertain, coalesce(zone, false) AS zone, zone IS NULL AS sans_zone, {resident} AS resident,
            {"x.commune_code IS NULL" if residents else "false"} AS sans_commune
        FROM (
            SELECT d.dossier, d.ml, e.date_debut AS debut, e.niveau, e.diplome_obtenu, e.commune_code, e.{cat.grille.zone} AS zone,
                e.zrr, least(coalesce(e.date_fin, {TOUJOURS}), coalesce(lead(e.date_debut) OVER (
                    PARTITION BY d.dossier ORDER BY e.date_debut, e.date_fin, e.niveau, e.diplome_obtenu, e.commune_code,
                    e.{cat.grille.zone}, e.zrr) - 1, {TOUJOURS})) AS fin
            FROM ({tables.lire("jeune_etat", *colonnes)}) AS e
            JOIN dossiers AS d ON d.ml_id = e.ml_id AND d.jeune_id = e.jeune_id
            WHERE e.date_debut <= {d1}
        ) AS x {joindre} WHERE x.fin >= x.debut""",
    )


def _residents_seulement(tables: Tables, regles: Regles) -> bool:
    """Tell whether a commune decides who counts in the coverage."""
    return regles.oui("couverture.residents_seulement") and tables.a("zone_ml")


def _segments(tables: Tables, annee: AnneeMl, regles: Regles) -> None:
    """Cut the year of each file where its state changes, and where the youth reaches an age that counts."""
    d0, d1 = _bornes(annee)
    ages = sorted(
        {regles.entier("jdi.age_maximal"), *(BORNES_DAGE if regles.choix("age.date") == "evenement" else ())}
    )
    tables.creer(
        "segments",
        f"""
        SELECT dossier, CAST(row_number() OVER (PARTITION BY dossier ORDER BY p) - 1 AS INTEGER) AS tranche, p AS debut,
            coalesce(lead(p) OVER (PARTITION BY dossier ORDER BY p) - 1, {d1}) AS fin
        FROM (
            SELECT dossier, {d0} AS p FROM dossiers
            UNION SELECT dossier, debut FROM etats_lus WHERE debut > {d0}
            UNION SELECT dossier, fin + 1 FROM etats_lus WHERE fin >= {d0} AND fin < {d1}
            UNION SELECT dossier, make_date({annee.annee}, CAST(month(naissance) AS INTEGER), 1) FROM dossiers
                WHERE {annee.annee} - year(naissance) IN ({", ".join(map(str, ages))}) AND month(naissance) <= {annee.mois}
        )""",
    )


def _cles(tables: Tables, annee: AnneeMl, bornes: int) -> None:
    """Every file with the bounds of its segments."""
    reste = f"CAST({DERNIER} - {_quantieme('debut', annee)} AS BIGINT)"
    entiers, noms = [], []
    for n in range(0, bornes, PAR_ENTIER):
        dedans = f"tranche BETWEEN {n + 1} AND {n + PAR_ENTIER}"
        place = f"CAST({BITS_DU_JOUR} * (tranche - {n + 1}) AS INTEGER)"
        entiers.append(f", CAST(sum(CASE WHEN {dedans} THEN {reste} << {place} ELSE 0 END) AS BIGINT) AS b{n}")
        noms.append(f", s.b{n}")
    joints = f"LEFT JOIN (SELECT dossier{''.join(entiers)} FROM segments WHERE tranche > 0 GROUP BY dossier) AS s ON s.dossier = d.dossier"
    tables.creer(
        "cles",
        f"SELECT d.dossier, d.ml, d.ml_id, d.jeune_id{''.join(noms)} FROM dossiers AS d {joints if bornes else ''}",
    )


def _quantieme(jour: str, annee: AnneeMl) -> str:
    """SQL of the number of a day, 1 for the first of January of the year."""
    return f"(date_diff('day', DATE '{annee.annee - 1}-12-31', {jour}))"


def _etats(tables: Tables, annee: AnneeMl, regles: Regles, cat: CatalogueMl) -> None:
    """Join each segment with what was known then, and write every modality as a bit."""
    # Only the month of birth is known: an age is reached on the first day of that month.
    quand = "s.debut" if regles.choix("age.date") == "evenement" else f"DATE '{annee.annee}-12-31'"
    age = f"year({quand}) - year(d.naissance) - CASE WHEN month({quand}) < month(d.naissance) THEN 1 ELSE 0 END"
    limite = f"naissance + INTERVAL {regles.entier('jdi.age_maximal')} YEAR"
    tables.creer(
        "etats",
        f"""
        SELECT CAST(dossier AS BIGINT) * {PAR_DOSSIER} + tranche AS segment, dossier, ml,
            coalesce(bits_etat, 0) + {_bits(cat, {"sexe", "age"})} AS bits, coalesce(faible, false) AS faible,
            coalesce(incertain, true) AS incertain, coalesce(sexe = 'F', false) AS femme, coalesce(zone, false) AS zone,
            coalesce(sans_zone, true) AS sans_zone, coalesce(resident, true) AS resident, coalesce(sans_commune, {str(_residents_seulement(tables, regles)).lower()}) AS sans_commune,
            coalesce({limite} > debut, true) AS jeune, {masque_des_fins("debut", "fin", annee)} AS fins,
            {masque_des_mois("debut", "fin", annee)} AS mois, debut, fin
        FROM (
            SELECT s.dossier, s.tranche, s.debut, s.fin, d.ml, d.sexe, d.naissance, {age} AS age, e.bits AS bits_etat,
                e.faible, e.incertain, e.zone, e.sans_zone, e.resident, e.sans_commune
            FROM segments AS s JOIN dossiers AS d ON d.dossier = s.dossier
            LEFT JOIN etats_lus AS e ON e.dossier = s.dossier AND e.debut <= s.debut AND e.fin >= s.debut
        )""",
    )


def _bits(cat: CatalogueMl, lues: set[str]) -> str:
    """SQL of the bits of the modalities written on some columns."""
    cas = [
        f"CASE WHEN coalesce({m.expression}, false) THEN {1 << m.rang} ELSE 0 END"
        for v in cat.ventilations.values() for m in v.modalites if m.expression and colonnes_de(m.expression) <= lues
    ]  # fmt: skip
    return f"CAST({' + '.join(cas) or '0'} AS INTEGER)"


def _bornes(annee: AnneeMl) -> tuple[str, str]:
    return f"DATE '{annee.debut}'", f"DATE '{annee.fin}'"


def rang_du_mois(jour: str, annee: AnneeMl) -> str:
    """SQL of the rank of the month of a day, 0 for January of the year."""
    return f"((year({jour}) - {annee.annee}) * 12 + month({jour}) - 1)"


def masque_des_fins(debut: str, fin: str, annee: AnneeMl) -> str:
    """SQL of the bits of the closed month ends inside [debut, fin]."""
    return _masque(rang_du_mois(debut, annee), f"{rang_du_mois(f'({fin} + 1)', annee)} - 1", annee)


def masque_des_mois(debut: str, fin: str, annee: AnneeMl) -> str:
    """SQL of the bits of the closed months that [debut, fin] meets."""
    return _masque(rang_du_mois(debut, annee), rang_du_mois(fin, annee), annee)


def _masque(premier: str, dernier: str, annee: AnneeMl) -> str:
    bas, haut = f"greatest({premier}, 0)", f"least({dernier}, {annee.mois - 1})"
    return (
        f"CAST(CASE WHEN {haut} >= {bas} THEN (CAST(2 AS BIGINT) << CAST({haut} AS INTEGER)) "
        f"- (CAST(1 AS BIGINT) << CAST({bas} AS INTEGER)) ELSE 0 END AS INTEGER)"
    )


def segment(jour: str, annee: AnneeMl, bornes: int) -> str:
    """SQL of the segment in which a day of the year falls, in a query that joins `cles` as `c`."""
    reste = f"{DERNIER} - {_quantieme(jour, annee)}"
    passees = " + ".join(
        f"CASE WHEN ((c.b{n - n % PAR_ENTIER} >> {BITS_DU_JOUR * (n % PAR_ENTIER)}) & {DERNIER}) >= {reste} THEN 1 ELSE 0 END"
        for n in range(bornes)
    )
    premier = f"CAST(c.dossier AS BIGINT) * {PAR_DOSSIER}"
    return f"{premier} + CASE WHEN c.b0 IS NULL THEN 0 ELSE {passees} END" if bornes else premier
