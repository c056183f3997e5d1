"""The projet d'insertion: actions of an axis, free text of an axis."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from convenir.contrat.conventions.queries.financeurs import parties_possibles
from convenir.contrat.dossiers import actes, policies, referentiel
from convenir.contrat.dossiers.actions.redaction import Conflit, EcritEntreTemps, Enregistrement, Saisie
from convenir.contrat.dossiers.cibles import cible_d_action, cible_d_axe
from convenir.contrat.dossiers.models import ActionProjet, Dossier, PresentationLibre
from convenir.contrat.dossiers.propositions import action_en_mots
from convenir.contrat.dossiers.queries import actions_ouvertes, attend_une_reponse, axes_ouverts
from convenir.contrat.dossiers.rules import TEXTE_MAX
from convenir.socle.commun.erreurs import ActionRefusee, EntreeInvalide
from convenir.socle.commun.francais import nombre
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.journal.actions import journaliser
from convenir.socle.organisations.models import Organisation

FERME = "Le dossier est déposé : le projet ne se change plus. Le service peut rouvrir un axe ou une action."


@dataclass(frozen=True)
class ActionEcrite:
    """An action as written; `element` empty: the structure adds it; `organisation`: who expects it."""

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
    organisation: Organisation | None = None


@transaction.atomic
def ecrire_action(
    acteur: Acteur,
    dossier: Dossier,
    ecrite: ActionEcrite,
    *,
    maintenant: datetime,
    action: ActionProjet | None = None,
    lue: str | None = None,
) -> ActionProjet:
    """Add an action to the project, or rewrite one; one's draft of it is over.

    Args:
        lue: the version of the action that a form has read (`ActionProjet.lecture`).

    Raises:
        EcritEntreTemps: someone else wrote this action after it was read.
        ActionRefusee: no right, or the file is filed and the service has reopened neither the axis nor the action.
        EntreeInvalide: no title, an axis of another scheme, an item of another axis, a party of elsewhere.
    """
    policies.exiger(refus_d_ecrire_l_action(acteur, dossier, ecrite.axe, action))
    if ecrite.axe not in {a.code for a in referentiel.axes(dossier.cadre)}:
        raise EntreeInvalide("Cet axe n'est pas celui de votre dispositif.")
    if not ecrite.intitule.strip():
        raise EntreeInvalide("Donnez un intitulé à l'action.")
    if ecrite.element and ecrite.element not in {e.code for e in referentiel.elements(ecrite.axe)}:
        raise EntreeInvalide("Cet élément du référentiel n'est pas de cet axe.")
    attendue = ecrite.organisation
    if attendue and not parties_possibles(dossier.convention).filter(pk=attendue.pk).exists():
        raise EntreeInvalide(f"{attendue} n'est pas une partie de ce territoire : choisissez-la dans la liste.")
    cible = _tenir(dossier, action)
    _remplir(cible, ecrite, lue)
    cible.version, cible.modifiee_par = cible.version + 1, acteur.utilisateur
    cible.ecrite_le, cible.a_confirmer = maintenant, False
    cible.save()
    brouillon = cible_d_action(action.pk) if action else cible_d_axe(ecrite.axe)
    dossier.brouillons.filter(auteur=acteur.utilisateur, cible=brouillon).delete()
    apres = {"axe": cible.axe, "element": cible.element, "ajoutee": cible.est_ajoutee}
    journaliser(actes.ACTION_PROJET, dossier, auteur=acteur.auteur, apres=apres)
    return cible


def _tenir(dossier: Dossier, action: ActionProjet | None) -> ActionProjet:
    """Return the action as it is now, held until the end of the transaction, or a new one."""
    if action is None:
        return ActionProjet(dossier=dossier, version=0)
    if action.dossier_id != dossier.pk:
        raise ActionRefusee("Cette action est d'un autre dossier.")
    tenue = dossier.actions.select_for_update(of=("self",)).select_related("modifiee_par").filter(pk=action.pk).first()
    if tenue is None:
        raise EntreeInvalide("Cette action a été retirée entre-temps.")
    return tenue


def _remplir(cible: ActionProjet, ecrite: ActionEcrite, lue: str | None) -> None:
    """Put what is written in the action, unless someone else wrote something else there since it was read."""
    avant, champs = action_en_mots(cible), dict(ecrite.__dict__)
    if ecrite.organisation:
        champs["attendue_par"] = ecrite.organisation.nom[:200]
    change = False
    for nom, valeur in champs.items():
        nette = valeur.strip() if isinstance(valeur, str) else valeur
        change |= getattr(cible, nom) != nette
        setattr(cible, nom, nette)
    if cible.pk and change and lue is not None and lue != cible.lecture:
        par = str(cible.modifiee_par) if cible.modifiee_par else ""
        raise EcritEntreTemps(Conflit(cible.lecture, "Action", avant, action_en_mots(cible), par))


@transaction.atomic
def retirer_action(acteur: Acteur, action: ActionProjet) -> None:
    """Remove an action from the project.

    Raises:
        ActionRefusee: no right, the axis is closed, or a remark on this action waits for an answer.
    """
    _exiger(acteur, action.dossier, {action.axe})
    if attend_une_reponse(action.dossier, cible_d_action(action.pk)):
        raise ActionRefusee("Répondez d'abord au commentaire du service sur cette action.")
    action.dossier.brouillons.filter(cible=cible_d_action(action.pk)).delete()
    journaliser(actes.ACTION_PROJET_RETIREE, action.dossier, auteur=acteur.auteur, avant={"action": action.intitule})
    action.delete()


@transaction.atomic
def ecrire_librement(
    acteur: Acteur, dossier: Dossier, textes: Mapping[str, Saisie], *, maintenant: datetime, confirmer: bool = True
) -> Enregistrement:
    """Write the free texts of the axes, all those sent at once; a text that someone else wrote meanwhile is kept.

    Args:
        textes: what is sent of each axis, and the version that was read.
        confirmer: a text taken from the year before and sent back as it is becomes confirmed.

    Raises:
        ActionRefusee: no right, or the file is filed and the service has not reopened the axis.
        EntreeInvalide: an axis of another scheme.
    """
    _exiger(acteur, dossier, textes)
    titres = {a.code: a.titre for a in referentiel.axes(dossier.cadre)}
    if set(textes) - set(titres):
        raise EntreeInvalide("Cet axe n'est pas celui de votre dispositif.")
    actuels = {p.axe: p for p in dossier.presentations.select_for_update(of=("self",)).select_related("modifiee_par")}
    resultat = Enregistrement()
    for axe, saisie in textes.items():
        libre = actuels.get(axe) or PresentationLibre(dossier=dossier, axe=axe, version=0)
        _ecrire_un_texte(acteur, libre, saisie, titres[axe], maintenant, confirmer, resultat)
    if resultat.ecrites:
        journaliser(actes.PRESENTATION, dossier, auteur=acteur.auteur, apres={"axes": sorted(resultat.ecrites)})
    return resultat


def _ecrire_un_texte(
    acteur: Acteur,
    libre: PresentationLibre,
    saisie: Saisie,
    titre: str,
    maintenant: datetime,
    confirmer: bool,
    resultat: Enregistrement,
) -> None:
    texte = saisie.texte.replace("\r\n", "\n").strip()
    if len(texte) > TEXTE_MAX:
        resultat.refusees[libre.axe] = f"Ce texte dépasse {nombre(TEXTE_MAX)} signes. Joignez plutôt un document."
        return
    change = libre.texte != texte
    if change and libre.version > saisie.version:
        par = str(libre.modifiee_par) if libre.modifiee_par else ""
        resultat.conflits.append(Conflit(libre.axe, titre, libre.texte, texte, par))
        return
    if not change and not (libre.a_confirmer and confirmer):
        return
    libre.texte, libre.version, libre.a_confirmer = texte, libre.version + 1, False
    libre.modifiee_le, libre.modifiee_par = maintenant, acteur.utilisateur
    libre.save()
    resultat.ecrites[libre.axe] = libre.version


@transaction.atomic
def confirmer_les_actions(acteur: Acteur, dossier: Dossier, cles: Collection[int]) -> int:
    """Confirm the actions taken from the year before that the person has in sight; return how many.

    Raises:
        ActionRefusee: no right, or the file is filed and the service has not reopened the axis.
    """
    ouverts = _exiger(acteur, dossier)
    reprises = dossier.actions.filter(pk__in=cles, a_confirmer=True, axe__in=ouverts)
    lues = sorted(reprises.values_list("pk", flat=True))
    if lues:
        reprises.update(a_confirmer=False)
        journaliser(actes.ACTION_PROJET, dossier, auteur=acteur.auteur, apres={"confirmees": lues})
    return len(lues)


def _exiger(acteur: Acteur, dossier: Dossier, axes: Collection[str] = ()) -> frozenset[str]:
    """Return the axes this person may change; refuse one asked for that is closed, or a project all closed."""
    policies.exiger(policies.refus_d_ecrire(acteur, dossier))
    dossier.convention.refresh_from_db(fields=["etat"])
    ouverts = axes_ouverts(dossier)
    if (set(axes) - ouverts and not dossier.en_redaction) or not (ouverts or actions_ouvertes(dossier)):
        raise ActionRefusee(FERME)
    return ouverts


def refus_d_ecrire_l_action(
    acteur: Acteur, dossier: Dossier, axe: str, action: ActionProjet | None = None
) -> str | None:
    """Say why the person may not add an action to an axis, or rewrite this one; None when they may.

    An action reopened by itself is rewritten where it is: it does not move to another axis.
    """
    if raison := policies.refus_d_ecrire(acteur, dossier):
        return raison
    dossier.convention.refresh_from_db(fields=["etat"])
    if dossier.en_redaction:
        return None
    if action is not None and action.axe == axe and action.pk in actions_ouvertes(dossier):
        return None
    demandes = {axe, action.axe} if action is not None else {axe}
    return FERME if demandes - axes_ouverts(dossier) else None
