"""`convenir servir`: the web server and the worker of background tasks, together on one machine."""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import threading
from typing import Any

ENTRE_DEUX_ANCRES = 3600  # seconds; the first anchor of a day is the only one written
_log = logging.getLogger(__name__)


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("servir", help="sert la plateforme et exécute les tâches de fond")
    a.add_argument("--adresse", default="127.0.0.1:8000", metavar="HÔTE:PORT")
    a.add_argument("--processus", type=int, default=2, metavar="N", help="processus du serveur (2)")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Say where, then serve until interrupted; the worker stops with the server."""
    from convenir.restitution.commandes.principal import dire

    adresse = f"http://{args.adresse}/"
    dire(args, {"adresse": adresse, "processus": args.processus}, f"Convenir est servi sur {adresse}")
    sys.stdout.flush()
    return servir(args.adresse, args.processus)


def servir(adresse: str, processus: int = 2) -> int:
    """Run gunicorn and one task worker; return the server's exit code."""
    arret = threading.Event()
    threading.Thread(target=ancrer_chaque_jour, args=(arret,), daemon=True).start()
    ouvrier = subprocess.Popen([sys.executable, "-m", "django", "db_worker", "--queue-name", "default"])
    serveur = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", adresse, "--workers", str(processus)]
    try:
        return subprocess.call([*serveur, "--timeout", "120", "--log-level", "warning"])
    except KeyboardInterrupt:
        return 0
    finally:
        arret.set()
        ouvrier.terminate()
        ouvrier.wait()


def ancrer_chaque_jour(arret: threading.Event, attente: float = ENTRE_DEUX_ANCRES) -> None:
    """Write the head of the journal outside the database once a day, until told to stop (décisions, § 5)."""
    from django.conf import settings
    from django.db import connections

    from convenir.socle.journal.actions import ancrer

    while True:
        try:
            ancrer(settings.DOSSIER_DONNEES / "ancres")
        except Exception:
            _log.exception("La tête du journal n'a pas pu être ancrée ; nouvel essai dans une heure.")
        finally:
            connections.close_all()
        if arret.wait(attente):
            return
