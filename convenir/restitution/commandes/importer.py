"""`convenir importer`: read a delivery, report, and apply it if asked."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convenir.restitution.commandes.analyseur import ajouter_mode, consentir, usage
from convenir.socle.commun.francais import nombre

if TYPE_CHECKING:
    from convenir.mesure.donnees.rapport import Rapport
    from convenir.socle.comptes.acteur import Acteur

ANOMALIES_MONTREES = 20
SOURCES = {
    "fluxiae": "livraison de l'ASP",
    "iae": "source reconnue à son contenu (bilan DataON, suivi DGEFP, annexes, annexe × mois)",
    "ml": "enregistrements ou indicateurs de missions locales",
    "agregats": "valeurs nationales de référence (CSV)",
}


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser(
        "importer",
        help="lit une livraison, en fait le rapport, et l'applique si on le demande",
        epilog="Sans --essai ni --appliquer : le rapport, puis une question. "
        "Un mot de passe d'archive se donne par CONVENIR_MOT_DE_PASSE_ASP.",
    )
    a.add_argument("source", choices=SOURCES, help=" ; ".join(f"{s} : {quoi}" for s, quoi in SOURCES.items()))
    a.add_argument("chemin", type=Path, metavar="CHEMIN", help="dossier, archive ou fichier")
    ajouter_mode(a)
    a.add_argument("--confirmer", metavar="MOTIF", help="passe les seuils d'alerte, avec ce motif")
    a.add_argument("--sans-fin", metavar="MOTIF", help="applique malgré l'absence de la ligne FIN, avec ce motif")
    a.add_argument("--encodage", metavar="E", help="encodage déclaré des fichiers, s'il n'est pas UTF-8")
    a.add_argument("--correspondance", type=Path, metavar="F.yaml", help="en-têtes et codes de l'export (ml)")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Report, ask if nothing was said, apply: 0 done, 1 refused, 2 no answer could be asked for."""
    if not args.chemin.exists():
        raise usage(f"« {args.chemin} » n'existe pas. Donnez le dossier ou l'archive de la livraison.")
    if args.correspondance and args.source != "ml":
        raise usage("--correspondance va avec la source ml.")
    if args.appliquer:
        return _dire(_importer(args, appliquer=True), args)
    rapport = _importer(args, appliquer=False)
    code = _dire(rapport, args)
    if args.essai or code or rapport.deja_importee:
        return code
    return _dire(_importer(args, appliquer=True), args) if consentir("Appliquer cette livraison ?") else 0


def _importer(args: argparse.Namespace, *, appliquer: bool) -> Rapport:
    from convenir.mesure.donnees import actions
    from convenir.socle.comptes.acteur import Acteur

    acteur = Acteur.systeme("Ligne de commande")
    if args.source == "agregats":
        return _agregats(args.chemin, acteur, appliquer=appliquer)
    options: dict[str, Any] = {
        "mot_de_passe": os.environ.get("CONVENIR_MOT_DE_PASSE_ASP"), "encodage": args.encodage,
        **(_missions_locales(args) if args.source == "ml" else {}),
    }  # fmt: skip
    if not appliquer:
        return actions.essayer(args.chemin, acteur, **options)
    return actions.appliquer(
        args.chemin, acteur, motif_confirmation=args.confirmer, motif_sans_fin=args.sans_fin, **options
    )


def _agregats(chemin: Path, acteur: Acteur, *, appliquer: bool) -> Rapport:
    """Read the values of reference; applied, they take the place of the former ones and ask for a calculation."""
    from convenir.mesure.donnees.rapport import Issue
    from convenir.mesure.indicateurs.actions import importer_agregats
    from convenir.mesure.indicateurs.rapport_agregats import rapport_agregats
    from convenir.mesure.indicateurs.tasks import recalculer

    rapport = rapport_agregats(chemin)
    if rapport.deja_importee:
        rapport.issue = Issue.DEJA_IMPORTEE
    elif appliquer:
        importer_agregats(chemin, auteur=acteur.auteur)
        recalculer.enqueue()
        rapport.issue = Issue.APPLIQUEE
    return rapport


def _missions_locales(args: argparse.Namespace) -> dict[str, Any]:
    """Return the kind of delivery, and the mapping of its columns."""
    from convenir.mesure.donnees.correspondances import AUCUNE, lire_yaml
    from convenir.mesure.donnees.models import Source

    if args.correspondance is None:
        return {"source": Source.MISSIONS_LOCALES, "correspondance": AUCUNE}
    try:
        texte = args.correspondance.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise usage(f"« {args.correspondance} » ne se lit pas. Donnez un fichier YAML en UTF-8.") from None
    return {"source": Source.MISSIONS_LOCALES, "correspondance": lire_yaml(texte)}


def _dire(rapport: Rapport, args: argparse.Namespace) -> int:
    """Print the report and return its exit code."""
    from convenir.restitution.commandes.principal import afficher_json

    if args.json:
        afficher_json(rapport.as_dict())
    else:
        print("\n".join(_lignes(rapport)))
    en_attente = args.appliquer and rapport.issue == "a_confirmer"
    return 1 if rapport.refus or en_attente else 0


def _lignes(rapport: Rapport) -> list[str]:
    lignes = [rapport.phrase]
    lignes += [f"  {v} : {n['lues']} lues, {n['acceptees']} acceptées, {n['quarantaine']} à l'écart"
               for v, n in rapport.vues.items()]  # fmt: skip
    lignes += [_anomalie(a) for a in rapport.anomalies[:ANOMALIES_MONTREES]]
    reste = rapport.anomalies_total - ANOMALIES_MONTREES
    lignes += [_reste(reste, rapport)] if reste > 0 else []
    lignes += [f"Seuil atteint : {s['message']} Pour passer outre : --confirmer MOTIF." for s in rapport.seuils]
    lignes += [f"Ligne FIN absente de {nom}. Pour appliquer : --sans-fin MOTIF." for nom in rapport.sans_fin]
    lignes += [f"{'Table' if rapport.couverture else 'Vue'} absente : {vue}." for vue in rapport.absentes]
    return lignes


def _reste(reste: int, rapport: Rapport) -> str:
    """Say where the anomalies not printed are: in the JSON up to its limit, all of them in the export of the page."""
    if rapport.anomalies_total <= len(rapport.anomalies):
        return f"  … et {nombre(reste)} autres (--json les donne)."
    return (
        f"  … et {nombre(reste)} autres (--json donne les {nombre(len(rapport.anomalies))} premières ; "
        "la page de la livraison les exporte toutes)."
    )


def _anomalie(a: dict[str, Any]) -> str:
    lieu = ", ".join(
        str(x) for x in (a.get("fichier"), a.get("ligne") and f"ligne {a['ligne']}", a.get("colonne")) if x
    )
    return f"  {lieu} : {a['message']}"
