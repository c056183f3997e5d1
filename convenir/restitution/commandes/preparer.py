"""`convenir preparer`: database up to date, geography and State services loaded. Running it twice changes nothing."""

from __future__ import annotations

import argparse
from typing import Any


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("preparer", help="met la base à jour et charge la géographie officielle")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Prepare and say so."""
    from convenir.restitution.commandes.principal import dire

    crees = preparer()
    dire(args, {"prete": True, **crees}, "La base est prête.")
    return 0


def preparer() -> dict[str, int]:
    """Create folders, apply migrations, load communes and State services; return what was written."""
    from django.conf import settings
    from django.core.management import call_command

    settings.DOSSIER_DONNEES.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    from convenir.socle.journal.auteur import Auteur
    from convenir.socle.organisations.actions import creer_services_etat
    from convenir.socle.territoires.actions import charger_geographie

    ecrits = sum(charger_geographie().values())
    return {"geographie": ecrits, "services": creer_services_etat(Auteur.systeme("Préparation de la base"))}
