"""`convenir`: the product at the command line. Exit codes: 0 done, 1 wrong input, 2 misused."""

from __future__ import annotations

import argparse
import errno
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from django.db.utils import OperationalError, ProgrammingError

from convenir.restitution.commandes.analyseur import Analyseur
from convenir.socle.commun.erreurs import ErreurMetier

DESCRIPTION = "Convenir, la plateforme du dialogue de gestion de l'insertion."
SANS_BASE = frozenset({"generer", "preparer", "demo", "servir"})
CAUSES: dict[type[OSError], str] = {
    FileNotFoundError: "ce fichier ou ce dossier n'existe pas",
    FileExistsError: "ce fichier existe déjà ; donnez un autre chemin",
    IsADirectoryError: "c'est un dossier ; donnez un fichier",
    NotADirectoryError: "c'est un fichier ; donnez un dossier",
    PermissionError: "vous n'avez pas le droit d'y lire ou d'y écrire",
}
# Ctrl+C pressed while DuckDB works comes out of it under this message, not as a KeyboardInterrupt.
INTERRUPTION_DE_DUCKDB = "Query interrupted"
EPILOGUE = "Codes de sortie : 0, fait ; 1, entrée fautive (le message dit laquelle) ; 2, commande mal employée."


def _modules() -> tuple[object, ...]:
    from convenir.restitution.commandes import (
        administrateur,
        archives,
        contrat,
        convention,
        demo,
        dictionnaire,
        fiche,
        generer,
        importer,
        indicateurs,
        journal,
        notifier,
        objectifs,
        parametre,
        preparer,
        qualite,
        servir,
        travaux,
        zonage,
    )

    return (
        demo,
        importer,
        indicateurs,
        qualite,
        dictionnaire,
        fiche,
        convention,
        contrat,
        parametre,
        journal,
        generer,
        preparer,
        administrateur,
        zonage,
        notifier,
        objectifs,
        travaux,
        archives,
        servir,
    )


def construire() -> Analyseur:
    """Return the whole parser: one sub-parser per command module."""
    analyseur = Analyseur(prog="convenir", description=DESCRIPTION, epilog=EPILOGUE)
    sous = analyseur.add_subparsers(
        title="commandes", dest="commande", metavar="COMMANDE", required=True, parser_class=Analyseur
    )
    for module in _modules():
        module.ajouter(sous)  # type: ignore[attr-defined]
    return analyseur


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: words after `convenir`; those of the process if None.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        _demarrer(arguments)
        espace = construire().parse_args(arguments)
        _preparer_le_poste(espace.commande)
        return int(espace.executer(espace))
    except (OperationalError, ProgrammingError) as erreur:
        print(f"convenir : la base n'est pas prête ({erreur}). Lancez : convenir preparer", file=sys.stderr)
        return 1
    except ErreurMetier as erreur:
        return _dire(erreur, "--json" in (arguments if arguments is not None else sys.argv))
    except BrokenPipeError:
        # The reader (head, less) has left: nothing more to say, and no trace to print.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as erreur:
        return _dire(ErreurMetier(_du_systeme(erreur)), "--json" in (arguments if arguments is not None else sys.argv))
    except KeyboardInterrupt:
        return _interrompue()
    except RuntimeError as erreur:
        if str(erreur) != INTERRUPTION_DE_DUCKDB:
            raise
        return _interrompue()


def _interrompue() -> int:
    print("Interrompu. Rien n'est resté à moitié fait.", file=sys.stderr)
    return 1


def _demarrer(arguments: Sequence[str] | None) -> None:
    """Choose the environment, then start Django.

    Without CONVENIR_ENV nor a secret key, the command line is that of one person on their own machine (`poste`);
    serving is never guessed: it needs its keys.
    """
    mots = list(sys.argv[1:] if arguments is None else arguments)
    if mots[:1] == ["demo"]:
        os.environ.setdefault("CONVENIR_ENV", "demo")
    elif mots[:1] != ["servir"] and not os.environ.get("CONVENIR_CLE_SECRETE"):
        os.environ.setdefault("CONVENIR_ENV", "poste")
    import django
    from django.apps import apps
    from django.core.exceptions import ImproperlyConfigured

    if apps.ready:
        return
    try:
        django.setup()
    except ImproperlyConfigured as erreur:
        raise ErreurMetier(str(erreur)) from None


def _preparer_le_poste(commande: str) -> None:
    """On a workstation, make the database at the first command that needs it."""
    from django.conf import settings

    base = settings.DATABASES["default"]
    if settings.ENVIRONNEMENT != "poste" or commande in SANS_BASE or not base["ENGINE"].endswith("sqlite3"):
        return
    if not Path(base["NAME"]).exists():
        from convenir.restitution.commandes.preparer import preparer

        print("Première utilisation : préparation de la base, quelques secondes.", file=sys.stderr)
        preparer()


def _du_systeme(erreur: OSError) -> str:
    """Say in French what the machine refused, and where."""
    cause = next((mots for genre, mots in CAUSES.items() if isinstance(erreur, genre)), "")
    cause = cause or ("il n'y a plus de place sur le disque" if erreur.errno == errno.ENOSPC else str(erreur.strerror))
    return f"{erreur.filename or 'Fichier'} : {cause}."


def _dire(erreur: ErreurMetier, en_json: bool) -> int:
    """Print the error for a person, or as JSON for a program."""
    if en_json:
        print(json.dumps({"erreur": str(erreur)}, ensure_ascii=False))
    print(f"convenir : {erreur}", file=sys.stderr)
    return 2 if "usage" in getattr(erreur, "__notes__", []) else 1


def afficher_json(valeur: object) -> None:
    """Print a value as JSON, accents kept; what is not a JSON type is written as text."""
    json.dump(valeur, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def dire(args: argparse.Namespace, valeur: object, phrase: str) -> None:
    """Print a result: as JSON for a program, as a sentence for a person."""
    if args.json:
        afficher_json(valeur)
    else:
        print(phrase)


def ajouter_json(analyseur: argparse.ArgumentParser) -> None:
    """Give a command the `--json` option."""
    analyseur.add_argument("--json", action="store_true", help="écrit le résultat en JSON")


if __name__ == "__main__":
    sys.exit(main())
