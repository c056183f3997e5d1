"""PostgreSQL 15: the SQL of `ml_sql` over unlogged tables, loaded, indexed and analysed before the timing."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import psycopg

from bench.rivaux.ml_lecture import Compte, deplier
from bench.rivaux.ml_sql import instructions

TABLES = {
    "structure": "ml_id text, dept_code text, region_code text",
    "jeune": "jeune_id text, ml_id text, sexe text, naissance_mois date",
    "jeune_etat": "jeune_id text, ml_id text, date_debut date, date_fin date, niveau text, diplome_obtenu boolean, "
    "commune_code text, qpv boolean, zrr boolean",
    "zone_ml": "ml_id text, commune_code text, date_debut date, date_fin date",
    "actualite": "jeune_id text, ml_id text, site_id text, date_evt date, type text",
    "proposition": "jeune_id text, ml_id text, date_prop date, domaine text, theme text",
    "parcours": "jeune_id text, ml_id text, dispositif text, type_appui text, financable boolean, date_entree date, "
    "date_sortie date, situation_sortie_id text",
    "situation": "situation_id text, jeune_id text, ml_id text, categorie text, contrat text, aide_non_marchand boolean, "
    "qualifiante boolean, date_debut date, date_fin_prevue date, date_fin date",
    "mise_en_relation": "jeune_id text, ml_id text, offre_id text, date_mer date",
    "offre": "offre_id text, collectee_par_ml boolean",
    "contact_entreprise": "entreprise_id text, ml_id text, date_contact date, motif text, visite boolean",
    "parrainage": "jeune_id text, ml_id text, date_debut date, date_fin date",
    "parrain": "parrain_id text, ml_id text, actif_debut date, actif_fin date",
    "periode_entreprise": "jeune_id text, ml_id text, type text, date_debut date, annulee boolean",
}
SCHEMA = "banc_ml"


def preparer(dossier: Path, reglages: dict[str, str]) -> Callable[[], list[Compte]]:
    """Load the files and return what is timed."""
    base = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
    base.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    base.execute(f"SET search_path = {SCHEMA}")
    base.execute("SET work_mem = '512MB'; SET jit = off; SET max_parallel_workers_per_gather = 2")
    if not _chargees(base, dossier):
        _charger(base, dossier)
    suite = list(instructions(reglages))

    def calculer() -> list[Compte]:
        for nom, requete in suite:
            base.execute(f"DROP TABLE IF EXISTS {nom} CASCADE")
            base.execute(f"CREATE UNLOGGED TABLE {nom} AS {requete}")
            base.execute(f"ANALYZE {nom}")
        return deplier(lambda q: base.execute(q).fetchall())

    return calculer


def _chargees(base: psycopg.Connection, dossier: Path) -> bool:
    """Tell whether these very files are already loaded."""
    base.execute("CREATE TABLE IF NOT EXISTS charge (dossier text)")
    return base.execute("SELECT dossier FROM charge").fetchall() == [(str(dossier),)]


def _charger(base: psycopg.Connection, dossier: Path) -> None:
    source = duckdb.connect()
    for table, colonnes in TABLES.items():
        base.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
        base.execute(f"CREATE UNLOGGED TABLE {table} ({colonnes})")
        noms = ", ".join(c.split()[0] for c in colonnes.split(", "))
        fichier = dossier / f"{table}.banc.csv"
        source.execute(
            f"COPY (SELECT {noms} FROM '{dossier / table}.parquet') TO '{fichier}' (FORMAT csv, HEADER false)"
        )
        with base.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copie, fichier.open("rb") as flux:
            while bloc := flux.read(1 << 20):
                copie.write(bloc)
        fichier.unlink()
        base.execute(f"VACUUM ANALYZE {table}")
    base.execute("CREATE INDEX ON situation (situation_id)")
    base.execute("DELETE FROM charge")
    base.execute("INSERT INTO charge VALUES (%s)", (str(dossier),))
