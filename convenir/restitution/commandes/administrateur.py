"""`convenir administrateur`: the first account of an installation; it then invites the others from the pages."""

from __future__ import annotations

import argparse
import getpass
import os
from typing import Any


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser(
        "administrateur",
        help="crée le premier compte d'administration",
        epilog="Le mot de passe est demandé, ou lu dans CONVENIR_MOT_DE_PASSE ; il n'est jamais un argument.",
    )
    a.add_argument("--email", required=True, metavar="ADRESSE")
    a.add_argument("--prenom", required=True)
    a.add_argument("--nom", required=True)
    a.add_argument("--organisation", required=True, metavar="NOM", help="qui exploite cette instance")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Create the organisation if it is missing, and the account: both or neither."""
    from django.db import transaction
    from django.utils import timezone

    from convenir.restitution.commandes.principal import dire
    from convenir.socle.comptes.acteur import Acteur
    from convenir.socle.comptes.actions import creer_compte
    from convenir.socle.comptes.roles import Role
    from convenir.socle.organisations.actions import creer_organisation
    from convenir.socle.organisations.models import Nature, Organisation

    acteur = Acteur.systeme("Ligne de commande")
    mot_de_passe = os.environ.get("CONVENIR_MOT_DE_PASSE") or getpass.getpass("Mot de passe : ")
    with transaction.atomic():
        organisation = Organisation.objects.filter(nature=Nature.PLATEFORME, nom=args.organisation).first()
        if organisation is None:
            organisation = creer_organisation(Nature.PLATEFORME, args.organisation, acteur.auteur)
        creer_compte(
            acteur, args.email, prenom=args.prenom, nom=args.nom, mot_de_passe=mot_de_passe,
            organisation=organisation, role=Role.ADMINISTRATION, debut=timezone.localdate(),
        )  # fmt: skip
    suite = f"Compte créé. Connectez-vous avec {args.email}, puis invitez les autres personnes."
    dire(args, {"email": args.email, "organisation": args.organisation}, suite)
    return 0
