"""`convenir indicateurs calculer`: freeze the values, or compute a folder of records without a database."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from convenir.restitution.commandes.analyseur import annees, usage
from convenir.socle.commun.francais import pluriel


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("indicateurs", help="calcule les indicateurs et les fige")
    actes = a.add_subparsers(dest="acte", metavar="ACTE", required=True)
    calculer = actes.add_parser("calculer", help="calcule une ou plusieurs années")
    calculer.add_argument("--dispositif", choices=("iae", "ml"), required=True, help="iae ou ml")
    calculer.add_argument("--annee", type=annees, required=True, metavar="A", help="année, ou suite comme 2023-2025")
    calculer.add_argument("--sortie", type=Path, metavar="F.csv", help="écrit toutes les valeurs dans ce fichier")
    ml = calculer.add_argument_group("missions locales, sans base de données")
    ml.add_argument("--entrepot", type=Path, metavar="DOSSIER", help="dossier des tables, en CSV ou en Parquet")
    ml.add_argument("--grille", metavar="G", help="2012, 2026 ou rpe-2025 ; par défaut, celle de l'année")
    ml.add_argument("--niveau", choices=("site", "ml", "departement", "region", "france"), help="ce niveau seulement")
    ml.add_argument(
        "--moteur", choices=("duckdb", "spark"), default="duckdb", help="duckdb, ou spark (docs/moteurs.md)"
    )
    ajouter_json(calculer)
    calculer.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Compute, write, and say what was frozen."""
    if args.dispositif == "ml":
        return _missions_locales(args)
    if args.entrepot or args.grille or args.niveau or args.moteur != "duckdb":
        raise usage("--entrepot, --grille, --niveau et --moteur vont avec --dispositif ml.")
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
        print(f"{pluriel(instantane.lignes, 'valeur figée', 'valeurs figées')}, empreinte {instantane.sha256}.")
        if args.sortie:
            print(f"Écrites dans {args.sortie}.")
    return 0


def _missions_locales(args: argparse.Namespace) -> int:
    """Compute a folder of records; nothing is kept but the file. Ctrl+C stops it, and nothing is written."""
    from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
    from convenir.restitution.commandes.principal import afficher_json

    if not (args.entrepot and args.sortie):
        raise usage("Avec --dispositif ml, donnez --entrepot DOSSIER et --sortie F.csv.")
    suite = _montrer if sys.stderr.isatty() else _taire
    with calculer_ml(args.entrepot, args.annee, grille=args.grille, moteur=args.moteur, progression=suite) as calcul:
        empreinte = calcul.ecrire_csv(args.sortie, [args.niveau] if args.niveau else [])
        grilles = {annee: cat.grille.code for annee, cat in calcul.catalogues.items()}
        parametres = {annee: r.traces for annee, r in sorted(calcul.regles.items())}
    a_confirmer = sorted({c for traces in parametres.values() for c, t in traces.items() if t["a_confirmer"]})
    if args.json:
        afficher_json(
            {"sha256": empreinte, "grilles": grilles, "sortie": args.sortie, "a_confirmer": a_confirmer,
             "parametres": parametres}
        )  # fmt: skip
    else:
        print(f"Écrit dans {args.sortie}, empreinte {empreinte}.")
        print("Grille : " + ", ".join(f"{g} pour {a}" for a, g in grilles.items()) + ".")
        for annee, traces in parametres.items():
            print(f"Paramètres de {annee} : " + " ; ".join(f"{c} = {t['valeur']}" for c, t in traces.items()) + ".")
        restent = pluriel(len(a_confirmer), "règle de calcul reste", "règles de calcul restent")
        print(f"{restent} à confirmer : {', '.join(a_confirmer)}.")
    return 0


def _montrer(etape: str, part: float) -> None:
    """Say on the terminal what is being computed."""
    print(f"\r\033[K{100 * part:3.0f} %  {etape}", end="\n" if part >= 1 else "", file=sys.stderr, flush=True)


def _taire(etape: str, part: float) -> None:
    """Say nothing: a program reads the output."""
