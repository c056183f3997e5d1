"""`convenir generer fluxiae|ml`: write invented data, in the formats of the ASP or of the missions locales."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from convenir.restitution.commandes.analyseur import annees, jour


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("generer", help="écrit des données inventées, dans les formats réels")
    genres = a.add_subparsers(dest="genre", metavar="GENRE", required=True)
    _ajouter_fluxiae(genres, ajouter_json)
    _ajouter_ml(genres, ajouter_json)


def _ajouter_fluxiae(genres: Any, ajouter_json: Callable[[argparse.ArgumentParser], None]) -> None:
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


def _ajouter_ml(genres: Any, ajouter_json: Callable[[argparse.ArgumentParser], None]) -> None:
    ml = genres.add_parser("ml", help="les enregistrements d'un réseau inventé de missions locales")
    ou = ml.add_mutually_exclusive_group(required=True)
    ou.add_argument("--region", metavar="R", help="code ou nom d'une région")
    ou.add_argument("--france", action="store_true", help="tout le pays : 440 missions locales")
    ml.add_argument("--annee", type=int, required=True, metavar="A", help="dernière année")
    ml.add_argument("--annees", type=int, default=1, metavar="N", help="nombre d'années, de 1 à 3 (1)")
    ml.add_argument("--erreurs", type=float, default=0.001, metavar="T", help="part de lignes fautives (0.001)")
    ml.add_argument("--echelle", type=float, default=1.0, metavar="E", help="part des jeunes du pays (1) ; 2 double")
    ml.add_argument("--jusquau", type=jour, default=None, metavar="D", help="aucune donnée après cette date")
    ml.add_argument("--graine", type=int, required=True, metavar="N", help="même graine, mêmes octets")
    ml.add_argument("sortie", type=Path, metavar="SORTIE", help="dossier où écrire")
    ajouter_json(ml)
    ml.set_defaults(executer=executer_ml)


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


def executer_ml(args: argparse.Namespace) -> int:
    """Write the records and say what they hold; the progress goes to the error output."""
    from dataclasses import asdict

    from convenir.mesure.donnees.generateur_ml import generer_ml
    from convenir.restitution.commandes.principal import afficher_json

    resume = generer_ml(
        args.sortie, annee=args.annee, annees=args.annees, region=args.region, france=args.france,
        erreurs=args.erreurs, echelle=args.echelle, jusquau=args.jusquau, graine=args.graine,
        progression=None if args.json else _progression,
    )  # fmt: skip
    if args.json:
        afficher_json(asdict(resume))
    else:
        print(resume)
    return 0


def _progression(rang: int, total: int, nom: str) -> None:
    print(f"{rang}/{total} {nom}", file=sys.stderr, flush=True)
