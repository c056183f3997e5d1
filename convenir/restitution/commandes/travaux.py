"""`convenir travaux`: the register of works of the missions locales (axes 4 and 5), as a table, CSV or JSON."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from convenir.restitution.commandes.analyseur import annee

GENRES = ("partenariat", "etude", "diagnostic", "projet")


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("travaux", help="lit le registre des travaux des missions locales (axes 4 et 5)")
    a.add_argument("--ml", default="", metavar="CODE", help="identifiant d'une mission locale ; toutes par défaut")
    a.add_argument("--annee", type=annee, metavar="A", help="année civile où le travail a eu lieu ; toutes par défaut")
    a.add_argument("--genre", default="", choices=GENRES, help="un genre de travail ; tous par défaut")
    a.add_argument("--csv", action="store_true", help="une ligne par travail, sur la sortie standard")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Print the works, the latest started first."""
    from convenir.contrat.travaux import queries
    from convenir.restitution.commandes.principal import afficher_json
    from convenir.restitution.fiches_ml.assemblage import trouver
    from convenir.socle.comptes.acteur import Acteur
    from convenir.socle.documents.tableurs import ecrire_csv

    acteur = Acteur.systeme("Ligne de commande")
    code = trouver(acteur, args.ml).code if args.ml else ""
    filtre = queries.Filtre(ml=code, annee=args.annee, genre=args.genre)
    lus = queries.lister(acteur, filtre)
    if args.json:
        afficher_json([queries.en_dictionnaire(t) for t in lus])
    elif args.csv:
        sys.stdout.writelines(ecrire_csv(queries.rangs(lus)))
    else:
        for t in lus:
            print(f"{t.mission_locale.code}  {t.debut}  {t.get_genre_display()}, axe {t.axe}  {t.intitule}")
    return 0
