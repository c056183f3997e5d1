"""`convenir indicateurs calculer`: freeze a snapshot of the values, and write them as CSV if asked."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from convenir.restitution.commandes.analyseur import annees


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("indicateurs", help="calcule les indicateurs et les fige")
    actes = a.add_subparsers(dest="acte", metavar="ACTE", required=True)
    calculer = actes.add_parser("calculer", help="calcule une ou plusieurs années")
    calculer.add_argument("--dispositif", choices=("iae",), required=True, help="iae : les SIAE")
    calculer.add_argument("--annee", type=annees, required=True, metavar="A", help="année, ou suite comme 2023-2025")
    calculer.add_argument("--sortie", type=Path, metavar="F.csv", help="écrit toutes les valeurs dans ce fichier")
    ajouter_json(calculer)
    calculer.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Compute, write, and say what was frozen."""
    from convenir.mesure.indicateurs import actions
    from convenir.restitution.commandes.principal import afficher_json
    from convenir.socle.journal.auteur import Auteur

    auteur = Auteur.systeme("Ligne de commande")
    instantane = actions.calculer(args.annee, dispositif=args.dispositif, sortie=args.sortie, auteur=auteur)
    if args.json:
        afficher_json(
            {"sha256": instantane.sha256, "annees": instantane.annees, "valeurs": instantane.lignes,
             "arrete_au": instantane.arrete_au, "sortie": args.sortie}
        )  # fmt: skip
    else:
        print(f"{instantane.lignes} valeurs figées, empreinte {instantane.sha256}.")
        if args.sortie:
            print(f"Écrites dans {args.sortie}.")
    return 0
