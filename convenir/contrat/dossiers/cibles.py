"""What a remark may be about: a question, an axis of the project or one action, the plan or the line of a funder."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from convenir.contrat.dossiers import referentiel
from convenir.contrat.dossiers.models import ActionProjet, Dossier, Financement, PresentationLibre
from convenir.contrat.dossiers.propositions import action_en_mots
from convenir.socle.commun.francais import nombre

# Les parties du dossier qui ne sont pas des sections ; une cible se code « partie.détail », comme une question.
PROJET, FINANCEMENTS = "projet", "financements"
PREFIXE_D_ACTION = f"{PROJET}.action."
PLAN = f"{FINANCEMENTS}.plan"
QUESTION, AXE, ACTION, LIGNE = "question", "axe", "action", "ligne"


def cible_d_axe(axe: str) -> str:
    """Return the code of an axis of the project."""
    return f"{PROJET}.{axe}"


def cible_d_action(cle: int) -> str:
    """Return the code of one action of the project."""
    return f"{PREFIXE_D_ACTION}{cle}"


def cible_de_ligne(cle: int) -> str:
    """Return the code of the line of a funder."""
    return f"{FINANCEMENTS}.{cle}"


def genre(cible: str) -> str:
    """Return what kind of thing a code names; the plan is its own kind."""
    if cible == PLAN:
        return PLAN
    if cible.startswith(PREFIXE_D_ACTION):
        return ACTION
    return {PROJET: AXE, FINANCEMENTS: LIGNE}.get(cible.partition(".")[0], QUESTION)


def action_visee(dossier: Dossier, cible: str) -> ActionProjet | None:
    """Return the action a code names, if the file holds it."""
    cle = cible.removeprefix(PREFIXE_D_ACTION)
    return dossier.actions.filter(pk=cle).first() if cle.isdecimal() else None


def libelle(dossier: Dossier, cible: str) -> str | None:
    """Name what a remark is about; None when the file holds nothing of the kind."""
    partie, _, detail = cible.partition(".")
    if cible == PLAN:
        return "Plan de financement"
    if genre(cible) == ACTION:
        action = action_visee(dossier, cible)
        return f"Action : {action.intitule}" if action else None
    if partie == PROJET:
        return next((a.titre for a in referentiel.axes(dossier.cadre) if a.code == detail), None)
    if partie == FINANCEMENTS:
        nom = (
            dossier.financements.filter(pk=detail).values_list("nom", flat=True).first()
            if detail.isdecimal()
            else None
        )
        return f"Financement demandé : {nom}" if nom else None
    champ = dossier.champs.get(cible)
    return champ.libelle if champ else None


def texte_actuel(dossier: Dossier, cible: str) -> str:
    """Return what the structure has written there, as a remark keeps it."""
    partie, _, detail = cible.partition(".")
    if cible == PLAN:
        return texte_du_plan(dossier.financements.all())
    if genre(cible) == ACTION:
        action = action_visee(dossier, cible)
        return action_en_mots(action) if action else ""
    if partie == PROJET:
        libre = dossier.presentations.filter(axe=detail).first()
        return texte_d_axe(libre, dossier.actions.filter(axe=detail))
    if partie == FINANCEMENTS:
        return texte_de_ligne(dossier.financements.get(pk=detail))
    return dossier.reponses.filter(champ=cible).values_list("valeur", flat=True).first() or ""


def texte_d_axe(libre: PresentationLibre | None, ecrites: Iterable[ActionProjet]) -> str:
    """Write an axis as one text: what is said freely, then a line by action."""
    lignes = [libre.texte if libre else "", *(action_en_mots(a) for a in ecrites)]
    return "\n".join(ligne for ligne in lignes if ligne)


def texte_de_ligne(ligne: Financement) -> str:
    """Write what is asked of a funder: both amounts, then what they pay."""
    montants = f"Missions de base : {nombre(ligne.base, 2)} € ; efforts particuliers : {nombre(ligne.efforts, 2)} €"
    return f"{montants}\n{ligne.objet}" if ligne.objet else montants


def texte_du_plan(lignes: Iterable[Financement]) -> str:
    """Write the whole plan: each funder and what is asked of it."""
    return "\n".join(f"{ligne.nom} : {texte_de_ligne(ligne)}" for ligne in lignes)


def adresse(dossier: Dossier, cible: str) -> str:
    """Return the page where a remark is read, at the place it is about."""
    partie, _, detail = cible.partition(".")
    reference = dossier.convention.reference
    if partie == PROJET:
        return reverse("dossiers:projet", args=[reference]) + f"#{detail.replace('.', '-')}"
    if partie == FINANCEMENTS:
        return reverse("dossiers:financements", args=[reference])
    connue = partie in {s.code for s in dossier.sections}
    return reverse("dossiers:section", args=[reference, partie]) if connue else dossier.get_absolute_url()
