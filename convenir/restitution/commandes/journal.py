"""`convenir journal verifier|ancrer`: prove that the journal was not altered."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("journal", help="vérifie le journal des actes, ou en ancre la tête hors de la base")
    actes = a.add_subparsers(dest="acte", metavar="ACTE", required=True)
    verifier = actes.add_parser("verifier", help="retrouve toute entrée altérée, retirée ou déplacée")
    verifier.add_argument("--ancre", type=Path, metavar="F", help="fichier d'ancre écrit par « journal ancrer »")
    ajouter_json(verifier)
    verifier.set_defaults(executer=executer_verifier)
    ancrer = actes.add_parser("ancrer", help="écrit la tête du journal dans un fichier hors de la base")
    ancrer.add_argument("--dossier", type=Path, metavar="DOSSIER", help="dossier des ancres")
    ajouter_json(ancrer)
    ancrer.set_defaults(executer=executer_ancrer)


def executer_verifier(args: argparse.Namespace) -> int:
    """Verify the chain: 0 if whole, 1 if broken."""
    from convenir.restitution.commandes.principal import afficher_json
    from convenir.socle.journal import queries

    rapport = queries.verifier(args.ancre)
    if args.json:
        afficher_json(rapport.as_dict())
    else:
        print(rapport)
    return 0 if rapport.valide else 1


def executer_ancrer(args: argparse.Namespace) -> int:
    """Write today's anchor and print where."""
    from django.conf import settings

    from convenir.restitution.commandes.principal import dire
    from convenir.socle.journal import actions

    ancre = actions.ancrer(args.dossier or settings.DOSSIER_DONNEES / "ancres")
    dire(args, {"ancre": str(ancre)}, str(ancre))
    return 0
