"""Conventions: the list and the page against an empty page of the same layout; a batch of avenants against one by one.

Aims: at most 3 times the empty page, the same number of SQL queries with 4,600 conventions as with 100; 1,000 avenants
at least 10 times faster in a batch than one object at a time, with the same terms and the same totals.

Usage: python bench/conventions.py [--petit]            (invented data, in a temporary folder)
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
TRAVAIL = tempfile.TemporaryDirectory(prefix="convenir-bench-conventions-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
os.environ["CONVENIR_DONNEES"] = TRAVAIL.name
os.environ["DATABASE_URL"] = f"sqlite:///{TRAVAIL.name}/banc.sqlite3"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from convenir.contrat.conventions.actions import NouvelAvenant, preparer_avenant, preparer_avenants  # noqa: E402
from convenir.contrat.conventions.actions.lots import annexe_de  # noqa: E402
from convenir.contrat.conventions.models import AnnexeFinanciere, Convention, Passage, Version  # noqa: E402
from convenir.socle.commun.periodes import Periode  # noqa: E402
from convenir.socle.comptes.acteur import Acteur  # noqa: E402
from convenir.socle.comptes.roles import Role  # noqa: E402
from tests.factories_comptes import AdhesionFactory, connecter  # noqa: E402
from tests.factories_conventions import INSTANT, TERMES, ConventionFactory, VersionFactory  # noqa: E402
from tests.factories_socle import (  # noqa: E402
    DepartementFactory,
    ServiceDepartementalFactory,
    ServiceNationalFactory,
    StructureFactory,
)

REPETITIONS = 15
SYSTEME, JOUR = Acteur.systeme("Banc"), date(2026, 11, 27)


def peupler(nombre: int, departement: object, service: object) -> None:
    """Create running conventions with their signed version."""
    with transaction.atomic():
        for _ in range(nombre):
            structure = StructureFactory(departement=departement, commune=None)
            convention = ConventionFactory(structure=structure, service=service, etat="en_cours")
            VersionFactory(convention=convention, etat="signee", signee_le=convention.debut)


def mesurer(client: Client, chemin: str) -> tuple[float, int]:
    """Return the median time of a page, in milliseconds, and its number of SQL queries."""
    client.get(chemin)
    temps = []
    for _ in range(REPETITIONS):
        debut = time.perf_counter()
        assert client.get(chemin).status_code == 200
        temps.append((time.perf_counter() - debut) * 1000)
    with CaptureQueriesContext(connection) as lues:
        client.get(chemin)
    return statistics.median(temps), len(lues)


def dix_versions() -> str:
    """Give one convention nine signed avenants; return the address of its page."""
    convention = Convention.objects.order_by("pk").first()
    assert convention is not None
    for rang in range(1, 10):
        effet = date(2026 + rang // 5, 1 + rang % 5 * 2, 1)
        VersionFactory(convention=convention, nature="avenant", rang=rang, numero=rang, effet=effet, etat="signee",
                       signee_le=effet)  # fmt: skip
    return convention.get_absolute_url()


def un_par_un(departement: str) -> float:
    """Prepare each avenant and its annexe as a person would; return the time, in seconds."""
    debut = time.perf_counter()
    for convention in Convention.objects.filter(departement=departement, etat="en_cours").order_by("reference"):
        avenant = NouvelAvenant(date(2027, 1, 1), date(2028, 1, 1), "Clauses financières 2027", TERMES)
        version = preparer_avenant(SYSTEME, convention, avenant, jour=JOUR, maintenant=INSTANT)
        annexe_de(convention, version, TERMES, Periode.annee(2027), INSTANT).save()
    return time.perf_counter() - debut


def par_lot(departement: str) -> float:
    """Prepare them all at once; return the time, in seconds."""
    debut = time.perf_counter()
    preparer_avenants(SYSTEME, departement, 2027, essai=False, jour=JOUR, maintenant=INSTANT)
    return time.perf_counter() - debut


def ecrits(departement: str) -> list[tuple[Decimal, Decimal]]:
    """What was written, to be compared before any time is."""
    lues = AnnexeFinanciere.objects.filter(convention__departement=departement, annee=2027)
    return sorted(lues.values_list("postes", "montant_total"))


def main() -> None:
    """Load, measure, print."""
    petit = "--petit" in sys.argv
    total, lot = (300, 50) if petit else (4600, 1000)
    call_command("migrate", verbosity=0)
    a, b = DepartementFactory(code="01"), DepartementFactory(code="02")
    services = [ServiceDepartementalFactory(departement=d) for d in (a, b)]
    client = connecter(AdhesionFactory(organisation=ServiceNationalFactory(), role=Role.NATIONAL)).client
    peupler(100, a, services[0])
    requetes_a_100 = mesurer(client, "/conventions/?tri=partie&categorie=ACI")[1]
    peupler(lot - 100 if lot > 100 else 0, a, services[0])
    peupler(total - max(lot, 100), b, services[1])
    vide, _ = mesurer(client, "/mentions-legales/" if client.get("/mentions-legales/").status_code == 200 else "/")
    liste, requetes = mesurer(client, "/conventions/?tri=partie&categorie=ACI")
    page, requetes_page = mesurer(client, dix_versions())
    print(f"page vide {vide:.1f} ms ; liste de {total} filtrée et triée {liste:.1f} ms, {liste / vide:.1f} × (visée 3), "
          f"{requetes} requêtes ({requetes_a_100} à 100)")  # fmt: skip
    print(f"page à dix versions {page:.1f} ms, {page / vide:.1f} × (visée 3), {requetes_page} requêtes")
    Convention.objects.filter(departement="01", versions__rang__gt=0).update(etat="expire")
    nombre = Convention.objects.filter(departement="01", etat="en_cours").count()
    seul = un_par_un("01")
    temoin = ecrits("01")
    Passage.objects.filter(convention__departement="01").delete()
    AnnexeFinanciere.objects.filter(convention__departement="01").delete()
    Version.objects.filter(convention__departement="01", etat="preparation").delete()
    Convention.objects.filter(departement="01", etat="avenant_en_preparation").update(etat="en_cours")
    groupe = par_lot("01")
    assert ecrits("01") == temoin, "les deux voies n'écrivent pas la même chose"
    print(f"{nombre} avenants : un par un {seul:.2f} s, par lot {groupe:.2f} s, {seul / groupe:.1f} × (visée 10)")


if __name__ == "__main__":
    main()
