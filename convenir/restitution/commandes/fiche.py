"""`convenir fiche --asp ID --annee A`: the fiche bilan of a SIAE, as JSON or PDF."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from convenir.restitution.commandes.analyseur import annee, usage

CATEGORIES = ("AI", "ACI", "EI", "ETTI", "EITI")


def ajouter(sous: Any) -> None:
    """Declare the command."""
    a = sous.add_parser("fiche", help="écrit la fiche d'une structure ou d'une mission locale")
    qui = a.add_mutually_exclusive_group(required=True)
    qui.add_argument("--asp", type=int, metavar="ID", help="identifiant ASP de la structure")
    qui.add_argument("--ml", metavar="CODE", help="identifiant de la mission locale")
    a.add_argument("--categorie", choices=CATEGORIES, help="nécessaire si l'identifiant en porte plusieurs")
    a.add_argument("--annee", type=annee, required=True, metavar="A", help="année civile")
    a.add_argument("--format", choices=("json", "pdf"), default="json", dest="format_sortie")
    a.add_argument("--sortie", type=Path, metavar="F", help="fichier à écrire ; la sortie standard par défaut")
    a.add_argument("--json", action="store_true", help="comme --format json")
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Write the fiche where asked."""
    from convenir.restitution.fiches import assemblage
    from convenir.socle.comptes.acteur import Acteur

    if args.ml:
        return _mission_locale(args, Acteur.systeme("Ligne de commande"))
    acteur = Acteur.systeme("Ligne de commande")
    structure = assemblage.trouver(acteur, args.asp, args.categorie)
    lue = assemblage.assembler(acteur, structure, args.annee)
    if _en_json(args):
        return _ecrire(_json(lue), args.sortie)
    from convenir.restitution.fiches import document

    return _ecrire(_octets_du_pdf(document.rendre(lue)), args.sortie)


def _en_json(args: argparse.Namespace) -> bool:
    """Tell whether JSON is asked for.

    Raises:
        EntreeInvalide: a PDF is asked for, with nowhere to write it (exit 2).
    """
    if args.json or args.format_sortie == "json":
        return True
    if args.sortie is None and sys.stdout.isatty():
        raise usage("Un PDF ne s'affiche pas dans un terminal. Donnez --sortie FICHIER.")
    return False


def _mission_locale(args: argparse.Namespace, acteur: Any) -> int:
    """Write the fiche of a mission locale, symmetric with that of a SIAE."""
    from convenir.restitution.fiches_ml import assemblage, document, export_json

    if args.categorie:
        raise usage("Avec --ml, la fiche n'a pas de --categorie.")
    lue = assemblage.assembler(acteur, assemblage.trouver(acteur, args.ml), args.annee)
    octets = _octets(export_json.en_dictionnaire(lue)) if _en_json(args) else _octets_du_pdf(document.rendre(lue))
    return _ecrire(octets, args.sortie)


def _octets_du_pdf(rendu: Any) -> bytes:
    """Return the PDF, after saying which signs had to be replaced."""
    for avertissement in rendu.avertissements:
        print(f"convenir : {avertissement}", file=sys.stderr)
    octets: bytes = rendu.octets
    return octets


def _json(lue: Any) -> bytes:
    from convenir.restitution.fiches import export_json

    return _octets(export_json.en_dictionnaire(lue))


def _octets(contenu: dict[str, Any]) -> bytes:
    import json

    return (json.dumps(contenu, ensure_ascii=False, indent=2) + "\n").encode()


def _ecrire(octets: bytes, sortie: Path | None) -> int:
    if sortie is None:
        sys.stdout.buffer.write(octets)
    else:
        sortie.write_bytes(octets)
    return 0
