"""`convenir generer fluxiae`: write an invented delivery in the ASP's formats."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from convenir.restitution.commandes.analyseur import annees, jour


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("generer", help="écrit des données inventées, dans les formats réels")
    genres = a.add_subparsers(dest="genre", metavar="GENRE", required=True)
    flux = genres.add_parser("fluxiae", help="une livraison FluxIAE inventée")
    ou = flux.add_mutually_exclusive_group(required=True)
    ou.add_argument("--region", metavar="R", help="code ou nom d'une région")
    ou.add_argument("--france", action="store_true", help="tout le pays : 4 600 SIAE")
    flux.add_argument("--annees", type=annees, default=[2023, 2024, 2025], metavar="A-B", help="par défaut 2023-2025")
    flux.add_argument("--erreurs", type=float, default=0.01, metavar="T", help="part de lignes fautives (0.01)")
    flux.add_argument("--jusquau", type=jour, default=None, metavar="D", help="aucune donnée après cette date")
    flux.add_argument("--graine", type=int, required=True, metavar="N", help="même graine, mêmes octets")
    flux.add_argument("sortie", type=Path, metavar="SORTIE", help="dossier où écrire")
    ajouter_json(flux)
    flux.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Write the delivery and say what it holds."""
    from dataclasses import asdict

    from convenir.mesure.donnees.generateur import generer_fluxiae
    from convenir.restitution.commandes.principal import afficher_json

    resume = generer_fluxiae(
        args.sortie, region=args.region, france=args.france, annees=args.annees, erreurs=args.erreurs,
        graine=args.graine, jusquau=args.jusquau,
    )  # fmt: skip
    if args.json:
        afficher_json(asdict(resume))
    else:
        print(resume)
    return 0
