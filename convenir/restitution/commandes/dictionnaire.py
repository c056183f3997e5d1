"""`convenir dictionnaire`: the data dictionary as a document, a workbook or data."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from convenir.restitution.commandes.analyseur import jour, usage


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("dictionnaire", help="écrit le dictionnaire des données, à annexer à la notice")
    a.add_argument("--format", choices=("pdf", "xlsx", "json"), required=True, help="pdf, xlsx ou json")
    a.add_argument("--dispositif", choices=("iae", "ml"), default="ml", help="iae ou ml (ml par défaut)")
    a.add_argument("--date", type=jour, default=None, metavar="D", help="date des paramètres ; aujourd'hui par défaut")
    a.add_argument("--sortie", type=Path, metavar="F", help="fichier à écrire ; le JSON va sinon à l'écran")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Write the dictionary."""
    from django.conf import settings

    from convenir.restitution.commandes.principal import dire
    from convenir.restitution.dictionnaire.documents import ecrire
    from convenir.socle.reglementation.queries import a_jour

    if args.sortie is None and args.format != "json":
        raise usage("Donnez --sortie F pour un PDF ou un classeur.")
    lu = args.date or date.today()  # noqa: DTZ011 calendar date of the person
    instant = datetime(lu.year, lu.month, lu.day, tzinfo=UTC)
    octets = ecrire(args.dispositif, args.format, a_jour(), instant, fictif=settings.DONNEES_FICTIVES)
    if args.sortie is None:
        sys.stdout.write(octets.decode())
        return 0
    args.sortie.parent.mkdir(parents=True, exist_ok=True)
    args.sortie.write_bytes(octets)
    dire(args, {"sortie": args.sortie, "octets": len(octets)}, f"Écrit dans {args.sortie}.")
    return 0
