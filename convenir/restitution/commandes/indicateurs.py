"""`convenir indicateurs calculer`: freeze the values, or compute a folder of records without a database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from convenir.restitution.commandes.analyseur import annees, usage
from convenir.socle.commun.francais import MOIS, pluriel

if TYPE_CHECKING:
    from convenir.mesure.indicateurs.models import Instantane
    from convenir.socle.journal.auteur import Auteur

MOIS_DE_LANNEE = 12


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
        "--mois", type=int, choices=range(1, 13), metavar="M",
        help="avec --entrepot : mois connus de la dernière année ; par défaut, ceux qui sont finis",
    )  # fmt: skip
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
    if args.entrepot or args.grille or args.niveau or args.mois or args.moteur != "duckdb":
        raise usage("--entrepot, --grille, --niveau, --mois et --moteur vont avec --dispositif ml.")
    from convenir.mesure.indicateurs import actions

    instantane = actions.calculer(args.annee, dispositif=args.dispositif, sortie=args.sortie, auteur=_auteur())
    return _dire(args, instantane)


def _missions_locales(args: argparse.Namespace) -> int:
    """Freeze the missions locales from the deliveries in force."""
    if args.mois:
        raise usage("--mois va avec --entrepot : une livraison dit elle-même son dernier jour.")
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
            autres = [str(a) for a in instantane.annees if a not in args.annee]
            reste = f" Figées aussi, sans être dans ce fichier : {', '.join(autres)}." if autres else ""
            print(f"Écrites dans {args.sortie}.{reste}")
    return 0


def _dossier(args: argparse.Namespace) -> int:
    """Compute a folder of records; nothing is kept but the file. Ctrl+C stops it, and nothing is written."""
    from convenir.mesure.indicateurs.releves_ml.calcul import calculer_ml
    from convenir.restitution.commandes.principal import afficher_json

    if not args.sortie:
        raise usage("Avec --entrepot, donnez --sortie F.csv : rien d'autre n'est gardé du calcul.")
    suite, mois = _montrer if sys.stderr.isatty() else _taire, _mois_connus(args.annee, args.mois)
    with calculer_ml(
        args.entrepot, args.annee, grille=args.grille, mois=mois, moteur=args.moteur, progression=suite
    ) as calcul:
        empreinte = calcul.ecrire_csv(args.sortie, _niveaux(args))
        grilles = {annee: cat.grille.code for annee, cat in calcul.catalogues.items()}
        parametres = {annee: r.traces for annee, r in sorted(calcul.regles.items())}
    a_confirmer = sorted({c for traces in parametres.values() for c, t in traces.items() if t["a_confirmer"]})
    if args.json:
        afficher_json(
            {"sha256": empreinte, "grilles": grilles, "mois": mois, "sortie": args.sortie, "a_confirmer": a_confirmer,
             "parametres": parametres}
        )  # fmt: skip
    else:
        print(f"Écrit dans {args.sortie}, empreinte {empreinte}.")
        for annee in (a for a, m in mois.items() if m < MOIS_DE_LANNEE):
            print(f"{annee} jusqu'à fin {MOIS[mois[annee] - 1]} : un mois qui n'est pas fini n'est pas écrit.")
        print("Grille : " + ", ".join(f"{g} pour {a}" for a, g in grilles.items()) + ".")
        for annee, traces in parametres.items():
            print(f"Paramètres de {annee} : " + " ; ".join(f"{c} = {t['valeur']}" for c, t in traces.items()) + ".")
        restent = pluriel(len(a_confirmer), "règle de calcul reste", "règles de calcul restent")
        print(f"{restent} à confirmer : {', '.join(a_confirmer)}.")
    return 0


def _mois_connus(annees: Iterable[int], demandes: int | None) -> dict[int, int]:
    """Return how many months of each year are written: a month to come is not zero, it is not known."""
    jour, derniere = timezone.localdate(), max(annees)
    finis = {a: MOIS_DE_LANNEE if a < jour.year else jour.month - 1 if a == jour.year else 0 for a in annees}
    if demandes and demandes > finis[derniere]:
        raise usage(f"--mois {demandes} : ce mois de {derniere} n'est pas fini.")
    if a_venir := [str(a) for a, m in finis.items() if not m]:
        raise usage(f"Aucun mois de {', '.join(a_venir)} n'est fini : il n'y a rien à compter.")
    return finis | ({derniere: demandes} if demandes else {})


def _montrer(etape: str, part: float) -> None:
    """Say on the terminal what is being computed."""
    print(f"\r\033[K{100 * part:3.0f} %  {etape}", end="\n" if part >= 1 else "", file=sys.stderr, flush=True)


def _taire(etape: str, part: float) -> None:
    """Say nothing: a program reads the output."""
