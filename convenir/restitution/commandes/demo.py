"""`convenir demo`: prepare a demonstration région through the real importer, then serve it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from convenir.restitution.commandes.analyseur import adresse_servie
from convenir.socle.commun.erreurs import ErreurMetier

if TYPE_CHECKING:
    from convenir.restitution.demonstration.comptes import Compte

REGION = "52"
ANNEES = (2024, 2025, 2026)
# Dernier mois clos des données inventées : l'année en cours est partielle, comme dans une vraie livraison.
JUSQUAU = date(2026, 10, 31)
GRAINE = 2026
# Part des jeunes des missions locales : assez pour que chaque chiffre se lise, assez peu pour ne pas attendre.
ECHELLE_ML = 0.1


def ajouter(sous: Any) -> None:
    """Declare the command."""
    from convenir.restitution.commandes.principal import ajouter_json

    a = sous.add_parser("demo", help="prépare une région de démonstration et la sert")
    a.add_argument("--adresse", type=adresse_servie, default="127.0.0.1:8000", metavar="HÔTE:PORT")
    a.add_argument("--sans-servir", action="store_true", help="prépare seulement")
    ajouter_json(a)
    a.set_defaults(executer=executer)


def executer(args: argparse.Namespace) -> int:
    """Prepare, print where to go and with which accounts, serve."""
    from dataclasses import asdict

    from convenir.restitution.commandes.principal import dire
    from convenir.restitution.demonstration.comptes import MOT_DE_PASSE

    comptes = preparer_demo()
    donnees = {
        "adresse": f"http://{args.adresse}/",
        "mot_de_passe": MOT_DE_PASSE,
        "comptes": [asdict(c) for c in comptes],
    }
    ou = "La démonstration est prête." if args.sans_servir else f"Convenir est servi sur {donnees['adresse']}"
    dire(args, donnees, _annonce(ou, comptes))
    if args.sans_servir:
        return 0
    from convenir.restitution.commandes.servir import servir

    sys.stdout.flush()
    return servir(args.adresse)


def preparer_demo() -> list[Compte]:
    """Load the invented région; what is already there is left as it is.

    Raises:
        ErreurMetier: the environment is not that of the demonstration, or the base holds somebody's data.
    """
    from django.conf import settings

    if not settings.DONNEES_FICTIVES:
        raise ErreurMetier("La démonstration ne se charge pas dans une base de production. Lancez : make demo.")
    from convenir.mesure.donnees.models import Livraison
    from convenir.restitution.commandes.preparer import preparer
    from convenir.restitution.demonstration import comptes, conventions, dossiers, travaux
    from convenir.restitution.demonstration.objectifs import creer_les_negociations
    from convenir.restitution.demonstration.priorites import charger_priorites
    from convenir.socle.comptes.acteur import Acteur

    debut, acteur = time.monotonic(), Acteur.systeme("Démonstration")
    _dire("Base et géographie officielle", debut)
    preparer()
    if not settings.REPERE_FICTIF.exists():
        _exiger_une_base_neuve()
        settings.REPERE_FICTIF.touch()
    if not Livraison.objects.filter(etat="appliquee").exists():
        _charger(acteur, debut)
    charger_priorites(REGION, acteur, date(min(ANNEES), 1, 1))
    if not Livraison.objects.filter(etat="appliquee", source="ml").exists():
        _charger_les_missions_locales(acteur, debut)
    crees = comptes.creer(REGION, acteur)
    _dire(f"Conventions de l’année : {conventions.creer_celles_de_lannee(REGION, acteur)}", debut)
    dossiers.creer(REGION, acteur)
    travaux.creer(REGION, acteur)
    _dire(f"Conventions à venir et missions locales : {conventions.creer_les_prochaines(REGION, acteur)}", debut)
    _dire(f"Négociations d’objectifs : {creer_les_negociations(REGION, acteur)}", debut)
    _dire("Comptes prêts", debut)
    return crees


def _exiger_une_base_neuve() -> None:
    """Refuse to say that real data are invented, and to open them to accounts whose password is public.

    Raises:
        ErreurMetier: somebody's deliveries or accounts are there.
    """
    from convenir.mesure.donnees.models import Livraison
    from convenir.socle.comptes.models import Utilisateur

    if Livraison.objects.exists() or Utilisateur.objects.exists():
        raise ErreurMetier(
            "Cette base tient déjà des données ou des comptes qui ne sont pas ceux de la démonstration. "
            "Donnez-lui un autre dossier (CONVENIR_DONNEES) ou une autre base (DATABASE_URL)."
        )


def _charger(acteur: Any, debut: float) -> None:
    """Generate an invented delivery, import it, compute its indicators."""
    from convenir.mesure.donnees import actions as donnees
    from convenir.mesure.donnees.generateur import generer_fluxiae
    from convenir.restitution.demonstration.reperes import charger_reperes
    from convenir.socle.organisations.actions import creer_agences_fictives
    from convenir.socle.territoires.models import Departement

    with tempfile.TemporaryDirectory(prefix="convenir-demo-") as dossier:
        _dire("Livraison inventée : écriture", debut)
        generer_fluxiae(Path(dossier), region=REGION, annees=ANNEES, jusquau=JUSQUAU, graine=GRAINE)
        _dire("Livraison inventée : import", debut)
        rapport = donnees.appliquer(Path(dossier), acteur)
    if rapport.refus or rapport.demande_un_motif:
        raise ErreurMetier(f"La livraison de démonstration n'a pas été appliquée. {rapport.phrase}")
    print(f"  {rapport.phrase}", file=sys.stderr)
    creer_agences_fictives(Departement.objects.filter(region=REGION).values_list("pk", flat=True), acteur.auteur)
    charger_reperes(acteur)
    _calculer("Indicateurs", debut)


def _charger_les_missions_locales(acteur: Any, debut: float) -> None:
    """Generate the invented missions locales of the région and import their records."""
    from convenir.mesure.donnees import actions as donnees
    from convenir.mesure.donnees.generateur_ml import generer_ml
    from convenir.mesure.donnees.models import Source

    with tempfile.TemporaryDirectory(prefix="convenir-demo-ml-") as dossier:
        _dire("Missions locales inventées : écriture", debut)
        generer_ml(
            Path(dossier), region=REGION, annee=ANNEES[-1], annees=len(ANNEES), jusquau=JUSQUAU, graine=GRAINE,
            echelle=ECHELLE_ML,
        )  # fmt: skip
        _dire("Missions locales inventées : import", debut)
        rapport = donnees.appliquer(Path(dossier), acteur, source=Source.MISSIONS_LOCALES)
    if rapport.refus or rapport.demande_un_motif:
        raise ErreurMetier(f"Les missions locales de démonstration ne sont pas chargées. {rapport.phrase}")
    print(f"  {rapport.phrase}", file=sys.stderr)
    _calculer("Indicateurs des missions locales", debut)


def _calculer(etape: str, debut: float) -> None:
    """Do at once what an applied delivery left to the background: pages are full as soon as they are served."""
    from django.core.management import call_command

    _dire(etape, debut)
    call_command("db_worker", "--batch", "--no-startup-delay", verbosity=0)


def _dire(etape: str, debut: float) -> None:
    print(f"[{time.monotonic() - debut:4.0f} s] {etape}", file=sys.stderr, flush=True)


def _annonce(ou: str, comptes: list[Compte]) -> str:
    """Return where it is and the accounts, one line per role."""
    from convenir.restitution.demonstration.comptes import MOT_DE_PASSE

    lignes = [f"\n{ou}", f"Mot de passe de tous les comptes : {MOT_DE_PASSE}\n"]
    roles = dict.fromkeys(c.role for c in comptes)
    for role in roles:
        siens = [c for c in comptes if c.role == role]
        lignes.append(f"  {role.label:45} {', '.join(c.email for c in siens)}")
    return "\n".join(lignes)
