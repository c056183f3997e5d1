"""`convenir parametre CODE --date D`: a value of the law at a date, with its source and history."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from convenir.restitution.commandes.analyseur import jour
from convenir.socle.commun import francais


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("parametre", help="donne un paramètre à une date, avec son texte et son histoire")
    a.add_argument("code", metavar="CODE", help="code du paramètre, par exemple iae.socle.ACI")
    a.add_argument("--date", type=jour, default=None, metavar="D", help="date (AAAA-MM-JJ) ; aujourd'hui par défaut")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Print the parameter."""
    from convenir.restitution.commandes.principal import afficher_json
    from convenir.socle.reglementation import queries

    a_la_date = args.date or date.today()  # noqa: DTZ011 calendar date of the person
    parametre = queries.parametre(args.code, a_la_date)
    if args.json:
        afficher_json(parametre)
        return 0
    print(f"{parametre['code']} au {francais.jour(a_la_date)} : {_valeur(parametre)}")
    if parametre["valeur"] is not None:
        verifie = francais.jour(date.fromisoformat(str(parametre["verifie_le"])))
        print(f"Texte : {parametre['texte']}\nSource : {parametre['source']}\nVérifié le {verifie}")
    for ligne in parametre["historique"]:
        print(f"  depuis le {francais.jour(date.fromisoformat(str(ligne['debut'])))} : {_nombre(ligne['valeur'])}")
    return 0


def _valeur(parametre: dict[str, Any]) -> str:
    """Say the value, or that there is none on that day."""
    if parametre["valeur"] is None:
        return "aucune valeur à cette date"
    return f"{_nombre(parametre['valeur'])} {parametre['unite']}{' (à confirmer)' if parametre['a_confirmer'] else ''}"


def _nombre(valeur: object) -> str:
    """Write a number as French reads it, any other value as it is."""
    try:
        lu = Decimal(str(valeur))
    except InvalidOperation:
        return str(valeur)
    decimales = lu.as_tuple().exponent
    return francais.nombre(lu, -decimales if isinstance(decimales, int) and decimales < 0 else 0)
