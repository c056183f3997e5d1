"""Who sees which objectives, who may speak on them and for whom; each refusal says why."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from convenir.contrat.conventions.models import Convention
from convenir.contrat.conventions.models.convention import ConventionQuerySet, Dispositif
from convenir.contrat.conventions.policies import HORS_PERIMETRE, voit_les_brouillons
from convenir.contrat.conventions.states import EN_SUSPENS, EN_VIGUEUR, INSTRUITS, EtatVersion
from convenir.contrat.objectifs.models import Objectif
from convenir.contrat.objectifs.states import Partie
from convenir.socle.commun.erreurs import ActionRefusee
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite, raison_du_refus
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Nature, Organisation

PARTIES: dict[Role, Partie] = {
    Role.DEPARTEMENTAL: Partie.ETAT,
    Role.DIRECTION_STRUCTURE: Partie.STRUCTURE,
    Role.FRANCE_TRAVAIL: Partie.FRANCE_TRAVAIL,
    Role.FINANCEUR: Partie.FINANCEUR,
}
# A negotiation is open from the filing to the request for an opinion, then while the convention runs.
NEGOCIABLES = INSTRUITS | EN_VIGUEUR


def partie_de(acteur: Acteur) -> Partie | None:
    """Return the party a person speaks for, or None when they only read."""
    return PARTIES.get(acteur.role) if acteur.role is not None else None


def conventions_lisibles(acteur: Acteur) -> ConventionQuerySet:
    """Return the conventions whose objectives a person may read, applied in the query.

    A member of the commission who runs a competing structure reads their own alone (décisions, § 1); whoever does
    not see the missions locales does not see their CPO.
    """
    if not acteur.peut(Capacite.VOIR_OBJECTIFS):
        return Convention.objects.none()
    lisibles = Convention.objects.visibles_par(acteur.perimetre, brouillons=voit_les_brouillons(acteur))
    if not acteur.peut(Capacite.VOIR_MISSIONS_LOCALES):
        lisibles = lisibles.exclude(dispositif=Dispositif.ML)
    if acteur.role == Role.MEMBRE_CDIAE and acteur.organisation and acteur.organisation.nature == Nature.SIAE_PORTEUR:
        lisibles = lisibles.filter(structure__porteur=acteur.organisation)
    if acteur.role == Role.FINANCEUR:
        lisibles = lisibles.filter(objectifs__attendu_par=acteur.organisation).distinct()
    return lisibles


def lit_les_objectifs(acteur: Acteur, convention: Convention) -> bool:
    """Tell whether a person who sees a convention reads its objectives."""
    if acteur.role in {Role.MEMBRE_CDIAE, Role.FINANCEUR}:
        return conventions_lisibles(acteur).filter(pk=convention.pk).exists()
    missions = convention.dispositif != Dispositif.ML or acteur.peut(Capacite.VOIR_MISSIONS_LOCALES)
    return acteur.peut(Capacite.VOIR_OBJECTIFS) and missions


def objectifs_lisibles(acteur: Acteur) -> QuerySet[Objectif]:
    """Return the objectives a person may read; another funder reads those it expects."""
    lisibles = Objectif.objects.filter(convention__in=conventions_lisibles(acteur).values("pk"))
    if acteur.role == Role.FINANCEUR:
        lisibles = lisibles.filter(attendu_par=acteur.organisation)
    return lisibles


def refus_de_negocier(acteur: Acteur, convention: Convention, annee: int) -> str | None:
    """Say why a person may not move the objectives of a year, or None."""
    raison = raison_du_refus(acteur, Capacite.NEGOCIER_OBJECTIFS)
    if raison or acteur.est_systeme:
        return raison
    if not conventions_lisibles(acteur).filter(pk=convention.pk).exists():
        return HORS_PERIMETRE
    return objectifs_figes(convention, annee)


def objectifs_figes(convention: Convention, annee: int) -> str | None:
    """Say why the objectives of a year can no longer move, whoever asks, or None (one query)."""
    if convention.etat not in NEGOCIABLES:
        return f"La convention est « {convention.get_etat_display().lower()} » : ses objectifs ne se négocient pas."
    versions = list(convention.versions.order_by("rang"))
    en_suspens = next((v for v in versions if v.etat in EN_SUSPENS), None)
    if en_suspens is not None and not en_suspens.modifiable:
        return (
            f"{en_suspens.libelle} est « {en_suspens.get_etat_display().lower()} » : reprenez la négociation de la "
            "convention pour changer ses objectifs."
        )
    a_l_avenant = en_suspens is not None and en_suspens.effet.year == annee
    if not a_l_avenant and any(
        v.etat == EtatVersion.SIGNEE and v.clauses_fin is not None and v.clauses_fin > date(annee, 1, 1)
        for v in versions
    ):
        return f"Les objectifs {annee} sont signés : préparez un avenant {annee} pour les changer."
    return None


def refus_de_donner_avis(acteur: Acteur, objectif: Objectif) -> str | None:
    """Say why a person may not give the view of their organisation, or None."""
    if raison := raison_du_refus(acteur, Capacite.DONNER_AVIS_OBJECTIFS):
        return raison
    return None if objectifs_lisibles(acteur).filter(pk=objectif.pk).exists() else HORS_PERIMETRE


def exiger(refus: str | None) -> None:
    """Stop on a refusal.

    Raises:
        ActionRefusee: with the reason.
    """
    if refus:
        raise ActionRefusee(refus)


def interlocuteur(convention: Convention, partie: str) -> tuple[Organisation | None, frozenset[Role]]:
    """Return the organisation and the roles told what concerns a negotiating party."""
    if partie == Partie.ETAT:
        return convention.service, frozenset({Role.DEPARTEMENTAL})
    return convention.organisation, frozenset({Role.DIRECTION_STRUCTURE, Role.COLLABORATION_STRUCTURE})
