"""Who may give or end which role, in which organisation; each answer says why not."""

from __future__ import annotations

from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.capacites import Capacite
from convenir.socle.comptes.models import Adhesion, Invitation
from convenir.socle.comptes.roles import Role
from convenir.socle.organisations.models import Nature, NiveauTerritorial, Organisation

ROLES_DU_SERVICE: dict[str, tuple[Role, ...]] = {
    NiveauTerritorial.NATIONAL: (Role.NATIONAL, Role.DONNEES_NATIONALES),
    NiveauTerritorial.REGIONAL: (Role.REGIONAL, Role.SIGNATAIRE),
    NiveauTerritorial.DEPARTEMENTAL: (Role.DEPARTEMENTAL, Role.SIGNATAIRE),
}
ROLES_PAR_NATURE: dict[str, tuple[Role, ...]] = {
    Nature.SIAE_PORTEUR: (Role.DIRECTION_STRUCTURE, Role.COLLABORATION_STRUCTURE, Role.MEMBRE_CDIAE),
    Nature.MISSION_LOCALE: (Role.DIRECTION_STRUCTURE, Role.COLLABORATION_STRUCTURE),
    Nature.FRANCE_TRAVAIL: (Role.FRANCE_TRAVAIL, Role.MEMBRE_CDIAE),
    Nature.COLLECTIVITE: (Role.FINANCEUR, Role.MEMBRE_CDIAE),
    Nature.RESEAU: (Role.RESEAU, Role.MEMBRE_CDIAE, Role.ANIMATION_REGIONALE),
    Nature.PLATEFORME: (Role.ADMINISTRATION, Role.DONNEES_NATIONALES),
}
# Ils ouvrent plus que ce que voit l'organisation : seule l'administration de la plateforme les donne.
ROLES_RESERVES = frozenset({Role.ADMINISTRATION, Role.DONNEES_NATIONALES, Role.MEMBRE_CDIAE, Role.ANIMATION_REGIONALE})


def roles_possibles(organisation: Organisation) -> list[Role]:
    """Return the roles that make sense in an organisation, whoever gives them."""
    if organisation.nature == Nature.SERVICE_ETAT:
        # Outre-mer, un seul service régional agit aussi pour son département.
        des_deux_niveaux = organisation.niveau == NiveauTerritorial.REGIONAL and organisation.departement_id
        departementaux = [Role.DEPARTEMENTAL] if des_deux_niveaux else []
        return [*ROLES_DU_SERVICE.get(organisation.niveau, ()), *departementaux]
    return list(ROLES_PAR_NATURE.get(organisation.nature, ()))


def gere_tout(acteur: Acteur) -> bool:
    """Tell whether the person acts on the accounts of every organisation."""
    return acteur.peut(Capacite.GERER_COMPTES)


def roles_proposables(acteur: Acteur, organisation: Organisation) -> list[Role]:
    """Return the roles this person may give in an organisation: everywhere, in their own, or none."""
    if gere_tout(acteur):
        return roles_possibles(organisation)
    if not acteur.peut(Capacite.INVITER) or acteur.organisation != organisation:
        return []
    return [role for role in roles_possibles(organisation) if role not in ROLES_RESERVES]


def refus_d_inviter(acteur: Acteur, organisation: Organisation, role: str) -> str | None:
    """Say why this person may not give this role there, or None."""
    if role in roles_proposables(acteur, organisation):
        return None
    libelle = Role(role).label
    if role not in roles_possibles(organisation):
        return f"Le rôle « {libelle} » ne se tient pas dans {organisation}."
    if not gere_tout(acteur) and acteur.organisation != organisation:
        return f"Vous invitez dans votre organisation seulement, pas dans {organisation}."
    return f"Le rôle « {libelle} » se demande à l'administration de la plateforme."


def refus_de_terminer(acteur: Acteur, adhesion: Adhesion) -> str | None:
    """Say why this person may not end a membership, or None; whoever gives a role may take it back."""
    if adhesion.fin is not None:
        return "Cette adhésion est déjà terminée."
    if acteur.utilisateur is not None and adhesion.utilisateur_id == acteur.utilisateur.pk:
        return "Vous ne pouvez pas terminer votre propre adhésion. Demandez-le à une autre personne habilitée."
    if adhesion.role in roles_proposables(acteur, adhesion.organisation):
        return None
    return f"Vous ne pouvez pas terminer l'adhésion « {adhesion} ». Demandez-le à l'administration de la plateforme."


def refus_d_annuler(acteur: Acteur, invitation: Invitation) -> str | None:
    """Say why this person may not cancel an invitation, or None."""
    return refus_d_inviter(acteur, invitation.organisation, invitation.role)
