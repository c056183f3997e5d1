"""What the benchmarks of imports share: an empty installation, fresh processes in turn, the report."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILS = 2
Lignes = dict[str, int]


def installer(travail: str) -> None:
    """Prepare an empty database with the official geography, in a folder."""
    os.environ |= {"CONVENIR_ENV": "demo", "CONVENIR_DONNEES": travail}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    from convenir.socle.territoires.actions import charger_geographie

    call_command("migrate", verbosity=0)
    charger_geographie()


def mesurer(
    quoi: str, dossier: Path, importer: Callable[[Path], Lignes], rival: Callable[[Path, Path], Lignes]
) -> None:
    """Run one measure in this process and print it."""
    with tempfile.TemporaryDirectory(prefix="convenir-bench-") as travail:
        if quoi == "import":
            installer(travail)
        debut = time.perf_counter()
        lignes = importer(dossier) if quoi == "import" else rival(dossier, Path(travail))
        duree = time.perf_counter() - debut
    pointe = next(
        int(ligne.split()[1]) / 1024**2
        for ligne in Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        if ligne.startswith("VmHWM")
    )
    print(json.dumps({"duree": duree, "memoire": pointe, "lignes": lignes}))


def tour_a_tour(script: str, dossier: Path, repetitions: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the best measure of the rival and of the import, in fresh processes taken in turn."""
    essais: dict[str, list[dict[str, Any]]] = {"rival": [], "import": []}
    for _ in range(repetitions):
        for quoi, lus in essais.items():
            commande = [sys.executable, script, "--mesure", quoi, "--dossier", str(dossier)]
            sortie = subprocess.run(commande, check=True, capture_output=True, text=True).stdout
            lus.append(json.loads(sortie.splitlines()[-1]))
    naif, complet = (min(lus, key=lambda s: s["duree"]) for lus in essais.values())
    return naif, complet


def annoncer(titre: str, fichiers: list[Path], naif: dict[str, Any], complet: dict[str, Any]) -> float:
    """Print both measures and return their ratio."""
    taille, total = sum(f.stat().st_size for f in fichiers) / 1024**2, sum(complet["lignes"].values())
    print(f"{titre} : {total} lignes, {taille:.0f} Mio compressés, {FILS} fils")
    print(f"  DuckDB, sans contrôle : {naif['duree']:.2f} s, {naif['memoire']:.2f} Gio")
    print(f"  Convenir, import entier : {complet['duree']:.2f} s, {complet['memoire']:.2f} Gio")
    return float(complet["duree"] / naif["duree"])
