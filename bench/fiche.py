"""The fiche bilan page against an empty page of the same layout, on a région then on the whole country.

Aims: at most 2.5 times the time of the empty page, at most 15 SQL queries, as many with 4,600 SIAE as with 300.

Usage: python bench/fiche.py            (invented data, made in a temporary folder)
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
TRAVAIL = tempfile.TemporaryDirectory(prefix="convenir-bench-fiche-")
os.environ["CONVENIR_ENV"] = "demo"
os.environ["CONVENIR_DONNEES"] = TRAVAIL.name
os.environ.pop("DATABASE_URL", None)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402

django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from convenir.mesure.donnees import actions as donnees  # noqa: E402
from convenir.mesure.donnees.generateur import generer_fluxiae  # noqa: E402
from convenir.mesure.indicateurs import actions as indicateurs  # noqa: E402
from convenir.restitution.commandes.preparer import preparer  # noqa: E402
from convenir.restitution.demonstration import comptes  # noqa: E402
from convenir.socle.comptes.acteur import Acteur  # noqa: E402
from convenir.socle.comptes.models import Utilisateur  # noqa: E402
from convenir.socle.organisations.models import Structure  # noqa: E402

REGION, REPETITIONS = "52", 60
FIN = date(2025, 12, 31)


def charger(acteur: Acteur, annees: tuple[int, ...], **etendue: object) -> None:
    """Generate, import and compute."""
    with tempfile.TemporaryDirectory() as dossier:
        generer_fluxiae(Path(dossier), annees=annees, jusquau=FIN, graine=7, erreurs=0.0, **etendue)
        rapport = donnees.appliquer(Path(dossier), acteur, motif_confirmation="mesure")
    assert not rapport.refus, rapport.phrase
    indicateurs.calculer(annees, auteur=acteur.auteur)


def une_fois(client: Client, chemin: str) -> float:
    """Return the time of the first reading of a page, in milliseconds."""
    cache.clear()
    debut = time.perf_counter()
    client.get(chemin)
    return (time.perf_counter() - debut) * 1000


def mesurer(client: Client, chemins: list[str]) -> tuple[float, int, int]:
    """Return the median time of a page in milliseconds, and the least and most SQL queries."""
    for chemin in chemins[:5]:
        assert client.get(chemin).status_code == 200, chemin
    temps, requetes = [], []
    for i in range(REPETITIONS):
        chemin = chemins[i % len(chemins)]
        debut = time.perf_counter()
        client.get(chemin)
        temps.append((time.perf_counter() - debut) * 1000)
    for chemin in chemins[:5]:
        with CaptureQueriesContext(connection) as capture:
            client.get(chemin)
        requetes.append(len(capture))
    return statistics.median(temps), min(requetes), max(requetes)


def comparer(titre: str, annee: int) -> None:
    """Print the figures for the data loaded."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(
        Utilisateur.objects.get(email="national1@demo.invalid"), backend="django.contrib.auth.backends.ModelBackend"
    )
    structures = list(Structure.objects.order_by("pk")[:: max(1, Structure.objects.count() // 20)][:20])
    vide, v1, v2 = mesurer(client, ["/api/jetons/"])
    fiches = [f"{s.get_absolute_url()}?annee={annee}" for s in structures]
    froide = statistics.median(une_fois(client, f) for f in fiches)
    page, f1, f2 = mesurer(client, fiches)
    liste, l1, l2 = mesurer(client, [f"/structures/?annee={annee}"])
    print(f"{titre} : {Structure.objects.count()} structures")
    print(f"  page vide de même gabarit   {vide:7.1f} ms, {v1} à {v2} requêtes")
    print(
        f"  fiche bilan                 {page:7.1f} ms, {f1} à {f2} requêtes, rapport {page / vide:.2f} (visé : 2,5)"
    )
    print(f"  fiche, première lecture     {froide:7.1f} ms, rapport {froide / vide:.2f} (rendue puis gardée)")
    print(f"  liste des structures        {liste:7.1f} ms, {l1} à {l2} requêtes, rapport {liste / vide:.2f}")


def main() -> None:
    """Measure on a région, then on the country."""
    acteur = Acteur.systeme("Mesure")
    preparer()
    charger(acteur, (2023, 2024, 2025), region=REGION)
    comptes.creer(REGION, acteur)
    comparer("Région", 2025)
    charger(acteur, (2025,), region=None, france=True)
    comparer("France", 2025)


if __name__ == "__main__":
    main()
