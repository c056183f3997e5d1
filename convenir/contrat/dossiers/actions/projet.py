"""The projet d'insertion: actions of an axis, free text of an axis."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from convenir.contrat.dossiers import actes, policies, referentiel
from convenir.contrat.dossiers.models import ActionProjet, Dossier, PresentationLibre
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser


@dataclass(frozen=True)
class ActionEcrite:
    """An action as written; `element` empty: the structure adds it to the référentiel."""

    axe: str
    intitule: str
    element: str = ""
    moyens: str = ""
    calendrier: str = ""
    indicateur: str = ""
    preuve: str = ""
    orientation: str = ""
    attendue_par: str = ""
    nouvelle: bool = False


@transaction.atomic
def ecrire_action(
    acteur: Acteur, dossier: Dossier, ecrite: ActionEcrite, *, maintenant: datetime, action: ActionProjet | None = None
) -> ActionProjet:
    """Add an action to the project, or rewrite one.

    Raises:
        ActionRefusee: no right, or the file is filed.
        EntreeInvalide: no title, an axis of another scheme, or an item of another axis.
    """
    _exiger(acteur, dossier)
    if ecrite.axe not in {a.code for a in referentiel.axes(dossier.cadre)}:
        raise EntreeInvalide("Cet axe n'est pas celui de votre dispositif.")
    if not ecrite.intitule.strip():
        raise EntreeInvalide("Donnez un intitulé à l'action.")
    if ecrite.element and ecrite.element not in {e.code for e in referentiel.elements(ecrite.axe)}:
        raise EntreeInvalide("Cet élément du référentiel n'est pas de cet axe.")
    cible = action or ActionProjet(dossier=dossier)
    if cible.dossier_id != dossier.pk:
        raise ActionRefusee("Cette action est d'un autre dossier.")
    for nom, valeur in ecrite.__dict__.items():
        setattr(cible, nom, valeur.strip() if isinstance(valeur, str) else valeur)
    cible.ecrite_le = maintenant
    cible.save()
    apres = {"axe": cible.axe, "element": cible.element, "ajoutee": cible.est_ajoutee}
    journaliser(actes.ACTION_PROJET, dossier, auteur=acteur.auteur, apres=apres)
    return cible


@transaction.atomic
def retirer_action(acteur: Acteur, action: ActionProjet) -> None:
    """Remove an action from a project that is being written.

    Raises:
        ActionRefusee: no right, or the file is filed.
    """
    _exiger(acteur, action.dossier)
    journaliser(actes.ACTION_PROJET_RETIREE, action.dossier, auteur=acteur.auteur, avant={"action": action.intitule})
    action.delete()


@transaction.atomic
def ecrire_librement(
    acteur: Acteur, dossier: Dossier, axe: str, texte: str, *, version: int, maintenant: datetime
) -> PresentationLibre:
    """Write the text of an axis freely, if nobody did since `version` was read.

    Raises:
        ActionRefusee: no right, the file is filed, or someone else wrote this text meanwhile.
        EntreeInvalide: an axis of another scheme.
    """
    _exiger(acteur, dossier)
    if axe not in {a.code for a in referentiel.axes(dossier.cadre)}:
        raise EntreeInvalide("Cet axe n'est pas celui de votre dispositif.")
    libre = dossier.presentations.select_for_update().filter(axe=axe).first()
    libre = libre or PresentationLibre(dossier=dossier, axe=axe, version=0)
    if libre.texte == texte.strip():
        return libre
    if libre.version > version:
        raise ActionRefusee("Quelqu'un d'autre a écrit ce texte entre-temps. Relisez-le avant d'enregistrer le vôtre.")
    libre.texte, libre.version, libre.modifiee_le = texte.strip(), libre.version + 1, maintenant
    libre.save()
    journaliser(actes.PRESENTATION, dossier, auteur=acteur.auteur, apres={"axe": axe, "version": libre.version})
    return libre


def _exiger(acteur: Acteur, dossier: Dossier) -> None:
    policies.exiger(policies.refus_d_ecrire(acteur, dossier))
    dossier.convention.refresh_from_db(fields=["etat"])
    if not dossier.en_redaction:
        raise ActionRefusee("Le dossier est déposé : le projet ne se change plus que si le service le rend.")
