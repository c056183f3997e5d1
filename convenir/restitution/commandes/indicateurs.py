"""`convenir indicateurs calculer`: freeze the values, or compute a folder of records without a database."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convenir.restitution.commandes.analyseur import annees, usage
from convenir.socle.commun.francais import pluriel

if TYPE_CHECKING:
    from convenir.mesure.indicateurs.models import Instantane
    from convenir.socle.journal.auteur import Auteur


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("indicateurs", help="calcule les indicateurs et les fige")
    actes = a.add_subparsers(dest="acte", metavar="ACTE", required=True)
    calculer = actes.add_parser("calculer", help="calcule une ou plusieurs années")
    calculer.add_argument("--dispositif", choices=("iae", "ml"), required=True, help="iae ou ml")
    calculer.add_argument("--annee", type=annees, required=True, metavar="A", help="année, ou suite comme 2023-2025")
    calculer.add_argument("--sortie", type=Path, metavar="F.csv", help="écrit toutes les valeurs dans ce fichier")
    ml = calculer.add_argument_group("missions locales")
    ml.add_argument(
        "--entrepot", type=Path, metavar="DOSSIER",
        help="calcule ce dossier de tables, en CSV ou en Parquet, sans base de données ; rien n'est figé",
    )  # fmt: skip
    ml.add_argument("--grille", metavar="G", help="2012, 2026 ou rpe-2025 ; par défaut, celle de l'année")
    ml.add_argument(
        "--niveau", choices=("site", "ml", "departement", "region", "france"), help="n'écrit que ce niveau"
    )
    ml.add_argument(
        "--moteur", choices=("duckdb", "spark"), default="duckdb",
        help="duckdb, ou spark avec --entrepot (docs/moteurs.md)",
    )  # fmt: skip
    ajouter_json(calculer)
    calculer.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Compute, write, and say what was frozen."""
    if args.dispositif == "ml":
        return _dossier(args) if args.entrepot else _missions_locales(args)
    if args.entrepot or args.grille or args.niveau or args.moteur != "duckdb":
        raise usage("--entrepot, --grille, --niveau et --moteur vont avec --dispositif ml.")
    from convenir.mesure.indicateurs import actions

    instantane = actions.calculer(args.annee, dispositif=args.dispositif, sortie=args.sortie, auteur=_auteur())
    return _dire(args, instantane)


def _missions_locales(args: argparse.Namespace) -> int:
    """Freeze the missions locales from the deliveries in force."""
    if args.moteur != "duckdb":
        raise usage("--moteur spark va avec --entrepot : ce qui est figé se calcule avec DuckDB.")
    if args.niveau and not args.sortie:
        raise usage("--niveau va avec --sortie : tous les niveaux sont figés, le fichier n'en garde qu'un.")
    from convenir.mesure.indicateurs.gel_ml.actions import calculer_missions_locales
    from convenir.mesure.indicateurs.gel_ml.entrees import entrees_courantes

    instantane = calculer_missions_locales(
        args.annee, entrees_courantes(), grille=args.grille, sortie=args.sortie, niveaux=_niveaux(args),
        auteur=_auteur(),
    )  # fmt: skip
    return _dire(args, instantane)


def _auteur() -> Auteur:
    from convenir.socle.journal.auteur import Auteur

    return Auteur.systeme("Ligne de commande")


def _niveaux(args: argparse.Namespace) -> list[str]:
    return [args.niveau] if args.niveau else []


def _dire(args: argparse.Namespace, instantane: Instantane) -> int:
    """Say what was frozen."""
    from convenir.restitution.commandes.principal import afficher_json

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


def _dossier(args: argparse.Namespace) -> int:
    """Compute a folder of records; nothing is kept but the file. Ctrl+C stops it, and nothing is written."""
    from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
    from convenir.restitution.commandes.principal import afficher_json

    if not args.sortie:
        raise usage("Avec --entrepot, donnez --sortie F.csv : rien d'autre n'est gardé du calcul.")
    suite = _montrer if sys.stderr.isatty() else _taire
    with calculer_ml(args.entrepot, args.annee, grille=args.grille, moteur=args.moteur, progression=suite) as calcul:
        empreinte = calcul.ecrire_csv(args.sortie, _niveaux(args))
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
