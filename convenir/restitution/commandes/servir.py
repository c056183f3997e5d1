"""`convenir servir`: the web server and the worker of background tasks, together on one machine."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any, NoReturn

from convenir.restitution.commandes.analyseur import adresse_servie, au_moins_un

ENTRE_DEUX_ANCRES = 3600  # seconds; the first anchor of a day is the only one written
ARRETS = (signal.SIGTERM, signal.SIGINT)
_log = logging.getLogger(__name__)


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("servir", help="sert la plateforme et exécute les tâches de fond")
    a.add_argument("--adresse", type=adresse_servie, default="127.0.0.1:8000", metavar="HÔTE:PORT")
    a.add_argument("--processus", type=au_moins_un, default=2, metavar="N", help="processus du serveur (2)")
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
    from django.conf import settings

    if not settings.EST_PRODUCTION:  # a mail links to where it is served; in production, to the public address
        os.environ.setdefault("CONVENIR_ADRESSE", f"http://{adresse}")
    arret = threading.Event()
    threading.Thread(target=ancrer_chaque_jour, args=(arret,), daemon=True).start()
    serveur = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", adresse, "--workers", str(processus)]
    try:
        return tenir(
            [*serveur, "--timeout", "120", "--log-level", "warning"],
            [sys.executable, "-m", "django", "db_worker", "--queue-name", "default"],
        )
    finally:
        arret.set()


def tenir(principal: Sequence[str], *autres: Sequence[str]) -> int:
    """Run a process and its companions; return its exit code, 0 when asked to stop. None of them outlives the call.

    A service manager stops with SIGTERM: without a word of ours, the children would keep the port and the queue.
    """
    demandes: list[object] = []
    # A request that comes while a child is being born waits for its birth: it would be lost and outlive us.
    d_avant = {signe: signal.signal(signe, lambda *_: demandes.append(_)) for signe in ARRETS}
    lances = [subprocess.Popen(commande) for commande in (principal, *autres)]
    try:
        for signe in ARRETS:
            signal.signal(signe, _interrompre)
        return 0 if demandes else lances[0].wait()
    except KeyboardInterrupt:
        return 0
    finally:
        # Until they have ended, a second request to stop changes nothing.
        for signe in ARRETS:
            signal.signal(signe, signal.SIG_IGN)
        for processus in lances:
            processus.terminate()
        for processus in lances:
            processus.wait()
        for signe, avant in d_avant.items():
            signal.signal(signe, avant)


def _interrompre(*_: object) -> NoReturn:
    raise KeyboardInterrupt


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
