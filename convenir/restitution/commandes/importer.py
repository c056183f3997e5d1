"""`convenir importer`: read a delivery, report, and apply it if asked."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convenir.restitution.commandes.analyseur import ajouter_mode, consentir, usage
from convenir.socle.commun.francais import nombre, pluriel

if TYPE_CHECKING:
    from convenir.mesure.donnees.rapport import Rapport
    from convenir.socle.comptes.acteur import Acteur

ANOMALIES_MONTREES = 20
QUALITES_MONTREES = 10
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
    a.add_argument(
        "--quarantaine", type=Path, metavar="F.csv",
        help="écrit toutes les lignes mises à l'écart et tous les avertissements, même avec --essai",
    )  # fmt: skip
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Report, ask if nothing was said, apply: 0 done, 1 refused, 2 no answer could be asked for."""
    if not args.chemin.exists():
        raise usage(f"« {args.chemin} » n'existe pas. Donnez le dossier ou l'archive de la livraison.")
    if args.correspondance and args.source != "ml":
        raise usage("--correspondance va avec la source ml.")
    if args.quarantaine and (args.quarantaine.is_dir() or not args.quarantaine.absolute().parent.is_dir()):
        raise usage(f"« {args.quarantaine} » ne peut s'écrire. Donnez un fichier dans un dossier qui existe.")
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
        return _agregats(args, acteur, appliquer=appliquer)
    options: dict[str, Any] = {
        "mot_de_passe": os.environ.get("CONVENIR_MOT_DE_PASSE_ASP"), "encodage": args.encodage,
        "quarantaine": args.quarantaine,
        **(_missions_locales(args) if args.source == "ml" else {}),
    }  # fmt: skip
    if not appliquer:
        return actions.essayer(args.chemin, acteur, **options)
    return actions.appliquer(
        args.chemin, acteur, motif_confirmation=args.confirmer, motif_sans_fin=args.sans_fin, **options
    )


def _agregats(args: argparse.Namespace, acteur: Acteur, *, appliquer: bool) -> Rapport:
    """Read the values of reference; applied, they take the place of the former ones and ask for a calculation.

    A fault refuses the file whole: the quarantine then has that fault, else its header alone.
    """
    from convenir.mesure.donnees.rapport import Issue, Rapport
    from convenir.mesure.indicateurs.actions import importer_agregats
    from convenir.mesure.indicateurs.rapport_agregats import rapport_agregats
    from convenir.mesure.indicateurs.tasks import recalculer
    from convenir.socle.commun.erreurs import EntreeInvalide

    try:
        rapport = rapport_agregats(args.chemin)
    except EntreeInvalide as erreur:
        faute = {"fichier": args.chemin.name, "ligne": None, "colonne": "", "valeur": "", "message": str(erreur)}
        _mettre_en_quarantaine(args, Rapport(Issue.REFUSEE, anomalies=[faute]))
        raise
    _mettre_en_quarantaine(args, rapport)
    if rapport.deja_importee:
        rapport.issue = Issue.DEJA_IMPORTEE
    elif appliquer:
        importer_agregats(args.chemin, auteur=acteur.auteur)
        recalculer.enqueue()
        rapport.issue = Issue.APPLIQUEE
    return rapport


def _mettre_en_quarantaine(args: argparse.Namespace, rapport: Rapport) -> None:
    from convenir.mesure.donnees.quarantaine import ecrire_csv

    if args.quarantaine:
        ecrire_csv(args.quarantaine, rapport)
        rapport.fichier_quarantaine = str(args.quarantaine)


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
    lignes += [_comptes(vue, comptes) for vue, comptes in rapport.vues.items()]
    lignes += [_anomalie(a) for a in rapport.anomalies[:ANOMALIES_MONTREES]]
    lignes += _suite(rapport)
    lignes += _qualite(rapport)
    lignes += [f"Seuil atteint : {s['message']} Pour passer outre : --confirmer MOTIF." for s in rapport.seuils]
    lignes += [f"Ligne FIN absente de {nom}. Pour appliquer : --sans-fin MOTIF." for nom in rapport.sans_fin]
    lignes += [f"{'Table' if rapport.couverture else 'Vue'} absente : {vue}." for vue in rapport.absentes]
    return lignes


def _comptes(vue: str, comptes: Mapping[str, int]) -> str:
    """Say what became of the lines of a view: those read are accepted, exact copies or set aside."""
    lues = pluriel(comptes["lues"], "ligne lue", "lignes lues")
    acceptees = pluriel(comptes["acceptees"], "acceptée", "acceptées")
    copies = [pluriel(comptes["doublons"], "copie exacte", "copies exactes")] if comptes["doublons"] else []
    return f"  {vue} : {', '.join([lues, acceptees, *copies])}, {nombre(comptes['quarantaine'])} à l'écart"


def _qualite(rapport: Rapport) -> list[str]:
    """Say what the quality of the entry asks for: the missions locales that have the most to take up first."""
    rangees = sorted(rapport.qualite.items(), key=lambda x: (-len(x[1]["a_reprendre"]), x[0]))
    lignes = [f"Qualité de la saisie, {ml}, {mesuree['phrase']}" for ml, mesuree in rangees[:QUALITES_MONTREES]]
    reste = len(rangees) - len(lignes)
    return lignes + ([f"  … et {nombre(reste)} autres missions locales (--json les donne)."] if reste else [])


def _suite(rapport: Rapport) -> list[str]:
    """Say where the anomalies not printed are: in the JSON up to its limit, all of them in the quarantine."""
    reste, ou = rapport.anomalies_total - ANOMALIES_MONTREES, "--json les donne"
    if not rapport.listes_entieres:
        ou = f"--json donne les {nombre(len(rapport.anomalies))} premières ; --quarantaine F.csv les écrit toutes"
    if rapport.fichier_quarantaine:
        ou = f"{rapport.fichier_quarantaine} les a toutes"
    suite = [f"  … et {nombre(reste)} autres ({ou})."] if reste > 0 else []
    ecrit = [f"Lignes à l'écart et avertissements : {rapport.fichier_quarantaine}"]
    return suite + (ecrit if rapport.fichier_quarantaine else [])


def _anomalie(a: dict[str, Any]) -> str:
    lieu = ", ".join(
        str(x) for x in (a.get("fichier"), a.get("ligne") and f"ligne {a['ligne']}", a.get("colonne")) if x
    )
    return f"  {lieu} : {a['message']}"
