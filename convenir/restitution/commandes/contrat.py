"""`convenir dossiers` and `convenir suivi`: the files and the follow-up of conventions, listed or one at a time."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any

from convenir.socle.commun.erreurs import EntreeInvalide

Colonnes = tuple[tuple[str, str], ...]
DES_DOSSIERS: Colonnes = (
    ("reference", "Référence"), ("denomination", "Structure"), ("etat_libelle", "État"), ("depose_le", "Déposé le"),
    ("pieces_attendues", "Pièces attendues"), ("questions_rouvertes", "Questions rouvertes"),
)  # fmt: skip
DU_SUIVI: Colonnes = (
    ("reference", "Référence"), ("denomination", "Structure"), ("fin_incluse", "Fin"), ("bilan", "Bilan"),
    ("moyens_non_livres", "Moyens non livrés"),
)  # fmt: skip


def ajouter(sous: Any) -> None:
    """Declare the two commands."""
    a = _commande(sous, "dossiers", "liste les dossiers de demande, ou en écrit un", lire_dossiers)
    a.add_argument("--departement", default="", metavar="D", help="code d'un département ; tous par défaut")
    a.add_argument("--annee", default="", metavar="A", help="première année demandée")
    a.add_argument("--etat", default="", metavar="E", help="état de la convention : depose, incomplet, complet…")
    b = _commande(sous, "suivi", "liste les conventions suivies, ou écrit moyens, engagements et bilans", lire_suivi)
    b.add_argument("--annee", type=int, metavar="A", help="avec une référence : cette année seulement")
    b.add_argument("--quoi", default="", choices=("bilan", "moyens", "alerte", "sans", "asp"),
                   help="sans référence : ce qui attend")  # fmt: skip


def _commande(sous: Any, nom: str, aide: str, executer: Callable[[argparse.Namespace], int]) -> Any:
    a = sous.add_parser(nom, help=aide)
    a.add_argument("reference", nargs="?", default="", metavar="REFERENCE", help="une seule convention, en JSON")
    a.add_argument("--csv", action="store_true", help="la liste en CSV, sur la sortie standard")
    a.add_argument("--json", action="store_true", help="la liste en JSON")
    a.set_defaults(executer=executer)
    return a


def lire_dossiers(args: argparse.Namespace) -> int:
    """Print one file whole, or the list."""
    from convenir.contrat.dossiers import publication, queries
    from convenir.socle.comptes.acteur import Acteur

    acteur = Acteur.systeme("Ligne de commande")
    if args.reference:
        dossier = queries.dossier_visible(acteur, args.reference)
        if dossier is None:
            raise EntreeInvalide(f"Aucun dossier ne porte la référence {args.reference}.")
        return _un(publication.en_dictionnaire(acteur, dossier))
    filtre = queries.Filtre.lire({"departement": args.departement, "annee": args.annee, "etat": args.etat})
    lignes = queries.lister(acteur, filtre)
    return _tous(args, [publication.en_resume(d) for d in lignes], DES_DOSSIERS)


def lire_suivi(args: argparse.Namespace) -> int:
    """Print the means, the commitments and the bilans of a convention, or the list of those followed."""
    from django.utils import timezone

    from convenir.contrat.conventions.queries import convention_visible
    from convenir.contrat.suivi.queries import listes, publication
    from convenir.socle.comptes.acteur import Acteur

    acteur = Acteur.systeme("Ligne de commande")
    if args.reference:
        convention = convention_visible(acteur, args.reference)
        if convention is None:
            raise EntreeInvalide(f"Aucune convention ne porte la référence {args.reference}.")
        return _un(publication.en_suivi(convention, args.annee))
    lignes = listes.conventions_suivies(acteur, listes.Filtre(quoi=args.quoi), timezone.localdate())
    return _tous(args, [publication.en_resume(c) for c in lignes], DU_SUIVI)


def _un(objet: dict[str, Any]) -> int:
    from convenir.restitution.commandes.principal import afficher_json

    afficher_json(objet)
    return 0


def _tous(args: argparse.Namespace, lignes: list[dict[str, Any]], colonnes: Colonnes) -> int:
    """Print a list as JSON, as CSV with every field, or as lines to read."""
    from convenir.restitution.commandes.principal import afficher_json
    from convenir.socle.documents.tableurs import ecrire_csv

    if args.json:
        afficher_json(lignes)
    elif args.csv:
        noms = list(lignes[0]) if lignes else [code for code, _ in colonnes]
        sys.stdout.writelines(ecrire_csv([noms, *([_cellule(x[n]) for n in noms] for x in lignes)]))
    else:
        for rang in [[titre for _, titre in colonnes], *([_cellule(x[c]) for c, _ in colonnes] for x in lignes)]:
            print("  ".join(str(cellule) for cellule in rang))
    return 0


def _cellule(valeur: Any) -> Any:
    """Write a list in one cell; nothing is an empty cell."""
    if isinstance(valeur, Iterable) and not isinstance(valeur, str):
        return " ; ".join(map(str, valeur))
    return "" if valeur is None else valeur
