"""The mappings of a depositor, one for each of its exports; a deposit that is related is controlled again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from convenir.mesure.donnees import policies, queries
from convenir.mesure.donnees.actions import actes
from convenir.mesure.donnees.correspondances import AUCUNE, Correspondance, lire_correspondance, tetes
from convenir.mesure.donnees.models import CorrespondanceDeSource, Livraison
from convenir.mesure.donnees.states import verifier
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser

NOM_MAXIMUM = 80


def de_la_livraison(livraison: Livraison) -> Correspondance:
    """Return the mapping through which a deposit is read; none if nothing was chosen."""
    choisie = livraison.correspondance
    return AUCUNE if choisie is None else lire_correspondance(choisie.contenu)


def lire_tetes(chemin: Path, correspondance: Correspondance) -> dict[str, Any]:
    """Return the headers of a deposit (`correspondances.tetes`)."""
    return tetes.lire_tetes(chemin, correspondance, settings.LIVRAISON_TAILLE_MAX)


@transaction.atomic
def enregistrer(
    correspondance: Correspondance, acteur: Acteur, *, connue: CorrespondanceDeSource | None = None
) -> CorrespondanceDeSource:
    """Keep a mapping of the organisation of a person under its name; the same one twice writes nothing.

    Args:
        correspondance: what to keep, with its name.
        acteur: who keeps it.
        connue: the one it replaces, which takes its name; by default the one of that name, else a new one.

    Raises:
        ActionRefusee: the person may deposit nothing, or `connue` is another organisation's.
        EntreeInvalide: no name, a name too long, or the name of another mapping of the organisation.
    """
    policies.exiger_de_deposer(acteur)
    nom = " ".join(correspondance.nom.split())
    siennes = queries.correspondances(acteur)
    homonyme = siennes.filter(nom=nom).first()
    connue = _la_sienne(connue, acteur) if connue else homonyme
    _verifier_nom(nom, pris=homonyme is not None and homonyme != connue)
    contenu = replace(correspondance, nom=nom).en_donnees()
    if connue is not None and connue.contenu == contenu:
        return connue
    avant = connue.contenu if connue else None
    connue = connue or CorrespondanceDeSource(organisation_id=acteur.auteur.organisation_id)
    connue.nom, connue.contenu = nom, contenu
    connue.modifiee_le, connue.auteur_nom = timezone.now(), acteur.auteur.nom
    connue.save()
    journaliser(actes.CORRESPONDANCE, connue, auteur=acteur.auteur, avant=avant, apres=contenu)
    return connue


def _verifier_nom(nom: str, *, pris: bool) -> None:
    if not nom:
        raise EntreeInvalide("Donnez un nom à cette correspondance, par exemple celui de l'export qu'elle lit.")
    if len(nom) > NOM_MAXIMUM:
        raise EntreeInvalide(f"Ce nom est trop long : {NOM_MAXIMUM} caractères au plus.")
    if pris:
        raise EntreeInvalide(f"Une autre correspondance s'appelle déjà « {nom} ». Choisissez un autre nom.")


def _la_sienne(connue: CorrespondanceDeSource, acteur: Acteur) -> CorrespondanceDeSource:
    if connue.organisation_id != acteur.auteur.organisation_id:
        raise ActionRefusee("Cette correspondance est celle d'une autre organisation.")
    return connue


def renommer(connue: CorrespondanceDeSource, nom: str, acteur: Acteur) -> CorrespondanceDeSource:
    """Give another name to a mapping.

    Raises:
        ActionRefusee, EntreeInvalide: as `enregistrer`.
    """
    return enregistrer(replace(lire_correspondance(connue.contenu), nom=nom), acteur, connue=connue)


@transaction.atomic
def supprimer(connue: CorrespondanceDeSource, acteur: Acteur) -> None:
    """Delete a mapping; the deposits read through it stay, and the journal keeps what it said.

    Raises:
        ActionRefusee: the person may deposit nothing, or it is another organisation's.
    """
    policies.exiger_de_deposer(acteur)
    avant = _la_sienne(connue, acteur).contenu
    journaliser(actes.CORRESPONDANCE_SUPPRIMEE, connue, auteur=acteur.auteur, avant=avant)
    connue.delete()


@transaction.atomic
def relier(livraison: Livraison, correspondance: Correspondance, acteur: Acteur) -> CorrespondanceDeSource:
    """Keep what is related for a deposit: in the mapping it is read through, else in a new one, named after the day.

    Raises:
        ActionRefusee, EntreeInvalide: as `enregistrer` and `choisir`.
    """
    connue = livraison.correspondance
    if not correspondance.nom:
        correspondance = replace(correspondance, nom=connue.nom if connue else _nom_libre(acteur))
    enregistree = enregistrer(correspondance, acteur, connue=connue)
    if enregistree != connue:
        _attacher(livraison, enregistree, acteur)
    return enregistree


def _nom_libre(acteur: Acteur) -> str:
    """Return a name that no mapping of the organisation has."""
    base = f"Export du {timezone.localdate():%d/%m/%Y}"
    pris = set(queries.correspondances(acteur).filter(nom__startswith=base).values_list("nom", flat=True))
    return next(nom for n in range(1, len(pris) + 2) if (nom := base if n == 1 else f"{base} ({n})") not in pris)


@transaction.atomic
def choisir(
    livraison: Livraison, connue: CorrespondanceDeSource | None, acteur: Acteur, *, relire: bool = True
) -> None:
    """Read a deposit through another mapping, or through none; its control has to be asked for again.

    Args:
        livraison: the deposit.
        connue: the mapping; None for the published format.
        acteur: who chooses.
        relire: whether the headers of its files are to be looked at again.

    Raises:
        ActionRefusee: the deposit or the mapping is another organisation's, or the person may deposit nothing.
    """
    policies.exiger_de_deposer(acteur)
    _attacher(livraison, _la_sienne(connue, acteur) if connue else None, acteur)
    if relire and livraison.dossier_depot.is_dir():
        relues = lire_tetes(livraison.chemin_depot, de_la_livraison(livraison))
        livraison.tetes = relues or livraison.tetes
        livraison.save(update_fields=["tetes"])


def _attacher(livraison: Livraison, connue: CorrespondanceDeSource | None, acteur: Acteur) -> None:
    if livraison.organisation_id != acteur.auteur.organisation_id:
        raise ActionRefusee("Ce dépôt est celui d'une autre organisation.")
    livraison.correspondance = connue
    livraison.save(update_fields=["correspondance"])


def relancer(livraison: Livraison, acteur: Acteur) -> None:
    """Send back to its control a deposit whose columns were related.

    Raises:
        ActionRefusee: wrong state, or the deposit is somebody else's.
        EntreeInvalide: its files are no longer there.
    """
    policies.exiger_de_deposer(acteur)
    transition = verifier("relancer", livraison.etat)
    if livraison.organisation_id != acteur.auteur.organisation_id:
        raise ActionRefusee("Ce dépôt est celui d'une autre organisation.")
    if not livraison.dossier_depot.is_dir():
        raise EntreeInvalide("Les fichiers ne sont plus là. Déposez-les de nouveau : la correspondance servira.")
    with transaction.atomic():
        livraison.etat, livraison.demarree_le, livraison.message = transition.vers, None, ""
        livraison.etape, livraison.rapport = "En attente de traitement", {}
        livraison.recue_le = timezone.now()
        livraison.save()
        journaliser(actes.RELANCEE, livraison, auteur=acteur.auteur)
