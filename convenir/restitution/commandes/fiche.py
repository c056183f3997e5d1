"""`convenir fiche --asp ID --annee A`: the fiche bilan of a SIAE, as JSON or PDF."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from convenir.restitution.commandes.analyseur import annees
from convenir.socle.commun.erreurs import EntreeInvalide

CATEGORIES = ("AI", "ACI", "EI", "ETTI", "EITI")


def ajouter(sous: Any) -> None:
    """Declare the command."""
    a = sous.add_parser("fiche", help="écrit la fiche bilan d'une structure")
    a.add_argument("--asp", type=int, required=True, metavar="ID", help="identifiant ASP de la structure")
    a.add_argument("--categorie", choices=CATEGORIES, help="nécessaire si l'identifiant en porte plusieurs")
    a.add_argument("--annee", type=annees, required=True, metavar="A", help="année civile")
    a.add_argument("--format", choices=("json", "pdf"), default="json", dest="format_sortie")
    a.add_argument("--sortie", type=Path, metavar="F", help="fichier à écrire ; la sortie standard par défaut")
    a.add_argument("--json", action="store_true", help="comme --format json")
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Write the fiche where asked."""
    from convenir.restitution.fiches import assemblage
    from convenir.socle.comptes.acteur import Acteur

    acteur = Acteur.systeme("Ligne de commande")
    structure = assemblage.trouver(acteur, args.asp, args.categorie)
    lue = assemblage.assembler(acteur, structure, args.annee[0])
    if args.json or args.format_sortie == "json":
        return _ecrire(_json(lue), args.sortie)
    if args.sortie is None and sys.stdout.isatty():
        raise EntreeInvalide("Un PDF ne s'affiche pas dans un terminal. Donnez --sortie FICHIER.")
    from convenir.restitution.fiches import document

    return _ecrire(document.rendre(lue).octets, args.sortie)


def _json(lue: Any) -> bytes:
    import json

    from convenir.restitution.fiches import export_json

    return (json.dumps(export_json.en_dictionnaire(lue), ensure_ascii=False, indent=2) + "\n").encode()


def _ecrire(octets: bytes, sortie: Path | None) -> int:
    if sortie is None:
        sys.stdout.buffer.write(octets)
    else:
        sortie.write_bytes(octets)
    return 0
