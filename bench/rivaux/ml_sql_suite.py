"""The rest of the hand-written SQL: presence, axis 3, and the sums of events."""

from __future__ import annotations

from collections.abc import Iterator

ANNEE = 2025
D0, D1 = f"DATE '{ANNEE}-01-01'", f"DATE '{ANNEE}-12-31'"
JAMAIS = "DATE '9999-12-31'"
# Relation, then code and what each row adds.
EVENEMENTS = {
    "entrees": {"ACT03": "1"},
    "situations": {
        "RES02": "1", "RES02a": "CASE WHEN formation THEN 1 ELSE 0 END", "RES02b": "CASE WHEN emploi THEN 1 ELSE 0 END",
        "RES02b1": "CASE WHEN durable THEN 1 ELSE 0 END", "RES02b2": "CASE WHEN alternance THEN 1 ELSE 0 END",
    },
    "sorties": {"RES04j": "jours", "RES04n": "1"}, "mises_en_relation": {"ENT01": "1"}, "mises_en_relation_ml": {"ENT01a": "1"},
    "contacts": {"ENT03": "1", "ENT03a": "CASE WHEN visite THEN 1 ELSE 0 END"}, "periodes": {"ENT07": "1"},
}  # fmt: skip


def _jour(colonne: str) -> str:
    mois = f"CAST(extract(month FROM {colonne}) AS int) - 1"
    return f"{mois} AS mois, 1 << ({mois}) AS m"


def _mois(debut: str, fin: str) -> str:
    """Bits of the months that a period meets."""
    return " + ".join(
        f"CASE WHEN {debut} <= (DATE '{ANNEE}-{m:02d}-01' + INTERVAL '1 month' - INTERVAL '1 day')::date "
        f"AND {fin} >= DATE '{ANNEE}-{m:02d}-01' THEN {1 << (m - 1)} ELSE 0 END"
        for m in range(1, 13)
    )


def _du_jeune(table: str, jour: str) -> str:
    return (
        f"FROM {table} AS x JOIN segments AS s ON s.ml_id = x.ml_id AND s.jeune_id = x.jeune_id "
        f"AND s.debut <= {jour} AND s.fin >= {jour} WHERE {jour} BETWEEN {D0} AND {D1}"
    )


def autres_relations() -> Iterator[tuple[str, str]]:
    """Rows of the relations of presence and of axis 3."""
    yield (
        "presence",
        f"""
        SELECT s.d, s.ml_id, s.bits | p.bit_dispositif AS bits, s.partage, p.nom IN ('PACEA', 'CEJ') AS contractuel, p.masque & s.fins AS m
        FROM (
            SELECT ml_id, jeune_id, nom, bit_dispositif, {_fins("date_entree", f"coalesce(date_sortie - 1, {JAMAIS})")} AS masque
            FROM parcours_lus WHERE date_entree <= {D1} AND (date_sortie IS NULL OR date_sortie >= {D0})
        ) AS p JOIN segments AS s ON s.ml_id = p.ml_id AND s.jeune_id = p.jeune_id WHERE p.masque & s.fins <> 0""",
    )
    mer = "SELECT s.d, s.ml_id, s.bits, s.partage, x.offre_id, "
    yield "mises_en_relation", mer + _jour("date_mer") + " " + _du_jeune("mise_en_relation", "date_mer")
    yield (
        "mises_en_relation_ml",
        "SELECT * FROM mises_en_relation WHERE offre_id IN (SELECT offre_id FROM offre WHERE collectee_par_ml)",
    )
    yield (
        "contacts",
        f"""
        SELECT CAST(dense_rank() OVER (ORDER BY entreprise_id) AS int) AS d, ml_id, 0 AS bits, true AS partage, {_jour("date_contact")},
            coalesce(visite, false) AS visite
        FROM contact_entreprise WHERE date_contact BETWEEN {D0} AND {D1} AND motif IN ('offre', 'immersion', 'stage')""",
    )
    yield (
        "parrainages",
        f"""
        SELECT s.d, s.ml_id, s.bits, s.partage, ({_mois("greatest(x.date_debut, s.debut)", f"least(coalesce(x.date_fin, {JAMAIS}), s.fin)")}) AS m
        FROM parrainage AS x JOIN segments AS s ON s.ml_id = x.ml_id AND s.jeune_id = x.jeune_id
        WHERE s.debut <= coalesce(x.date_fin, {JAMAIS}) AND s.fin >= x.date_debut""",
    )
    yield (
        "parrains",
        f"""
        SELECT CAST(dense_rank() OVER (ORDER BY parrain_id) AS int) AS d, ml_id, 0 AS bits, false AS partage, {_mois("actif_debut", "actif_fin")} AS m
        FROM (
            SELECT parrain_id, ml_id, coalesce(min(actif_debut), DATE '1900-01-01') AS actif_debut, max(coalesce(actif_fin, {JAMAIS})) AS actif_fin
            FROM parrain GROUP BY parrain_id, ml_id
        ) AS p""",
    )
    yield (
        "periodes",
        f"SELECT s.d, s.ml_id, s.bits, s.partage, {_jour('x.date_debut')}, x.type IN ('PMP', 'EMT', 'PMSMP') AS immersion, "
        f"x.type = 'PMSMP' AS courte {_du_jeune('periode_entreprise', 'x.date_debut')} AND NOT coalesce(annulee, false)",
    )


def _fins(debut: str, fin: str) -> str:
    """Bits of the month ends inside a period."""
    jours = (f"(DATE '{ANNEE}-{m:02d}-01' + INTERVAL '1 month' - INTERVAL '1 day')::date" for m in range(1, 13))
    return " + ".join(
        f"CASE WHEN {debut} <= {f} AND {fin} >= {f} THEN {1 << m} ELSE 0 END" for m, f in enumerate(jours)
    )


def evenements() -> Iterator[tuple[str, str]]:
    """Sums of events by mission locale and month, then by combination of modalities; interviews by site too."""
    for relation, indicateurs in EVENEMENTS.items():
        sommes = ", ".join(f"CAST(sum({e}) AS bigint) AS s{n}" for n, e in enumerate(indicateurs.values()))
        yield (
            f"e_{relation}",
            f"SELECT ml_id, mois, bits, {sommes} FROM {relation} GROUP BY GROUPING SETS ((ml_id, mois), (ml_id, bits))",
        )
    mois = ", ".join(f"CAST(sum((n{m // 3} >> {21 * (m % 3)}) & 2097151) AS bigint) AS m{m}" for m in range(12))
    yield (
        "e_entretiens",
        f"SELECT ml_id, site_id, bits, {mois} FROM actualites GROUP BY GROUPING SETS ((ml_id), (site_id), (ml_id, bits))",
    )
