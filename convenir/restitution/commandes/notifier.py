"""`convenir notifier`: send the grouped mails that are due. Meant for a timer: running it often sends no more."""

from __future__ import annotations

import argparse
from typing import Any


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("notifier", help="envoie les courriels dus : un au plus par personne et par période")
    a.add_argument("--essai", action="store_true", help="compte sans rien envoyer")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Send what is due; 1 when a mail could not leave."""
    from dataclasses import asdict

    from convenir.restitution.commandes.principal import dire
    from convenir.socle.taches.notifications import envoyer

    bilan = envoyer(essai=args.essai)
    dire(args, asdict(bilan), f"{'Essai, rien n’est parti. ' if args.essai else ''}{bilan.phrase}")
    return 1 if bilan.echecs else 0
