"""`convenir archives`: the retention table and what has outlived its utility; nothing is destroyed from here."""

from __future__ import annotations

import argparse
from typing import Any


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("archives", help="dit ce que garde le tableau de conservation et ce qui est échu")
    a.add_argument("--departement", required=True, metavar="D", help="code du département : 44, 2A, 971")
    ajouter_json(a)
    a.set_defaults(executer=lire)


def lire(args: argparse.Namespace) -> int:
    """Print each fonds, its rule, and its records past their utility."""
    from django.utils import timezone

    from convenir.restitution.commandes.principal import afficher_json
    from convenir.socle.archives import queries, registre
    from convenir.socle.archives.tableau import tableau
    from convenir.socle.commun.erreurs import EntreeInvalide
    from convenir.socle.territoires.models import Departement

    if not Departement.objects.filter(pk=args.departement).exists():
        raise EntreeInvalide(f"Le département « {args.departement} » n'existe pas.")
    jour, tenus = timezone.localdate(), registre.declares()
    dits: list[dict[str, Any]] = []
    for r in tableau().values():
        echus = [a.cle for a in queries.echus(r.code, args.departement, jour)] if r.code in tenus else []
        dits.append(
            {"fonds": r.code, "libelle": r.libelle, "utilite_ans": r.utilite_ans, "sort": str(r.sort),
             "a_confirmer": r.a_confirmer, "tenu": r.code in tenus, "echus": echus}
        )  # fmt: skip
    if args.json:
        afficher_json(dits)
    else:
        for d in dits:
            print(f"{d['libelle']} : {d['utilite_ans']} ans, {d['sort']}, {len(d['echus'])} échus.")
    return 0
