"""`convenir convention X` and `convenir conventions`: consolidated terms, the avenants of a year."""

from __future__ import annotations

import argparse
from typing import Any

from convenir.restitution.commandes.analyseur import jour as jour_lu
from convenir.restitution.commandes.analyseur import usage
from convenir.socle.commun.erreurs import EntreeInvalide

CATEGORIES = ("AI", "ACI", "EI", "ETTI", "EITI")


def ajouter(sous: Any) -> None:
    """Declare the two commands."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("convention", help="écrit les termes consolidés d'une convention à une date")
    a.add_argument("nom", metavar="ASP_OU_NUMERO", help="identifiant ou numéro ASP, référence, code de ML")
    a.add_argument("--categorie", choices=CATEGORIES, help="nécessaire si l'identifiant en porte plusieurs")
    a.add_argument("--date", type=jour_lu, metavar="D", help="AAAA-MM-JJ ; aujourd'hui par défaut")
    a.add_argument("--format", choices=("json",), default="json", dest="format_sortie")
    a.set_defaults(executer=lire)
    b = sous.add_parser("conventions", help="prépare les avenants, fait passer un jour, publie les subventions")
    actes = b.add_subparsers(title="actes", dest="acte", metavar="ACTE", required=True, parser_class=type(b))
    c = actes.add_parser("preparer-avenants", help="prépare les avenants et annexes d'une année pour un département")
    c.add_argument("--departement", required=True, metavar="D", help="code du département : 44, 2A, 971")
    c.add_argument("--annee", required=True, type=int, metavar="A", help="année des annexes à préparer")
    c.add_argument("--essai", action="store_true", help="rapport seul : rien n'est écrit")
    ajouter_json(c)
    c.set_defaults(executer=preparer)
    d = actes.add_parser("passer-le-jour", help="fait ce qu'un jour entraîne : débuts, fins, suspensions, rappels")
    d.add_argument("--date", type=jour_lu, metavar="D", help="AAAA-MM-JJ ; aujourd'hui par défaut")
    d.add_argument("--essai", action="store_true", help="rapport seul : rien n'est écrit")
    ajouter_json(d)
    d.set_defaults(executer=passer_le_jour)
    e = actes.add_parser("donnees-essentielles", help="écrit les subventions d'une année au format public (CSV)")
    e.add_argument("--annee", type=int, metavar="A", help="année de signature ; l'année courante par défaut")
    e.add_argument("--departement", default="", metavar="D", help="code d'un département ; tous par défaut")
    e.set_defaults(executer=donnees_essentielles)


def lire(args: argparse.Namespace) -> int:
    """Print the consolidated terms; several conventions match: exit 2, naming them."""
    from django.utils import timezone

    from convenir.contrat.conventions.queries import trouver
    from convenir.contrat.conventions.queries.publication import en_dictionnaire
    from convenir.restitution.commandes.principal import afficher_json
    from convenir.socle.comptes.acteur import Acteur

    jour = args.date or timezone.localdate()
    lues = trouver(Acteur.systeme("Ligne de commande"), args.nom).order_by("debut", "reference")
    trouvees = [c for c in lues if args.categorie in {None, c.categorie}]
    courantes = [c for c in trouvees if c.debut <= jour < c.fin] or trouvees
    if not courantes:
        precision = f" en {args.categorie}" if args.categorie else ""
        raise EntreeInvalide(f"Aucune convention ne répond à « {args.nom} »{precision}.")
    if len(courantes) > 1:
        liste = ", ".join(c.reference for c in courantes)
        raise usage(f"« {args.nom} » nomme plusieurs conventions : {liste}. Donnez la référence, ou --categorie.")
    afficher_json(en_dictionnaire(courantes[0], jour))
    return 0


def preparer(args: argparse.Namespace) -> int:
    """Prepare the batch, or report what it would do."""
    from django.utils import timezone

    from convenir.contrat.conventions.actions.lots import preparer_avenants
    from convenir.restitution.commandes.principal import afficher_json
    from convenir.socle.commun.francais import pluriel
    from convenir.socle.comptes.acteur import Acteur

    rapport = preparer_avenants(
        Acteur.systeme("Ligne de commande"), args.departement.upper(), args.annee, essai=args.essai,
        jour=timezone.localdate(), maintenant=timezone.now(),
    )  # fmt: skip
    if args.json:
        afficher_json(rapport.as_dict())
        return 0
    verbe = ("avenant à préparer", "avenants à préparer") if args.essai else ("avenant préparé", "avenants préparés")
    ecartees = pluriel(len(rapport.ecartees), "convention écartée", "conventions écartées")
    print(
        f"Département {rapport.departement}, {rapport.annee} : {pluriel(len(rapport.preparees), *verbe)}, "
        f"dont {len(rapport.exceptions)} à revoir ; {ecartees}."
    )
    for ligne in [*rapport.exceptions, *rapport.ecartees]:
        print(f"  {ligne.reference}, {ligne.partie} : {ligne.exception}")
    return 0


def passer_le_jour(args: argparse.Namespace) -> int:
    """Let a day pass; 1 when a case was set aside, with its reason."""
    from django.utils import timezone

    from convenir.contrat.conventions import temps
    from convenir.restitution.commandes.principal import afficher_json

    jour = args.date or timezone.localdate()
    if jour > timezone.localdate() and not args.essai:
        raise usage("Ce jour n'est pas encore venu : ajoutez --essai pour voir ce qu'il entraînera.")
    rapport = temps.passer_le_jour(jour, maintenant=timezone.now(), essai=args.essai)
    if args.json:
        afficher_json(rapport.as_dict())
    else:
        print(f"{'Essai, rien n’est écrit. ' if args.essai else ''}{rapport.phrase}")
        for ligne in [*rapport.faits, *rapport.ecartes]:
            print(f"  {ligne.reference}, {ligne.partie} : {ligne.detail}")
    return 1 if rapport.ecartes else 0


def donnees_essentielles(args: argparse.Namespace) -> int:
    """Write the file on the standard output; what is left out is told on the error output, with the reason."""
    import sys

    from django.utils import timezone

    from convenir.contrat.conventions.queries.essentielles import publication
    from convenir.contrat.conventions.rules.essentielles import rangs
    from convenir.socle.comptes.acteur import Acteur
    from convenir.socle.documents.tableurs import ecrire_csv_sans_marque

    annee = args.annee or timezone.localdate().year
    if annee < 2017:
        raise usage("Les données essentielles se publient pour les actes signés depuis 2017.")
    lue = publication(Acteur.systeme("Ligne de commande"), annee, args.departement)
    sys.stdout.writelines(ecrire_csv_sans_marque(rangs(lue.publiees)))
    for e in lue.ecartees:
        print(f"Écartée : {e.subvention.reference}, {e.subvention.attribuant} : {e.raison}.", file=sys.stderr)
    return 0
