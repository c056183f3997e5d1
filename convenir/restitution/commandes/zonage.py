"""`convenir zonage`: load employment zones, QPV or ZRR/FRR from a file that the user supplies."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convenir.restitution.commandes.analyseur import ajouter_mode, consentir
from convenir.socle.commun.francais import pluriel

if TYPE_CHECKING:
    from convenir.socle.territoires.actions import ZonageCharge


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser(
        "zonage",
        help="lit des zones d'emploi, des QPV ou des ZRR et FRR, et les charge si on le demande",
        epilog="Colonnes attendues : code_zone,nom,code_commune[,part] (UTF-8, virgule). Voir docs/territoires.md.",
    )
    a.add_argument("chemin", type=Path, metavar="FICHIER.csv")
    a.add_argument("--genre", choices=("zone_emploi", "qpv", "zrr_frr"), required=True)
    a.add_argument("--millesime", type=int, required=True, metavar="ANNÉE", help="année de la liste officielle")
    ajouter_mode(a)
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Report, ask if nothing was said, load the file whole; a fault refuses it whole."""
    charge = _charger(args, essai=not args.appliquer)
    if not (args.essai or args.appliquer) and charge.ecrits and consentir("Charger ce zonage ?"):
        _charger(args, essai=False)
    return 0


def _charger(args: argparse.Namespace, *, essai: bool) -> ZonageCharge:
    from dataclasses import asdict

    from convenir.restitution.commandes.principal import dire
    from convenir.socle.journal.auteur import Auteur
    from convenir.socle.territoires.actions import charger_zonage

    auteur = Auteur.systeme("Ligne de commande")
    charge = charger_zonage(args.chemin, args.genre, args.millesime, auteur, essai=essai)
    lus = pluriel(charge.rattachements, "rattachement de commune", "rattachements de communes")
    mots = ("ligne serait écrite", "lignes seraient écrites") if essai else ("ligne est écrite", "lignes sont écrites")
    effet = pluriel(charge.ecrits, *mots) if charge.ecrits else "ce fichier est déjà chargé"
    phrase = f"{pluriel(charge.zones, 'zone')}, {lus} : {effet}."
    if charge.inconnues:
        inconnues = ", ".join(f"{c} (ligne {n})" for n, c in charge.inconnues)
        phrase += f"\nCommunes inconnues, non rattachées : {inconnues}"
    dire(args, asdict(charge), phrase)
    return charge
