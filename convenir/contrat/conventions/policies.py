"""Who may see and act on which convention; each refusal says why."""

from __future__ import annotations

from convenir.contrat.conventions.models import Convention, Partie, Signature
from convenir.contrat.conventions.models.convention import ConventionQuerySet
from convenir.contrat.conventions.states import Transition
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.comptes.roles import ROLES_ETAT, ROLES_STRUCTURE

HORS_PERIMETRE = "Cette convention n'est pas dans votre périmètre."


def voit_les_brouillons(acteur: Acteur) -> bool:
    """Tell whether the person sees what a structure has not filed yet: the structure and the State do."""
    return acteur.est_systeme or acteur.est_etat or acteur.role in ROLES_STRUCTURE


def conventions_visibles(acteur: Acteur) -> ConventionQuerySet:
    """Return the conventions a person may see: none without the capability."""
    if not acteur.peut(Capacite.VOIR_CONVENTIONS):
        return Convention.objects.none()
    return Convention.objects.visibles_par(acteur.perimetre, brouillons=voit_les_brouillons(acteur))


def refus(acteur: Acteur, convention: Convention, capacite: Capacite) -> str | None:
    """Say why a person may not do something on a convention; None when they may."""
    if raison := raison_du_refus(acteur, capacite):
        return raison
    if acteur.est_systeme or conventions_visibles(acteur).filter(pk=convention.pk).exists():
        return None
    return HORS_PERIMETRE


def refus_de_signature(acteur: Acteur, signature: Signature) -> str | None:
    """Say why a person may not record a signature: the service does for all, the others for their organisation."""
    if raison := raison_du_refus(acteur, Capacite.SIGNER_CONVENTION):
        return raison
    if acteur.est_systeme or acteur.peut(Capacite.INSTRUIRE_CONVENTION):
        return None
    du_sien = (
        acteur.role in ROLES_ETAT if signature.partie == Partie.ETAT else acteur.organisation == signature.organisation
    )
    return (
        None if du_sien else f"Seules les personnes de {signature.organisation} et le service instructeur le peuvent."
    )


def exiger(acteur: Acteur, convention: Convention, capacite: Capacite) -> None:
    """Stop a person who may not.

    Raises:
        ActionRefusee: with the reason.
    """
    if raison := refus(acteur, convention, capacite):
        raise ActionRefusee(raison)


def exiger_l_une(acteur: Acteur, convention: Convention, *capacites: Capacite) -> None:
    """Stop a person who holds none of these capabilities, or does not see the convention; the last says why.

    Raises:
        ActionRefusee: with the reason.
    """
    exiger(acteur, convention, next((c for c in capacites if acteur.peut(c)), capacites[-1]))


def exiger_transition(acteur: Acteur, convention: Convention, transition: Transition) -> None:
    """Stop a person who may not make this move; one without capability is made by the software alone.

    Raises:
        ActionRefusee: with the reason.
    """
    if transition.capacite is None and not acteur.est_systeme:
        raise ActionRefusee(f"« {transition.libelle} » se fait à sa date, sans que personne ne le demande.")
    if transition.capacite is not None:
        exiger(acteur, convention, transition.capacite)
