"""`convenir objectifs --annee A`: the follow-up of the negotiated objectives, as JSON, CSV or a table."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from convenir.restitution.commandes.analyseur import annee


def ajouter(sous: Any) -> None:
    """Declare the command."""
    a = sous.add_parser("objectifs", help="dit ce que sont devenus les objectifs négociés d'une année")
    a.add_argument("--annee", type=annee, required=True, metavar="A", help="année civile")
    a.add_argument("--departement", default="", metavar="D", help="code d'un département ; tous par défaut")
    a.add_argument("--region", default="", metavar="R", help="code d'une région")
    a.add_argument("--taux", default="dynamique", choices=("dynamique", "durable", "transition", "positive"))
    a.add_argument("--csv", action="store_true", help="une ligne par structure, sur la sortie standard")
    a.add_argument("--json", action="store_true", help="comptes et lignes, pour un programme")
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Print the counts and the lines."""
    from convenir.contrat.objectifs import suivi
    from convenir.restitution.commandes.principal import afficher_json
    from convenir.socle.comptes.acteur import Acteur
    from convenir.socle.documents.tableurs import ecrire_csv

    filtre = suivi.Filtre(args.annee, args.taux, departement=args.departement, region=args.region)
    lignes = suivi.lignes(Acteur.systeme("Ligne de commande"), filtre)
    if args.json:
        afficher_json(suivi.en_dictionnaire(lignes, filtre))
    elif args.csv:
        sys.stdout.writelines(ecrire_csv(suivi.rangs_a_exporter(lignes, args.taux)))
    else:
        for rang in suivi.comptes_a_exporter(lignes, "categorie"):
            print("  ".join(str(cellule) for cellule in rang))
        for r in suivi.reponses(lignes, args.taux):
            print(f"{r.question}\n  {r.reponse}")
    return 0
