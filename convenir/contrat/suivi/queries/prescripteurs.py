"""What a prescriber commits to: its own commitments, and the conventions to which a mission locale may commit."""

from __future__ import annotations

from django.db.models import QuerySet

from convenir.contrat.conventions.models import Convention, Dispositif
from convenir.contrat.conventions.states import EN_VIGUEUR, EtatConvention
from convenir.contrat.suivi.models import Engagement
from convenir.socle.comptes.acteur import Acteur
from convenir.socle.comptes.roles import ROLES_ETAT, ROLES_STRUCTURE
from convenir.socle.organisations.models import MissionLocale

E = EtatConvention
OUVERTES = EN_VIGUEUR | {E.EN_NEGOCIATION, E.SOUMIS_AVIS, E.AVIS_RENDU, E.A_SIGNER, E.PARTIELLEMENT_SIGNE}


def refus_de_prescripteur(acteur: Acteur) -> str | None:
    """Say why a person has no commitments of a prescriber to read or to take: the State takes none. None otherwise."""
    if acteur.role not in ROLES_ETAT:
        return None
    return (
        "Cette page est celle d'un prescripteur : France Travail, mission locale, département, PLIE. Un service de "
        "l'État n'en est pas un. Il lit les engagements de chaque partie sur la page de suivi d'une convention, et "
        "les exporte tous depuis la liste du suivi."
    )


def conventions_a_prescrire(acteur: Acteur) -> QuerySet[Convention]:
    """Return the IAE conventions, negotiated or running, of the départements of a mission locale; none for others."""
    if acteur.organisation is None or acteur.role not in ROLES_STRUCTURE:
        return Convention.objects.none()
    siens = MissionLocale.objects.filter(organisation=acteur.organisation).values("departement")
    ouvertes = Convention.objects.filter(dispositif=Dispositif.IAE, departement__in=siens, etat__in=OUVERTES)
    return ouvertes.select_related("structure").order_by("structure__denomination", "debut", "pk")


def engagements_de(acteur: Acteur) -> QuerySet[Engagement]:
    """Return the commitments of the person's organisation, the latest year first."""
    if acteur.organisation is None or refus_de_prescripteur(acteur):
        return Engagement.objects.none()
    siens = Engagement.objects.filter(organisation=acteur.organisation)
    return siens.select_related("convention__structure", "organisation").order_by("-annee", "convention", "pk")
