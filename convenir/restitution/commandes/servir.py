"""`convenir servir`: the web server and the worker of background tasks, together on one machine."""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Any


def ajouter(sous: Any) -> None:
    """Declare the command."""
    a = sous.add_parser("servir", help="sert la plateforme et exécute les tâches de fond")
    a.add_argument("--adresse", default="127.0.0.1:8000", metavar="HÔTE:PORT")
    a.add_argument("--processus", type=int, default=2, metavar="N", help="processus du serveur (2)")
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Serve until interrupted; the worker stops with the server."""
    return servir(args.adresse, args.processus)


def servir(adresse: str, processus: int = 2) -> int:
    """Run gunicorn and one task worker; return the server's exit code."""
    ouvrier = subprocess.Popen([sys.executable, "-m", "django", "db_worker", "--queue-name", "default"])
    serveur = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", adresse, "--workers", str(processus)]
    try:
        return subprocess.call([*serveur, "--timeout", "120", "--log-level", "warning"])
    except KeyboardInterrupt:
        return 0
    finally:
        ouvrier.terminate()
        ouvrier.wait()
