"""Processes that import, to be killed: `python -m tests.mesure.donnees.victime` reads orders, one a line, and forks.

An order is `acte<TAB>chemin<TAB>dossier de données`; the answers are `pid N`, then `fin STATUT` once it ended. What
the act prints goes to the file `<dossier de données>.sortie`. The database is SQLite inside the data folder, or, when
`DATABASE_URL` is set, the PostgreSQL database named in the file `<dossier de données>/base`.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from convenir.mesure.donnees import actions  # noqa: E402
from convenir.mesure.donnees.models import AnnexeLue, Livraison  # noqa: E402
from convenir.socle.comptes.acteur import Acteur  # noqa: E402
from convenir.socle.journal.queries import verifier  # noqa: E402
from convenir.socle.organisations.models import Structure  # noqa: E402
from tests.factories_socle import CommuneFactory, DepartementFactory, RegionFactory  # noqa: E402
from tests.mesure.donnees.conftest import LIEUX  # noqa: E402

ACTEUR = Acteur.systeme("Victime")


def preparer(chemin: str) -> None:
    """Create the database and apply a first delivery."""
    call_command("migrate", verbosity=0)
    for departement, (region, commune) in LIEUX.items():
        lieu = DepartementFactory(code=departement, region=RegionFactory(code=region))
        CommuneFactory(code=commune, departement=lieu)
    assert str(actions.appliquer(chemin, ACTEUR).issue) == "appliquee"


def appliquer(chemin: str) -> None:
    """Apply a second delivery."""
    assert str(actions.appliquer(chemin, ACTEUR, motif_confirmation="essai d'interruption").issue) == "appliquee"


def deposer(chemin: str) -> None:
    """Deposit a delivery, as from a page."""
    fichiers = [(f.name, f) for f in sorted(Path(chemin).iterdir())]
    print(actions.deposer(fichiers, ACTEUR).uuid, flush=True)


def controler(_chemin: str) -> None:
    """Control the deposit, as the background task does."""
    actions.controler_depot(Livraison.objects.get(etat="recue").uuid, ACTEUR)


def etat(_chemin: str) -> None:
    """Sweep, then say what is in force."""
    assert actions.nettoyer()
    suivies = ",".join(s.code for s in Structure.objects.suivies().order_by("id_asp", "categorie"))
    annexes = AnnexeLue.objects.filter(disparue_le=None).count()
    livraisons = ",".join(sorted(Livraison.objects.values_list("etat", flat=True)))
    assert verifier().valide
    print(f"{suivies} {annexes} {livraisons}")


def naitre(acte: str, chemin: str, donnees: str) -> None:
    """Become the process of one act, over a data folder of its own."""
    settings.DOSSIER_DONNEES = Path(donnees)
    nommee = Path(donnees) / "base"
    connection.settings_dict["NAME"] = (
        nommee.read_text() if nommee.exists() else str(Path(donnees) / "convenir.sqlite3")
    )
    sortie = os.open(f"{donnees}.sortie", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(sortie, 1)
    os.dup2(sortie, 2)
    statut = 1
    try:
        ACTES[acte](chemin)
        statut = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(statut)


ACTES = {f.__name__: f for f in (preparer, appliquer, deposer, controler, etat)}

if __name__ == "__main__":
    print("pret", flush=True)
    for ordre in sys.stdin:
        pid = os.fork()
        if pid == 0:
            naitre(*ordre.rstrip("\n").split("\t"))
        print(f"pid {pid}", flush=True)
        _, statut = os.waitpid(pid, 0)
        print(f"fin {statut}", flush=True)
