"""Conventions: the list and the page against an empty page of the same layout; a batch of avenants against one by one.

Aims: at most 3 times the empty page, the same number of SQL queries with 4,600 conventions as with 100; 1,000 avenants
at least 10 times faster in a batch than one object at a time, with the same terms and the same totals.

The rival of the batch is the same act, by the same code, one convention after the other, each in its transaction.

Usage: python bench/conventions.py [--petit]            (invented data, in a temporary folder, SQLite)
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
TRAVAIL = tempfile.TemporaryDirectory(prefix="convenir-bench-conventions-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
os.environ["CONVENIR_DONNEES"] = TRAVAIL.name
os.environ["DATABASE_URL"] = f"sqlite:///{TRAVAIL.name}/banc.sqlite3"

import django  # noqa: E402
from django.conf import settings  # noqa: E402

django.setup()
settings.ALLOWED_HOSTS = ["testserver"]

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from convenir.contrat.conventions import droit  # noqa: E402
from convenir.contrat.conventions.actions import NouvelAvenant, preparer_avenant, preparer_avenants  # noqa: E402
from convenir.contrat.conventions.actions.lots import annexe_de  # noqa: E402
from convenir.contrat.conventions.models import AnnexeFinanciere, Convention  # noqa: E402
from convenir.socle.commun.periodes import Periode  # noqa: E402
from convenir.socle.comptes.acteur import Acteur  # noqa: E402
from convenir.socle.comptes.roles import Role  # noqa: E402
from convenir.socle.territoires.models import Departement  # noqa: E402
from tests.factories_comptes import AdhesionFactory, connecter  # noqa: E402
from tests.factories_conventions import (  # noqa: E402
    INSTANT,
    TERMES,
    AnnexeFinanciereFactory,
    ConventionFactory,
    SignatureFactory,
    VersionFactory,
)
from tests.factories_socle import (  # noqa: E402
    DepartementFactory,
    ServiceDepartementalFactory,
    ServiceNationalFactory,
    StructureFactory,
)

REPETITIONS, LOT, TOTAL = 41, 1000, 4600
SYSTEME, JOUR = Acteur.systeme("Banc"), date(2026, 11, 27)
CATEGORIES = ("ACI", "EI", "AI", "ETTI")
LOTS = ("01", "02")
VIDE, LISTE = "/api/jetons/", "/conventions/?categorie=ACI&vue=en_cours&tri=-postes"


def peupler(nombre: int, departement: Departement) -> None:
    """Create running conventions, each with its signed version and its annexe of the year."""
    service = ServiceDepartementalFactory(departement=departement)
    with transaction.atomic():
        for rang in range(nombre):
            categorie = CATEGORIES[rang % 2 if departement.pk in LOTS else rang % len(CATEGORIES)]
            structure = StructureFactory(departement=departement, commune=None, categorie=categorie)
            convention = ConventionFactory(structure=structure, service=service, etat="en_cours")
            version = VersionFactory(convention=convention, etat="signee", signee_le=convention.debut)
            AnnexeFinanciereFactory(version=version, postes=Decimal(4 + rang % 17), etat="valide")


def mesurer(client: Client, *chemins: str) -> list[float]:
    """Return the median time of each page, in milliseconds: read in turn, so that a busy machine slows them alike."""
    temps: list[list[float]] = [[] for _ in chemins]
    for _ in range(REPETITIONS):
        for rang, chemin in enumerate(chemins):
            debut = time.perf_counter()
            assert client.get(chemin).status_code == 200, chemin
            temps[rang].append((time.perf_counter() - debut) * 1000)
    return [statistics.median(t) for t in temps]


def requetes(client: Client, chemin: str) -> int:
    """Return how many SQL queries a page takes once the session and the law are read."""
    client.get(chemin)
    with CaptureQueriesContext(connection) as lues:
        client.get(chemin)
    return len(lues)


def une_convention(versions: int) -> str:
    """Create a convention of the first département with signed versions; return the address of its page."""
    convention = ConventionFactory(structure=StructureFactory(departement_id="01", commune=None), etat="en_cours")
    for rang in range(versions):
        effet = date(2026 + rang // 5, 1 + rang % 5 * 2, 1)
        nature = {"nature": "avenant", "numero": rang, "rang": rang} if rang else {}
        version = VersionFactory(convention=convention, effet=effet, etat="a_signer", **nature)
        for ordre in (1, 2, 3, 4):
            SignatureFactory(version=version, ordre=ordre, partie="structure" if ordre < 4 else "etat", etat="signee",
                             signee_le=effet, signataire="Camille Fictive", titre="titulaire", voie="papier")  # fmt: skip
        version.etat, version.signee_le = "signee", effet
        version.save()
    return convention.get_absolute_url()


def un_par_un(departement: str) -> float:
    """Prepare each avenant and its annexe as a person would; return the time, in seconds."""
    debut = time.perf_counter()
    for convention in Convention.objects.filter(departement=departement, etat="en_cours").order_by("reference"):
        montant = droit.montant_d_un_poste(convention.categorie, departement, date(2027, 1, 1))
        termes = replace(TERMES, montant_unitaire=Decimal(montant[0])) if montant else TERMES
        avenant = NouvelAvenant(date(2027, 1, 1), date(2028, 1, 1), "Clauses financières 2027", termes)
        with transaction.atomic():
            version = preparer_avenant(SYSTEME, convention, avenant, jour=JOUR, maintenant=INSTANT)
            annexe_de(convention, version, termes, Periode.annee(2027), INSTANT).save()
    return time.perf_counter() - debut


def par_lot(departement: str) -> float:
    """Prepare them all at once; return the time, in seconds."""
    debut = time.perf_counter()
    rapport = preparer_avenants(SYSTEME, departement, 2027, essai=False, jour=JOUR, maintenant=INSTANT)
    assert not rapport.ecartees, rapport.ecartees[0]
    return time.perf_counter() - debut


def ecrits(departement: str) -> list[tuple[object, ...]]:
    """What was written, to be compared before any time is."""
    lues = AnnexeFinanciere.objects.filter(convention__departement=departement, annee=2027)
    return sorted(lues.values_list("postes", "montant_unitaire", "montant_total", "version__empreinte"))


def main() -> None:
    """Load, measure, print."""
    petit = "--petit" in sys.argv
    total, lot = (300, 50) if petit else (TOTAL, LOT)
    call_command("migrate", verbosity=0)
    departements = [DepartementFactory(code=code, nom=f"Département fictif {code}") for code in ("01", "02", "03")]
    client = connecter(AdhesionFactory(organisation=ServiceNationalFactory(), role=Role.NATIONAL)).client
    peupler(lot, departements[0])
    peu, peu_liste, deux = Convention.objects.count(), requetes(client, LISTE), requetes(client, une_convention(2))
    peupler(lot, departements[1])
    peupler(total - Convention.objects.count() - 1, departements[2])
    adresse = une_convention(10)
    vide, liste, page = mesurer(client, VIDE, LISTE, adresse)
    print(f"Page vide de même gabarit : {vide:.1f} ms, {requetes(client, VIDE)} requêtes")
    print(f"Liste de {Convention.objects.count()} conventions, filtrée et triée : {liste:.1f} ms, "
          f"{liste / vide:.2f} × (but 3), {requetes(client, LISTE)} requêtes ({peu_liste} avec {peu} conventions)")  # fmt: skip
    print(f"Fiche d'une convention à dix versions : {page:.1f} ms, {page / vide:.2f} × (but 3), "
          f"{requetes(client, adresse)} requêtes ({deux} à deux versions)")  # fmt: skip
    Convention.objects.filter(reference=adresse.strip("/").split("/")[-1]).update(etat="expire")
    Convention.objects.filter(departement="01", versions__rang=1).update(etat="expire")
    seul, groupe = un_par_un("01"), par_lot("02")
    assert len(ecrits("01")) == lot
    assert ecrits("01") == ecrits("02"), "les deux voies n'écrivent pas la même chose"
    print(
        f"{lot} avenants et annexes : un par un {seul:.2f} s, par lot {groupe:.2f} s, {seul / groupe:.1f} × (but 10)"
    )


if __name__ == "__main__":
    main()
