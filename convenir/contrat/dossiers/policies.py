"""Who may read, write and instruct a file, and why not. The conventions decide; a funder reads its own projection."""

from __future__ import annotations

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.policies import conventions_visibles
from convenir.contrat.dossiers.models import Dossier, DossierQuerySet
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role

LISENT_TOUT = frozenset(
    {Role.NATIONAL, Role.REGIONAL, Role.DEPARTEMENTAL, Role.SIGNATAIRE, Role.FRANCE_TRAVAIL, *ROLES_STRUCTURE}
)


def dossiers_visibles(acteur: Acteur) -> DossierQuerySet:
    """Return the files a person may open: a funder, those that ask it for money; others, those they instruct or write.

    What a structure has not filed yet is read by that structure alone.
    """
    return _lisibles(acteur, Dossier.objects.filter(convention__in=conventions_visibles(acteur)))


def dossier_de(acteur: Acteur, convention: Convention) -> DossierQuerySet:
    """Return the file of a convention that the person sees already, if they may open it."""
    return _lisibles(acteur, Dossier.objects.filter(convention=convention))


def _lisibles(acteur: Acteur, visibles: DossierQuerySet) -> DossierQuerySet:
    if acteur.est_systeme:
        return visibles
    if acteur.role not in ROLES_STRUCTURE:
        visibles = visibles.filter(depose_le__isnull=False)
    if acteur.role == Role.FINANCEUR:
        return visibles.filter(financements__organisation=acteur.organisation).distinct()
    return visibles if acteur.role in LISENT_TOUT else visibles.none()


def lit_en_entier(acteur: Acteur) -> bool:
    """Tell whether the person reads the whole file, not the projection of one funder."""
    return acteur.est_systeme or acteur.role in LISENT_TOUT


def refus_d_ecrire(acteur: Acteur, dossier: Dossier) -> str | None:
    """Say why the person may not write in a file, or None."""
    if raison := raison_du_refus(acteur, Capacite.REDIGER_DEMANDE):
        return raison
    if not dossiers_visibles(acteur).filter(pk=dossier.pk).exists():
        return "Ce dossier n'est pas celui de votre structure."
    return None


def refus_de_deposer(acteur: Acteur) -> str | None:
    """Say why the person may not file: the direction answers for the structure, its collaborators prepare."""
    if raison_du_refus(acteur, Capacite.DEPOSER_DEMANDE) is None:
        return None
    return "La direction de la structure dépose le dossier. Vous pouvez le préparer ; demandez-lui de le déposer."


def refus_d_instruire(acteur: Acteur, dossier: Dossier) -> str | None:
    """Say why the person may not instruct a file, or None."""
    if raison := raison_du_refus(acteur, Capacite.INSTRUIRE_CONVENTION):
        return raison
    if not dossiers_visibles(acteur).filter(pk=dossier.pk).exists():
        return "Ce dossier n'est pas dans votre périmètre."
    return None


def exiger(raison: str | None) -> None:
    """Stop on a reason.

    Raises:
        ActionRefusee: with that reason.
    """
    if raison:
        raise ActionRefusee(raison)
