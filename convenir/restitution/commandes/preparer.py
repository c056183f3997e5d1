"""`convenir preparer`: database up to date, geography and State services loaded. Running it twice changes nothing."""

from __future__ import annotations

import argparse
from typing import Any


def ajouter(sous: Any) -> None:
    """Declare the command."""
    a = sous.add_parser("preparer", help="met la base à jour et charge la géographie officielle")
    a.set_defaults(executer=executer)


def executer(_args: argparse.Namespace) -> int:
    """Prepare and say so."""
    preparer()
    print("La base est prête.")
    return 0


def preparer() -> None:
    """Create folders, apply migrations, load communes and State services."""
    from django.conf import settings
    from django.core.management import call_command

    settings.DOSSIER_DONNEES.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    from convenir.socle.journal.auteur import Auteur
    from convenir.socle.organisations.actions import creer_services_etat
    from convenir.socle.territoires.actions import charger_geographie

    charger_geographie()
    creer_services_etat(Auteur.systeme("Préparation de la base"))
