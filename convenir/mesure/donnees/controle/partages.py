"""What several rows say together of missions locales: a commune in two zones, a youth followed by two of them."""

from __future__ import annotations

import duckdb

from convenir.mesure.donnees.controle.anomalies import ajouter
from convenir.mesure.donnees.controle.verifications import Gravite
from convenir.socle.commun.francais import pluriel

DEUX_ZONES = (
    "Cette commune est aussi, aux mêmes dates, dans le ressort d'une autre mission locale. Les deux sont gardées."
)
SUIVIS = ("jeune est suivi", "jeunes sont suivis")
PAR_PLUSIEURS = "{} par plusieurs missions locales ; au-dessus d'elles, chacun compte une fois."


def chercher_partages(
    base: duckdb.DuckDBPyConnection, vue: str, fichier: str, copie: str, presentes: set[str]
) -> None:
    """Warn about the communes of two zones and say how many youths have several missions locales."""
    if vue == "zone_ml" and {"ml_id", "commune_code", "date_debut"} <= presentes:
        _communes(base, fichier, copie, fin="date_fin" if "date_fin" in presentes else "NULL")
    if vue == "jeune" and {"jeune_id", "ml_id"} <= presentes:
        _jeunes(base, fichier, copie)


def _communes(base: duckdb.DuckDBPyConnection, fichier: str, copie: str, fin: str) -> None:
    lues = (
        f"(SELECT ligne, ml_id, commune_code, TRY_CAST(date_debut AS DATE) AS debut, "
        f"COALESCE(TRY_CAST({fin} AS DATE), DATE '9999-12-31') AS fin FROM {copie})"
    )
    relation = (
        f"(SELECT DISTINCT a.ligne, commune_code FROM {lues} AS a JOIN {lues} AS b USING (commune_code) "
        "WHERE a.ml_id <> b.ml_id AND a.debut <= b.fin AND b.debut <= a.fin)"
    )
    ajouter(
        base, "zone_ml", fichier, relation, "commune_code", "true", DEUX_ZONES, Gravite.AVERTISSEMENT, "commune_code"
    )


def _jeunes(base: duckdb.DuckDBPyConnection, fichier: str, copie: str) -> None:
    requete = f"SELECT count(*) FROM (SELECT 1 FROM {copie} GROUP BY jeune_id HAVING count(DISTINCT ml_id) > 1)"
    nombre = base.execute(requete).fetchone()[0]  # type: ignore[index]
    if nombre:
        message = PAR_PLUSIEURS.format(pluriel(nombre, *SUIVIS))
        valeurs = ["jeune", fichier, None, "ml_id", "", message, str(Gravite.AVERTISSEMENT)]
        base.execute("INSERT INTO anomalies VALUES (?, ?, ?, ?, ?, ?, ?)", valeurs)
