"""`convenir qualite`: measure the entry charter over a folder of records, without a database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from convenir.mesure.indicateurs.qualite import LigneQualite


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("qualite", help="mesure la qualité de la saisie d'une mission locale, mois par mois")
    a.add_argument("--entrepot", type=Path, required=True, metavar="DOSSIER", help="tables, en CSV ou en Parquet")
    a.add_argument("--annee", type=int, required=True, metavar="A", help="année civile")
    a.add_argument("--mois", type=int, default=12, choices=range(1, 13), metavar="M", help="mois clos (12)")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Print what each article measures: the year for a person, every month too for a program."""
    from convenir.mesure.indicateurs.qualite import calculer_qualite, charte
    from convenir.restitution.commandes.principal import afficher_json

    lignes = calculer_qualite(args.entrepot, args.annee, mois=args.mois)
    if args.json:
        afficher_json({"charte": charte().texte, "annee": args.annee, "lignes": [en_dictionnaire(x) for x in lignes]})
        return 0
    for phrase in _phrases(lignes, str(args.annee)):
        print(phrase)
    return 0


def en_dictionnaire(x: LigneQualite) -> dict[str, Any]:
    """Return a line as published; amounts are decimal strings."""
    return {
        "ml": x.ml, "article": x.article, "periode": x.periode, "numerateur": x.numerateur,
        "denominateur": x.denominateur, "valeur": x.valeur, "statut": x.statut, "seuil": x.seuil,
        "completude": x.completude, "a_reprendre": x.a_reprendre,
    }  # fmt: skip


def _phrases(lignes: list[LigneQualite], periode: str) -> Iterator[str]:
    from convenir.mesure.indicateurs.qualite import charte
    from convenir.mesure.indicateurs.qualite.phrases import dire

    for ml in sorted({x.ml for x in lignes}):
        yield ml
        for x in lignes:
            if x.ml == ml and x.periode == periode:
                article = charte().article(x.article)
                yield f"  {x.article} {article.libelle} : {dire(x, article)}"
