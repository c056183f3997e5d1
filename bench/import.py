"""Import of a national year of FluxIAE against DuckDB reading the same CSV and writing Parquet with no checks.

Aims: at most 3 times the time of the rival, at most 1.5 GiB at the peak. Each measure is a fresh process, the two taken in turn; the
best of the repetitions is kept. The rival reads the same gzip files, as text, with the same threads; both are counted on the
views whose values are kept, and the rows are compared before the timing.

Usage: python bench/import.py [--dossier D] [--region R] [--repetitions N]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.rivaux.livraisons import FILS, annoncer, mesurer, tour_a_tour

OBJECTIF_TEMPS, OBJECTIF_MEMOIRE = 3.0, 1.5


def fichiers(dossier: Path) -> list[Path]:
    """Files of the views whose values are kept."""
    from convenir.mesure.donnees.formats import vues_fluxiae

    vues = vues_fluxiae()
    noms = {chemin: chemin.name.split("_")[1] for chemin in sorted(dossier.glob("fluxIAE_*"))}
    return [chemin for chemin, vue in noms.items() if vue in vues and vues[vue].conservee]


def rival(dossier: Path, sortie: Path) -> dict[str, int]:
    """Read each CSV as text and write it to Parquet; return the rows by view."""
    import duckdb

    base = duckdb.connect(config={"threads": FILS})
    lignes = {}
    for chemin in fichiers(dossier):
        vue = chemin.name.split("_")[1]
        _copier(base, chemin, sortie / f"{vue}.parquet")
        # The FIN line is read as a row.
        lignes[vue] = base.execute(f"SELECT count(*) - 1 FROM '{sortie / vue}.parquet'").fetchone()[0]
    return lignes


def _copier(base, chemin: Path, sortie: Path) -> None:  # type: ignore[no-untyped-def]
    """Read with the fastest options; a file with stray line breaks needs the tolerant ones."""
    import duckdb

    options = "delim='|', quote='', escape='', header=true, skip=1, all_varchar=true"
    for tolerance in ("", ", null_padding=true, strict_mode=false"):
        try:
            lecture = f"read_csv('{chemin}', {options}{tolerance})"
            base.execute(f"COPY (SELECT * FROM {lecture}) TO '{sortie}' (FORMAT parquet)")
            return
        except duckdb.InvalidInputException:
            if tolerance:
                raise


def importer(dossier: Path) -> dict[str, int]:
    """Apply the delivery to an empty installation; return the rows read by view."""
    from convenir.mesure.donnees import actions
    from convenir.socle.comptes.acteur import Acteur

    rapport = actions.appliquer(dossier, Acteur.systeme("Banc d'essai"))
    assert str(rapport.issue) == "appliquee", rapport.phrase
    return {vue: compte["lues"] for vue, compte in rapport.vues.items()}


def generer(dossier: Path, region: str | None) -> None:
    """Write the invented national year, faults included."""
    os.environ |= {"CONVENIR_ENV": "demo", "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    from convenir.mesure.donnees.generateur import generer_fluxiae

    generer_fluxiae(dossier, region=region, france=region is None, annees=(2025,), erreurs=0.001, graine=2025)


def verifier(naif: dict[str, int], complet: dict[str, int]) -> int:
    """Check that both read the same rows; the rival may only count more, for rows cut by a stray line break."""
    ecarts = {vue: naif[vue] - complet[vue] for vue in complet}
    assert naif.keys() == complet.keys(), (naif.keys(), complet.keys())
    assert all(0 <= ecart <= 0.01 * complet[vue] for vue, ecart in ecarts.items()), ecarts
    return sum(ecarts.values())


def comparer(dossier: Path, repetitions: int) -> int:
    """Print both measures and their ratio; 0 when the aims are met."""
    naif, complet = tour_a_tour(__file__, dossier, repetitions)
    coupees = verifier(naif["lignes"], complet["lignes"])
    rapport = annoncer("Import d'une année FluxIAE", fichiers(dossier), naif, complet)
    if coupees:
        print(f"  {coupees} lignes coupées par un saut de ligne : le rival les compte deux fois, Convenir les recolle")
    print(f"  rapport : {rapport:.2f} (objectif : au plus {OBJECTIF_TEMPS})")
    print(f"  mémoire : {complet['memoire']:.2f} Gio (objectif : au plus {OBJECTIF_MEMOIRE})")
    return 0 if rapport <= OBJECTIF_TEMPS and complet["memoire"] <= OBJECTIF_MEMOIRE else 1


def main() -> int:
    """Read the arguments, generate if needed, measure."""
    a = argparse.ArgumentParser(description="Mesure l'import d'une année FluxIAE.")
    a.add_argument("--dossier", type=Path, help="livraison à importer ; par défaut, une livraison inventée")
    a.add_argument("--region", help="une région au lieu de la France")
    a.add_argument("--repetitions", type=int, default=3)
    a.add_argument("--mesure", choices=("rival", "import"), help=argparse.SUPPRESS)
    options = a.parse_args()
    if options.mesure:
        mesurer(options.mesure, options.dossier, importer, rival)
        return 0
    if options.dossier:
        return comparer(options.dossier, options.repetitions)
    with tempfile.TemporaryDirectory(prefix="convenir-bench-livraison-") as dossier:
        generer(Path(dossier), options.region)
        return comparer(Path(dossier), options.repetitions)


if __name__ == "__main__":
    raise SystemExit(main())
