"""`convenir zonage`: load employment zones, QPV or ZRR/FRR from a file that the user supplies."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser(
        "zonage",
        help="charge des zones d'emploi, des QPV ou des ZRR et FRR",
        epilog="Colonnes attendues : code_zone,nom,code_commune[,part] (UTF-8, virgule). Voir docs/territoires.md.",
    )
    a.add_argument("chemin", type=Path, metavar="FICHIER.csv")
    a.add_argument("--genre", choices=("zone_emploi", "qpv", "zrr_frr"), required=True)
    a.add_argument("--millesime", type=int, required=True, metavar="ANNÉE", help="année de la liste officielle")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Load the file whole, or refuse it whole."""
    from dataclasses import asdict

    from convenir.restitution.commandes.principal import dire
    from convenir.socle.journal.auteur import Auteur
    from convenir.socle.territoires.actions import charger_zonage

    charge = charger_zonage(args.chemin, args.genre, args.millesime, Auteur.systeme("Ligne de commande"))
    phrase = f"{charge.zones} zones, {charge.rattachements} rattachements de communes."
    if charge.inconnues:
        inconnues = ", ".join(f"{c} (ligne {n})" for n, c in charge.inconnues)
        phrase += f"\nCommunes inconnues, non rattachées : {inconnues}"
    dire(args, asdict(charge), phrase)
    return 0
