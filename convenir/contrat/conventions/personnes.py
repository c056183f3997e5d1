"""Who is told and who is asked: the agent in charge of a convention, the people of a party."""

from __future__ import annotations

from django.utils import timezone

from convenir.contrat.conventions.models import Convention, Partie, Signature
from convenir.socle.comptes.models import Adhesion, Utilisateur
from convenir.socle.comptes.roles import ROLES_STRUCTURE, Role
from convenir.socle.organisations.models import Organisation, Structure
from convenir.socle.taches.notifications import Fait, prevenir, prevenir_la_personne

AGENTS = frozenset({Role.DEPARTEMENTAL, Role.REGIONAL})
SIGNATAIRES: dict[str, frozenset[Role]] = {
    Partie.STRUCTURE: frozenset({Role.DIRECTION_STRUCTURE}),
    Partie.FRANCE_TRAVAIL: frozenset({Role.FRANCE_TRAVAIL}),
    Partie.FINANCEUR: frozenset({Role.FINANCEUR}),
    Partie.ETAT: frozenset({Role.SIGNATAIRE}),
}


def charge(convention: Convention) -> Utilisateur | None:
    """Return the agent in charge: the referent, else the substitute; None when neither is in post at the service."""
    cles = [cle for cle in (convention.referent_id, convention.suppleant_id) if cle]
    if not cles:
        return None
    en_poste = Adhesion.objects.en_vigueur(timezone.localdate()).filter(
        organisation=convention.service_id, utilisateur__in=cles, utilisateur__est_actif=True
    )
    presents = {a.utilisateur_id: a.utilisateur for a in en_poste.select_related("utilisateur")}
    return next((presents[cle] for cle in cles if cle in presents), None)


def charge_pour(convention: Convention, organisation: Organisation) -> Utilisateur | None:
    """Return who is in charge within an organisation: known for the service alone, everyone elsewhere."""
    return charge(convention) if organisation.pk == convention.service_id else None


def prevenir_le_service(fait: Fait, convention: Convention, sauf: Utilisateur | None = None) -> int:
    """Tell the agent in charge, or every agent of the service when nobody is."""
    personne = charge(convention)
    if personne is None:
        return prevenir(fait, convention.service, AGENTS, sauf=sauf)
    return 0 if personne == sauf else prevenir_la_personne(fait, convention.service, personne)


def prevenir_la_structure(fait: Fait, convention: Convention, sauf: Utilisateur | None = None) -> int:
    """Tell the structure or the mission locale: its direction and those who work on its files."""
    if convention.organisation is None:
        return 0
    structure: Structure | None = convention.structure
    return prevenir(fait, convention.organisation, ROLES_STRUCTURE, structure=structure, sauf=sauf)


def prevenir_un_signataire(
    fait: Fait, convention: Convention, signature: Signature, sauf: Utilisateur | None = None
) -> int:
    """Tell those who sign for a party; the service when the State has no signatory in Convenir."""
    structure = convention.structure if signature.partie == Partie.STRUCTURE else None
    roles = SIGNATAIRES[signature.partie]
    dits = prevenir(fait, signature.organisation, roles, structure=structure, sauf=sauf)
    if not dits and signature.partie == Partie.ETAT:
        return prevenir_le_service(fait, convention, sauf)
    return dits
