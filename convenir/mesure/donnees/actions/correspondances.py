"""The mapping of a depositor: kept, changed, used again; a deposit whose columns are related is controlled again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from convenir.mesure.donnees import policies
from convenir.mesure.donnees.actions import actes
from convenir.mesure.donnees.correspondances import AUCUNE, Correspondance, lire_correspondance, tetes
from convenir.mesure.donnees.models import CorrespondanceDeSource, Livraison
from convenir.mesure.donnees.states import verifier
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser


def de_lorganisation(organisation: int | None) -> Correspondance:
    """Return the mapping of the exports of an organisation; none if nothing was related."""
    enregistree = CorrespondanceDeSource.objects.filter(organisation=organisation).first()
    return AUCUNE if enregistree is None else lire_correspondance(enregistree.contenu)


def lire_tetes(chemin: Path, correspondance: Correspondance) -> dict[str, Any]:
    """Return the headers of a deposit (`correspondances.tetes`)."""
    return tetes.lire_tetes(chemin, correspondance, settings.LIVRAISON_TAILLE_MAX)


@transaction.atomic
def enregistrer(correspondance: Correspondance, acteur: Acteur) -> CorrespondanceDeSource:
    """Keep the mapping of the exports of the organisation of a person; the same one twice writes nothing.

    Raises:
        ActionRefusee: the person may deposit nothing.
    """
    policies.exiger_de_deposer(acteur)
    contenu, organisation = correspondance.en_donnees(), acteur.auteur.organisation_id
    connue = CorrespondanceDeSource.objects.filter(organisation=organisation).first()
    if connue is not None and connue.contenu == contenu:
        return connue
    avant = connue.contenu if connue else None
    connue = connue or CorrespondanceDeSource(organisation_id=organisation)
    connue.contenu, connue.modifiee_le, connue.auteur_nom = contenu, timezone.now(), acteur.auteur.nom
    connue.save()
    journaliser(actes.CORRESPONDANCE, connue, auteur=acteur.auteur, avant=avant, apres=contenu)
    return connue


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
