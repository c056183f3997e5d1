"""Import of a national year of missions locales against DuckDB reading and writing the same tables with no checks.

No aim is set for this ratio. The memory is held to that of the other import, 1.5 GiB. Fresh processes, taken in turn;
the best of the repetitions is kept. The rows of every table are compared before the timing.

Usage: python bench/import_missions_locales.py [--dossier D] [--echelle E] [--repetitions N]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.rivaux.livraisons import FILS, annoncer, mesurer, tour_a_tour

OBJECTIF_MEMOIRE = 1.5


def tables(dossier: Path) -> list[Path]:
    """Files of the tables."""
    return sorted(dossier.glob("*.parquet"))


def rival(dossier: Path, sortie: Path) -> dict[str, int]:
    """Read each table and write it again; return the rows by table."""
    import duckdb

    base = duckdb.connect(config={"threads": FILS})
    for chemin in tables(dossier):
        base.execute(f"COPY (SELECT * FROM '{chemin}') TO '{sortie / chemin.name}' (FORMAT parquet, COMPRESSION zstd)")
    return {
        chemin.stem: base.execute(f"SELECT count(*) FROM '{sortie / chemin.name}'").fetchall()[0][0]
        for chemin in tables(dossier)
    }


def importer(dossier: Path) -> dict[str, int]:
    """Apply the tables to an empty installation; return the rows read by table."""
    from convenir.mesure.donnees import actions
    from convenir.mesure.donnees.correspondances import AUCUNE
    from convenir.mesure.donnees.models import Source
    from convenir.socle.comptes.acteur import Acteur

    rapport = actions.appliquer(
        dossier, Acteur.systeme("Banc d'essai"), source=Source.MISSIONS_LOCALES, correspondance=AUCUNE
    )
    assert str(rapport.issue) == "appliquee", rapport.phrase
    return {vue: compte["lues"] for vue, compte in rapport.vues.items()}


def comparer(dossier: Path, repetitions: int) -> int:
    """Print both measures and their ratio; 0 when the memory is held."""
    naif, complet = tour_a_tour(__file__, dossier, repetitions)
    ecarts = {t: (n, complet["lignes"].get(t)) for t, n in naif["lignes"].items() if n != complet["lignes"].get(t)}
    assert not ecarts, ecarts
    rapport = annoncer("Import d'une année de missions locales", tables(dossier), naif, complet)
    print(f"  rapport : {rapport:.2f} (aucun objectif fixé)")
    print(f"  mémoire : {complet['memoire']:.2f} Gio (objectif : au plus {OBJECTIF_MEMOIRE})")
    return 0 if complet["memoire"] <= OBJECTIF_MEMOIRE else 1


def generer(dossier: Path, echelle: float) -> None:
    """Write the invented national year, faults included."""
    import os

    os.environ |= {"CONVENIR_ENV": "demo", "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    from convenir.mesure.donnees.generateur_ml import generer_ml

    generer_ml(dossier, annee=2025, france=True, graine=2025, erreurs=0.0001, echelle=echelle)


def main() -> int:
    """Read the arguments, generate if needed, measure."""
    a = argparse.ArgumentParser(description="Mesure l'import d'une année de missions locales.")
    a.add_argument("--dossier", type=Path, help="tables à importer ; par défaut, un réseau inventé")
    a.add_argument("--echelle", type=float, default=0.1, help="1 = 26 millions d'événements")
    a.add_argument("--repetitions", type=int, default=3)
    a.add_argument("--mesure", choices=("rival", "import"), help=argparse.SUPPRESS)
    options = a.parse_args()
    if options.mesure:
        mesurer(options.mesure, options.dossier, importer, rival)
        return 0
    if options.dossier:
        return comparer(options.dossier, options.repetitions)
    with tempfile.TemporaryDirectory(prefix="convenir-bench-livraison-") as dossier:
        generer(Path(dossier), options.echelle)
        return comparer(Path(dossier), options.repetitions)


if __name__ == "__main__":
    raise SystemExit(main())
