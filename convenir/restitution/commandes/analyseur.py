"""An argument parser that speaks French and exits with 2 when misused."""

from __future__ import annotations

import argparse
import gettext
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NoReturn

from convenir.socle.commun.erreurs import EntreeInvalide

_TRADUCTIONS = {
    "usage: ": "usage : ",
    "options": "options",
    "positional arguments": "arguments",
    "show this help message and exit": "affiche cette aide",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "argument %(argument_name)s: %(message)s": "argument %(argument_name)s : %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "« %(value)s » n'est pas dans la liste : %(choices)s",
    "invalid %(type)s value: %(value)r": "« %(value)s » n'est pas une valeur admise (%(type)s)",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "not allowed with argument %s": "incompatible avec %s",
    "one of the arguments %s is required": "un de ces arguments est nécessaire : %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s est ambigu : %(matches)s",
    "subcommands": "commandes",
}


@contextmanager
def _en_francais() -> Iterator[None]:
    """Make argparse's own sentences French; argparse asks gettext for each of them."""
    d_origine = gettext.gettext
    argparse._ = lambda texte: _TRADUCTIONS.get(texte, texte)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        argparse._ = d_origine  # type: ignore[attr-defined]


class Analyseur(argparse.ArgumentParser):
    """Prints in French: one line of error, how to get help, exit code 2."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        with _en_francais():
            super().__init__(*args, **kwargs)

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:
        with _en_francais():
            return super().parse_known_args(*args, **kwargs)

    def format_help(self) -> str:
        with _en_francais():
            return super().format_help()

    def format_usage(self) -> str:
        with _en_francais():
            return super().format_usage()

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and leave with 2."""
        self.exit(2, f"{self.prog} : {message}\nAide : {self.prog} --help\n")


def jour(texte: str) -> date:
    """Read a date given as AAAA-MM-JJ or JJ/MM/AAAA.

    Raises:
        argparse.ArgumentTypeError: with the expected form.
    """
    morceaux = texte.split("/")
    iso = "-".join(reversed(morceaux)) if len(morceaux) == 3 else texte
    try:
        return date.fromisoformat(iso)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"« {texte} » n'est pas une date. Écrivez-la AAAA-MM-JJ, par exemple 2025-01-31."
        ) from None


def annees(texte: str) -> list[int]:
    """Read a year or a range: `2025`, `2023-2025`.

    Raises:
        argparse.ArgumentTypeError: with the expected form.
    """
    debut, _, fin = texte.partition("-")
    try:
        liste = list(range(int(debut), int(fin or debut) + 1))
    except ValueError:
        liste = []
    if not liste or not 1990 <= liste[0] <= liste[-1] <= 2100:
        raise argparse.ArgumentTypeError(f"« {texte} » n'est pas une année ni une suite d'années, comme 2023-2025.")
    return liste


def annee(texte: str) -> int:
    """Read one year.

    Raises:
        argparse.ArgumentTypeError: it is not a year, or there are several.
    """
    lues = annees(texte)
    if len(lues) > 1:
        raise argparse.ArgumentTypeError(f"« {texte} » est une suite d'années. Donnez-en une seule, comme {lues[-1]}.")
    return lues[0]


def adresse_servie(texte: str) -> str:
    """Read where to serve: a host and a port.

    Raises:
        argparse.ArgumentTypeError: with the expected form.
    """
    hote, _, port = texte.rpartition(":")
    if not (hote and port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65536):
        raise argparse.ArgumentTypeError(f"« {texte} » n'est pas une adresse. Donnez HÔTE:PORT, comme 127.0.0.1:8000.")
    return texte


def au_moins_un(texte: str) -> int:
    """Read a whole number, one at least.

    Raises:
        argparse.ArgumentTypeError: it is not.
    """
    if not (texte.isascii() and texte.isdecimal() and int(texte[:6])):
        raise argparse.ArgumentTypeError(f"« {texte} » ne convient pas. Donnez un nombre entier, 1 au moins.")
    return int(texte)


def ajouter_mode(a: argparse.ArgumentParser) -> None:
    """Declare `--essai` and `--appliquer`; without either, a report then a question."""
    mode = a.add_mutually_exclusive_group()
    mode.add_argument("--essai", action="store_true", help="rapport seul : rien n'est écrit")
    mode.add_argument("--appliquer", action="store_true", help="applique si le rapport le permet")


def consentir(question: str) -> bool:
    """Ask whether to write what was reported.

    Raises:
        EntreeInvalide: no terminal to ask from; a misuse, exit code 2.
    """
    if not sys.stdin.isatty():
        raise usage("Sans terminal, choisissez --essai ou --appliquer. Rien n'est écrit.")
    if input(f"{question} (oui/non) ").strip().lower() in ("oui", "o"):
        return True
    print("Rien n'est écrit.")
    return False


def usage(message: str) -> EntreeInvalide:
    """Build the error of a misused command: `main` turns it into exit code 2."""
    erreur = EntreeInvalide(message)
    erreur.add_note("usage")
    return erreur
